-- Every change with who made it. The gateway may add rows and read them, nothing else.
CREATE TABLE audit_log (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL,
  -- user, user/token or system
  actor        text NOT NULL,
  action       text NOT NULL,
  entity_type  text NOT NULL,
  entity_id    text NOT NULL,
  before       jsonb,
  after        jsonb,
  operation_id uuid
);
CREATE INDEX audit_log_of_entity ON audit_log (entity_type, entity_id, id DESC);
CREATE INDEX audit_log_of_actor ON audit_log (actor text_pattern_ops, id DESC);

GRANT SELECT, INSERT ON audit_log TO cadastre_gateway;
GRANT SELECT ON audit_log TO cadastre_reader;
