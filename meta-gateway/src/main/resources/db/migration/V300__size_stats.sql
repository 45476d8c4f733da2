-- What databases and instances measured, every sample kept until its month is dropped. The two sample tables and the two
-- tables of aggregates are cut by month, in UTC. Bulk tables carry no reference to instance: a check for every row would
-- cost more than the row, and an instance's row is never deleted.

CREATE TABLE database_size_stats (
  instance_id   bigint NOT NULL,
  database_name text COLLATE "C" NOT NULL,
  -- When its scan began: one moment for all databases of a scan.
  collected_at  timestamptz NOT NULL,
  scan_id       uuid NOT NULL,
  size_bytes    bigint NOT NULL CHECK (size_bytes >= 0),
  data_bytes    bigint,
  index_bytes   bigint,
  free_bytes    bigint,
  estimate      boolean NOT NULL,
  method        text NOT NULL,
  PRIMARY KEY (instance_id, database_name, collected_at)
) PARTITION BY RANGE (collected_at);

CREATE TABLE instance_size_stats (
  instance_id      bigint NOT NULL,
  collected_at     timestamptz NOT NULL,
  scan_id          uuid NOT NULL,
  -- Measured now, plus for databases that could not be measured what they had when last measured.
  total_size_bytes bigint NOT NULL CHECK (total_size_bytes >= 0),
  carried_bytes    bigint NOT NULL DEFAULT 0,
  database_count   integer NOT NULL,
  failed_count     integer NOT NULL,
  estimate         boolean NOT NULL,
  PRIMARY KEY (instance_id, collected_at)
) PARTITION BY RANGE (collected_at);

-- The last measurement of each database, and why the last attempt failed if it did.
CREATE TABLE database_latest_size (
  instance_id     bigint NOT NULL,
  database_name   text COLLATE "C" NOT NULL,
  scan_number     bigint NOT NULL,
  measured_at     timestamptz,
  size_bytes      bigint,
  data_bytes      bigint,
  index_bytes     bigint,
  free_bytes      bigint,
  estimate        boolean NOT NULL DEFAULT false,
  failed_at       timestamptz,
  failure_code    text,
  failure_message text,
  PRIMARY KEY (instance_id, database_name),
  CHECK ((measured_at IS NULL) = (size_bytes IS NULL)),
  CHECK ((failed_at IS NULL) = (failure_code IS NULL))
) WITH (fillfactor = 50); -- every scan rewrites every row of its instance, on the same page

-- Days and longer periods, in the time zone of cadastre.size.time-zone. Averages are of samples, so a day with more of
-- them weighs more in its week.
CREATE TABLE database_size_aggregates (
  instance_id       bigint NOT NULL,
  database_name     text COLLATE "C" NOT NULL,
  period            text NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly')),
  period_start      date NOT NULL,
  sample_count      integer NOT NULL,
  sum_bytes         numeric NOT NULL,
  avg_bytes         bigint GENERATED ALWAYS AS (round(sum_bytes / sample_count)) STORED,
  min_bytes         bigint NOT NULL,
  max_bytes         bigint NOT NULL,
  last_bytes        bigint NOT NULL,
  last_collected_at timestamptz NOT NULL,
  PRIMARY KEY (instance_id, database_name, period, period_start)
) PARTITION BY RANGE (period_start);

CREATE TABLE instance_size_aggregates (
  instance_id         bigint NOT NULL,
  period              text NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly')),
  period_start        date NOT NULL,
  sample_count        integer NOT NULL,
  sum_bytes           numeric NOT NULL,
  avg_bytes           bigint GENERATED ALWAYS AS (round(sum_bytes / sample_count)) STORED,
  min_bytes           bigint NOT NULL,
  max_bytes           bigint NOT NULL,
  last_bytes          bigint NOT NULL,
  last_database_count integer NOT NULL,
  last_collected_at   timestamptz NOT NULL,
  PRIMARY KEY (instance_id, period, period_start)
) PARTITION BY RANGE (period_start);

-- Days with new samples, whose aggregates and those of their week and month are to be computed anew.
CREATE TABLE size_touched_day (
  instance_id bigint NOT NULL,
  day         date NOT NULL,
  PRIMARY KEY (instance_id, day)
);

CREATE FUNCTION start_of_previous_period(period text, period_start date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (period_start - CASE period WHEN 'daily' THEN interval '1 day' WHEN 'weekly' THEN interval '7 days'
                                   ELSE interval '1 month' END)::date;

-- Change compares what a period closed with to what the period right before it closed with. That one is over and complete
-- whenever this one has begun, so like is compared with like; where it has no sample there is no change to tell.
CREATE VIEW database_size_changes AS
SELECT a.instance_id, a.database_name, a.period, a.period_start, a.sample_count, a.avg_bytes, a.min_bytes, a.max_bytes,
       a.last_bytes, a.last_collected_at,
       a.last_bytes - b.last_bytes AS change_bytes,
       round(100.0 * (a.last_bytes - b.last_bytes) / nullif(b.last_bytes, 0), 2) AS change_percent
FROM database_size_aggregates a
LEFT JOIN database_size_aggregates b
  ON b.instance_id = a.instance_id AND b.database_name = a.database_name AND b.period = a.period
 AND b.period_start = start_of_previous_period(a.period, a.period_start);

CREATE VIEW instance_size_changes AS
SELECT a.instance_id, a.period, a.period_start, a.sample_count, a.avg_bytes, a.min_bytes, a.max_bytes,
       a.last_bytes, a.last_database_count, a.last_collected_at,
       a.last_bytes - b.last_bytes AS change_bytes,
       round(100.0 * (a.last_bytes - b.last_bytes) / nullif(b.last_bytes, 0), 2) AS change_percent
FROM instance_size_aggregates a
LEFT JOIN instance_size_aggregates b
  ON b.instance_id = a.instance_id AND b.period = a.period
 AND b.period_start = start_of_previous_period(a.period, a.period_start);

GRANT SELECT, INSERT ON database_size_stats, instance_size_stats TO cadastre_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON database_latest_size, database_size_aggregates, instance_size_aggregates, size_touched_day TO cadastre_gateway;
GRANT SELECT ON database_size_changes, instance_size_changes TO cadastre_gateway;
GRANT SELECT ON database_size_stats, instance_size_stats, database_latest_size, database_size_aggregates,
  instance_size_aggregates, size_touched_day, database_size_changes, instance_size_changes TO cadastre_reader;
