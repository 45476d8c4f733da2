-- The databases of every instance, also those that are gone or not wanted. A row lives as long as its instance.
CREATE TABLE instance_databases (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance_id        bigint NOT NULL REFERENCES instance (id),
  name               text COLLATE "C" NOT NULL,
  -- Belongs to the server itself, as mysql and postgres do.
  system             boolean NOT NULL,
  -- Left out by the instance's name patterns.
  filtered           boolean NOT NULL,
  owner              text,
  encoding           text,
  character_set      text,
  collation_name     text,
  tablespace         text,
  template           boolean,
  allows_connections boolean,
  first_seen_at      timestamptz NOT NULL,
  last_seen_at       timestamptz NOT NULL,
  deleted_at         timestamptz,
  reactivated_at     timestamptz,
  state              text GENERATED ALWAYS AS
                     (CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN filtered THEN 'filtered' ELSE 'active' END) STORED,
  UNIQUE (instance_id, name)
) WITH (fillfactor = 70); -- every scan touches every row of its instance; room for that on the same page
CREATE INDEX instance_databases_by_state ON instance_databases (instance_id, state, name);

-- What a scan listed, until all of its parts are in and it is applied.
CREATE TABLE scan_database (
  scan_id            uuid NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
  attempted_at       timestamptz NOT NULL,
  name               text COLLATE "C" NOT NULL,
  system             boolean NOT NULL,
  owner              text,
  encoding           text,
  character_set      text,
  collation_name     text,
  tablespace         text,
  template           boolean,
  allows_connections boolean,
  PRIMARY KEY (scan_id, attempted_at, name)
);

-- Scans that would have marked too much as deleted, and what was decided about them.
CREATE TABLE held_scan (
  scan_id        uuid PRIMARY KEY REFERENCES scan (id) ON DELETE CASCADE,
  instance_id    bigint NOT NULL REFERENCES instance (id),
  held_at        timestamptz NOT NULL,
  -- When the server listed what it has.
  seen_at        timestamptz NOT NULL,
  reason         text NOT NULL,
  decision       text CHECK (decision IN ('applied', 'rejected', 'superseded')),
  decided_at     timestamptz,
  decided_by     text,
  CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX held_scan_undecided ON held_scan (instance_id) WHERE decision IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON instance_databases, scan_database, held_scan TO cadastre_gateway;
GRANT SELECT ON instance_databases, scan_database, held_scan TO cadastre_reader;
