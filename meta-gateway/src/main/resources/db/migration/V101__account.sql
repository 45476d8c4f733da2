-- People who may sign in.
CREATE TABLE account (
  username      text COLLATE "C" PRIMARY KEY CHECK (username ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  role          text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  password_hash text NOT NULL,
  version       bigint NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
);

-- Browsers that are signed in. The cookie is not stored, only its hash; any gateway knows every session.
CREATE TABLE session (
  token_hash   bytea PRIMARY KEY,
  username     text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at   timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL
);
CREATE INDEX session_of_account ON session (username);
CREATE INDEX session_oldest ON session (last_used_at);

-- What programs sign in with; again only the hash.
CREATE TABLE api_token (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username     text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
  name         text NOT NULL,
  role         text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  token_hash   bytea NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE UNIQUE INDEX api_token_name ON api_token (username, lower(name)) WHERE revoked_at IS NULL;

-- Attempts to sign in, counted for each account and each address over all gateways.
CREATE TABLE sign_in_throttle (
  subject       text COLLATE "C" PRIMARY KEY,
  attempts      integer NOT NULL,
  last_at       timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);
CREATE INDEX sign_in_throttle_oldest ON sign_in_throttle (last_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON account, session, api_token, sign_in_throttle TO cadastre_gateway;
GRANT SELECT (username, role, version, created_at, updated_at) ON account TO cadastre_reader;
GRANT SELECT (username, created_at, last_used_at) ON session TO cadastre_reader;
GRANT SELECT (id, username, name, role, created_at, expires_at, last_used_at, revoked_at) ON api_token TO cadastre_reader;
