-- The two roles of netcare on PostgreSQL, and its database; run once, as a superuser:
--   psql -v database=netcare -v owner=netcare_owner -v owner_password=… -v app=netcare_app -v app_password=… -f make_roles.sql
-- The owner makes and alters tables (DATABASE_OWNER_URL, used by `manage.py prepare` alone). The application's role
-- (DATABASE_URL) owns nothing; each migration gives it exactly what it needs.
\set ON_ERROR_STOP on
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE :"app" LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";
\connect :"database"
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
