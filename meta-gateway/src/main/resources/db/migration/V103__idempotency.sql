-- Requests that named an Idempotency-Key, with their answers. No other role reads them: an answer may hold anything.
CREATE TABLE idempotency_key (
  username        text NOT NULL REFERENCES account (username) ON DELETE CASCADE,
  key             text NOT NULL,
  request_hash    bytea NOT NULL,
  claimed_at      timestamptz NOT NULL,
  -- Absent while the request is worked on.
  answer_status   integer,
  answer_headers  jsonb,
  -- Absent where it held a secret.
  answer_body     text,
  PRIMARY KEY (username, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (claimed_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO cadastre_gateway;
