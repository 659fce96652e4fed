#!/bin/sh
# Run once by PostgreSQL's container, when its data folder is empty.
set -eu
: "${AIR_OWNER_PASSWORD:?set AIR_OWNER_PASSWORD}" "${AIR_APP_PASSWORD:?set AIR_APP_PASSWORD}"
psql --username "$POSTGRES_USER" --dbname template1 --no-psqlrc --set ON_ERROR_STOP=1 \
  --set owner_password="$AIR_OWNER_PASSWORD" --set app_password="$AIR_APP_PASSWORD" \
  --file /etc/registry/database.sql
