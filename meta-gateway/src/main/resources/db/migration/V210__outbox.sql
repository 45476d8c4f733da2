-- Records on their way to Kafka, written in the transaction that causes them, deleted once the broker has them.
CREATE TABLE outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic        text NOT NULL,
  message_key  text NOT NULL,
  headers      jsonb NOT NULL,
  value        bytea NOT NULL,
  operation_id uuid,
  created_at   timestamptz NOT NULL,
  -- Set where the broker refuses the record for good; it stays for a person to look at and no longer blocks its key.
  refused_at   timestamptz,
  refusal      text
);
-- The oldest unsent record of each key is the only one that may be sent.
CREATE INDEX outbox_unsent ON outbox (topic, message_key, id) WHERE refused_at IS NULL;

-- No SELECT for cadastre_reader: commands carry sealed passwords.
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO cadastre_gateway;
