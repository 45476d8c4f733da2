CREATE TABLE schedule (
  job             text PRIMARY KEY CHECK (job IN ('databases', 'sizes')),
  cron            text NOT NULL,
  time_zone       text NOT NULL,
  spread_minutes  integer NOT NULL CHECK (spread_minutes BETWEEN 0 AND 1440),
  parallel        integer NOT NULL CHECK (parallel BETWEEN 1 AND 1000),
  enabled         boolean NOT NULL,
  version         bigint NOT NULL DEFAULT 1,
  updated_at      timestamptz NOT NULL DEFAULT now(),
  -- Firings up to this moment are done with: fired, caught up by a later one, or of the time before the last change.
  handled_through timestamptz NOT NULL DEFAULT now()
);

INSERT INTO schedule (job, cron, time_zone, spread_minutes, parallel, enabled) VALUES
  ('databases', '0 3 * * *', 'UTC', 30, 16, true),
  ('sizes', '0 4 * * *', 'UTC', 30, 16, true);

CREATE TABLE run (
  id           uuid PRIMARY KEY,
  job          text NOT NULL REFERENCES schedule (job),
  trigger      text NOT NULL CHECK (trigger IN ('schedule', 'manual')),
  -- The time the cron line names; of a manual run, when it was asked for.
  fire_time    timestamptz NOT NULL,
  -- Earlier firings it stands for, missed while no gateway ran or the run before was still under way.
  missed       integer NOT NULL DEFAULT 0,
  requested_by text NOT NULL,
  parallel     integer NOT NULL,
  status       text NOT NULL CHECK (status IN ('running', 'succeeded', 'completed_with_errors', 'failed')),
  started_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  CHECK ((status = 'running') = (finished_at IS NULL))
);
-- However many gateways look, a firing happens once, and runs of a job do not overlap.
CREATE UNIQUE INDEX run_once_a_firing ON run (job, fire_time) WHERE trigger = 'schedule';
CREATE UNIQUE INDEX run_one_under_way ON run (job) WHERE status = 'running';
CREATE INDEX run_newest ON run (started_at DESC, id DESC);

-- What became of each instance in a run.
CREATE TABLE run_item (
  run_id          uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  instance_id     bigint NOT NULL REFERENCES instance (id),
  planned_at      timestamptz NOT NULL,
  status          text NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'completed_with_errors', 'held',
                                                  'failed', 'expired', 'skipped')),
  operation_id    uuid,
  failure_code    text,
  failure_message text,
  started_at      timestamptz,
  finished_at     timestamptz,
  PRIMARY KEY (run_id, instance_id)
);
CREATE INDEX run_item_to_start ON run_item (run_id, planned_at) WHERE status = 'pending';
CREATE INDEX run_item_of_operation ON run_item (operation_id) WHERE operation_id IS NOT NULL;

GRANT SELECT, UPDATE ON schedule TO cadastre_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON run, run_item TO cadastre_gateway;
GRANT SELECT ON schedule, run, run_item TO cadastre_reader;
