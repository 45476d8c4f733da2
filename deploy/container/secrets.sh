#!/bin/sh
# Makes up what is still missing of the passwords; each file lies in a volume that only its readers mount.
set -eu
make() {
  [ -s "$1" ] && return
  tr -dc 'abcdefghjkmnpqrstuvwxyz23456789' </dev/urandom | head -c 24 >"$1.new"
  chmod 0444 "$1.new"
  mv "$1.new" "$1"
}
# The names are the gateway's properties: it reads the folders as configuration.
make /secrets/roles/cadastre.database.owner-password
make /secrets/roles/cadastre.database.gateway-password
make /secrets/console/cadastre.account.first-admin-password
make /secrets/database/superuser
make /secrets/database/reader
