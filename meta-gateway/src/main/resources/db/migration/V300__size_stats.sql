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

-- The last complete measurement of each instance. What its databases measured then is what lists show, so it need not be
-- written a second time.
CREATE TABLE latest_size_scan (
  instance_id  bigint PRIMARY KEY REFERENCES instance (id),
  scan_number  bigint NOT NULL,
  collected_at timestamptz NOT NULL
);

-- Databases that a measurement could not measure, with what they had before; gone once a later measurement is complete.
CREATE TABLE database_size_failure (
  instance_id     bigint NOT NULL,
  database_name   text COLLATE "C" NOT NULL,
  collected_at    timestamptz NOT NULL,
  failure_code    text NOT NULL,
  failure_message text NOT NULL,
  measured_at     timestamptz,
  size_bytes      bigint,
  data_bytes      bigint,
  index_bytes     bigint,
  free_bytes      bigint,
  estimate        boolean,
  PRIMARY KEY (instance_id, database_name, collected_at)
);

-- What each database measured last, and why the last attempt failed if it did.
CREATE VIEW database_latest_size AS
SELECT s.instance_id, s.database_name, s.collected_at AS measured_at, s.size_bytes, s.data_bytes, s.index_bytes,
       s.free_bytes, s.estimate, NULL::timestamptz AS failed_at, NULL::text AS failure_code, NULL::text AS failure_message
FROM latest_size_scan l
JOIN database_size_stats s ON s.instance_id = l.instance_id AND s.collected_at = l.collected_at
UNION ALL
SELECT f.instance_id, f.database_name, f.measured_at, f.size_bytes, f.data_bytes, f.index_bytes,
       f.free_bytes, f.estimate, f.collected_at, f.failure_code, f.failure_message
FROM latest_size_scan l
JOIN database_size_failure f ON f.instance_id = l.instance_id AND f.collected_at = l.collected_at;

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
  ON latest_size_scan, database_size_failure, database_size_aggregates, instance_size_aggregates, size_touched_day
  TO cadastre_gateway;
GRANT SELECT ON database_latest_size, database_size_changes, instance_size_changes TO cadastre_gateway;
GRANT SELECT ON database_size_stats, instance_size_stats, latest_size_scan, database_size_failure, database_latest_size,
  database_size_aggregates, instance_size_aggregates, size_touched_day, database_size_changes, instance_size_changes
  TO cadastre_reader;
