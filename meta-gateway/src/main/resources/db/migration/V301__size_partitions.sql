-- The gateway may not create or drop tables; these two functions do exactly what it needs, as their owner.

-- Makes the partitions of all months from the one that holds first_day to the one that holds last_day, where they are
-- missing. Cheap where none is. A partition is attached, not created in place: that waits for no writer and no reader.
CREATE FUNCTION ensure_size_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cadastre, pg_temp AS $$
DECLARE
  month date := date_trunc('month', first_day::timestamp)::date;
  parent text;
  bound text;
  partition text;
  made integer := 0;
BEGIN
  IF last_day > month + 366 * 2 THEN
    RAISE EXCEPTION 'last_day: % (allowed: at most two years after %)', last_day, first_day;
  END IF;
  WHILE month <= last_day LOOP
    FOREACH parent IN ARRAY ARRAY['database_size_stats', 'instance_size_stats',
                                  'database_size_aggregates', 'instance_size_aggregates'] LOOP
      partition := parent || to_char(month, '"_"YYYY"_"MM');
      IF to_regclass(partition) IS NULL THEN
        -- One at a time; whoever waited sees the other's table. Ends with the transaction.
        PERFORM pg_advisory_xact_lock(hashtextextended('cadastre.ensure_size_partitions', 0));
        IF to_regclass(partition) IS NULL THEN
          -- Both forms are the month's first moment in UTC, whatever the session's time zone is.
          bound := CASE WHEN parent LIKE '%stats' THEN '%s 00:00:00+00' ELSE '%s' END;
          EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
          EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition,
                         format(bound, month), format(bound, (month + interval '1 month')::date));
          made := made + 1;
        END IF;
      END IF;
    END LOOP;
    month := (month + interval '1 month')::date;
  END LOOP;
  RETURN made;
END $$;

-- Drops the partitions that lie wholly before the given days, never that of the current month or a later one.
CREATE FUNCTION drop_size_partitions(samples_before date, aggregates_before date) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cadastre, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  this_month date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
  old record;
BEGIN
  FOR old IN
    SELECT c.relname AS partition
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    JOIN pg_class p ON p.oid = i.inhparent
    JOIN pg_namespace n ON n.oid = p.relnamespace AND n.nspname = 'cadastre'
    WHERE p.relname IN ('database_size_stats', 'instance_size_stats',
                        'database_size_aggregates', 'instance_size_aggregates')
      AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month'
          <= least(this_month, CASE WHEN p.relname LIKE '%stats' THEN samples_before ELSE aggregates_before END)
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE %I', old.partition);
    RETURN NEXT old.partition;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION ensure_size_partitions(date, date), drop_size_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_size_partitions(date, date), drop_size_partitions(date, date) TO cadastre_gateway;
