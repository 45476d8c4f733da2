-- One piece of work that a user or a schedule asked for.
CREATE TABLE operation (
  id             uuid PRIMARY KEY,
  kind           text NOT NULL
                 CHECK (kind IN ('sync_databases', 'sync_database_sizes', 'sync_all', 'test_connection')),
  instance_id    bigint NOT NULL REFERENCES instance (id),
  status         text NOT NULL
                 CHECK (status IN ('queued', 'running', 'succeeded', 'completed_with_errors', 'held', 'failed', 'expired')),
  requested_by   text NOT NULL,
  run_id         uuid,
  created_at     timestamptz NOT NULL,
  started_at     timestamptz,
  finished_at    timestamptz,
  expires_at     timestamptz NOT NULL,
  -- Sums over the scans, kept here so that lists need no join.
  progress_done  integer NOT NULL DEFAULT 0,
  progress_total integer NOT NULL DEFAULT 0,
  result         jsonb,
  failure        jsonb
);

-- Decides a race of two requests: the second joins the operation of the first.
CREATE UNIQUE INDEX operation_one_under_way ON operation (instance_id, kind)
  WHERE status IN ('queued', 'running');
CREATE INDEX operation_expiring ON operation (expires_at) WHERE status IN ('queued', 'running');
CREATE INDEX operation_newest ON operation (created_at DESC, id DESC);
CREATE INDEX operation_newest_of_instance ON operation (instance_id, created_at DESC, id DESC);
CREATE INDEX operation_of_run ON operation (run_id) WHERE run_id IS NOT NULL;

-- One look at an instance; an operation consists of one or two.
CREATE TABLE scan (
  id           uuid PRIMARY KEY,
  operation_id uuid NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
  instance_id  bigint NOT NULL REFERENCES instance (id),
  -- Rises within the instance over all kinds of scans.
  number       bigint NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('databases', 'sizes', 'connection')),
  status       text NOT NULL
               CHECK (status IN ('queued', 'running', 'succeeded', 'completed_with_errors', 'held', 'failed', 'expired')),
  done         integer NOT NULL DEFAULT 0,
  total        integer NOT NULL DEFAULT 0,
  result       jsonb,
  failure      jsonb,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  UNIQUE (instance_id, number)
);
CREATE INDEX scan_of_operation ON scan (operation_id);
CREATE INDEX scan_held ON scan (instance_id) WHERE status = 'held';

-- A worker's try at a scan. A command may be delivered twice, so there may be several; what they found is never mixed.
CREATE TABLE scan_attempt (
  scan_id      uuid NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
  attempted_at timestamptz NOT NULL,
  -- What its parts came to so far.
  result       jsonb,
  PRIMARY KEY (scan_id, attempted_at)
);


-- Which numbered parts of a scan's result have arrived.
CREATE TABLE scan_part (
  scan_id      uuid NOT NULL,
  attempted_at timestamptz NOT NULL,
  number       integer NOT NULL,
  last         boolean NOT NULL,
  PRIMARY KEY (scan_id, attempted_at, number),
  FOREIGN KEY (scan_id, attempted_at) REFERENCES scan_attempt (scan_id, attempted_at) ON DELETE CASCADE
);

-- One row an instance: the lock that everything about its scans takes first, and their counters.
CREATE TABLE instance_scan (
  instance_id        bigint PRIMARY KEY REFERENCES instance (id),
  last_number        bigint NOT NULL DEFAULT 0,
  -- Highest scan of each kind that was applied or held; a result at or below it is old.
  decided_databases  bigint NOT NULL DEFAULT 0,
  decided_sizes      bigint NOT NULL DEFAULT 0,
  decided_connection bigint NOT NULL DEFAULT 0
);

GRANT SELECT, INSERT, UPDATE, DELETE ON operation, scan, scan_attempt, scan_part, instance_scan TO cadastre_gateway;
GRANT SELECT ON operation, scan, scan_attempt, scan_part, instance_scan TO cadastre_reader;
