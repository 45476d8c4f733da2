-- Messages whose effect is in the database, so that a second delivery does nothing.
CREATE TABLE inbox (
  source      text NOT NULL,
  id          uuid NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (source, id)
);
CREATE INDEX inbox_oldest ON inbox (received_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON inbox TO cadastre_gateway;
GRANT SELECT ON inbox TO cadastre_reader;
