-- Requests that named an Idempotency-Key, with their answers. No other role reads them: an answer may hold anything.
CREATE TABLE idempotency_key (
  username        text NOT NULL REFERENCES account (username) ON DELETE CASCADE,
  key             text NOT NULL,
  -- Of method, path, query and body; a plain hash would give short passwords away.
  request_mac     bytea NOT NULL,
  -- The one attempt that may commit work for this key, and keep its answer.
  claim_id        uuid NOT NULL,
  claimed_at      timestamptz NOT NULL,
  -- Written by the transaction that does the work, so it says for certain whether the work was done.
  committed_at    timestamptz,
  -- The attempt failed after that, so no answer comes any more.
  given_up        boolean NOT NULL DEFAULT false,
  -- Absent while the request is worked on.
  answer_status   integer,
  answer_headers  jsonb,
  -- Absent where it held a secret.
  answer_body     text,
  PRIMARY KEY (username, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (claimed_at);

-- What request_mac is made with, the same at all gateways. Two random UUIDs are 244 random bits.
CREATE TABLE idempotency_mac_key (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  mac_key bytea NOT NULL
);
INSERT INTO idempotency_mac_key (mac_key)
VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO cadastre_gateway;
GRANT SELECT ON idempotency_mac_key TO cadastre_gateway;
