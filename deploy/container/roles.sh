#!/bin/bash
# Run by the image of PostgreSQL once, after prepare.sql, when the database is new.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
  -v owner="$(cat /run/secrets/roles/cadastre.database.owner-password)" \
  -v gateway="$(cat /run/secrets/roles/cadastre.database.gateway-password)" \
  -v reader="$(cat /run/secrets/database/reader)" <<'SQL'
ALTER ROLE cadastre_owner PASSWORD :'owner';
ALTER ROLE cadastre_gateway PASSWORD :'gateway';
ALTER ROLE cadastre_reader PASSWORD :'reader';
SQL
