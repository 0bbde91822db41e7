#!/bin/sh
# Run by the PostgreSQL image when its data directory is new: makes netcare's roles and database.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v database=netcare -v owner=netcare_owner -v owner_password="$OWNER_PASSWORD" \
  -v app=netcare_app -v app_password="$APP_PASSWORD" -f /deploy/make_roles.sql
