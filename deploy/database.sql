-- The registry's database and its two roles beside the superuser, which nothing of the product uses:
--   air_owner  owns the database and every table; migrations run as this role
--   air_app    reads and writes rows; web, worker and beat run as this role
--
-- Run once, connected to template1, by whoever creates the cluster: `manage.py up` or the
-- container of PostgreSQL. Two line ends close a statement in the first, a semicolon in the second.

CREATE EXTENSION pg_trgm;

CREATE EXTENSION btree_gin;

CREATE ROLE air_owner LOGIN PASSWORD :'owner_password';

CREATE ROLE air_app LOGIN PASSWORD :'app_password';

-- Default privileges belong to one database and are copied from the template with it.

ALTER DEFAULT PRIVILEGES FOR ROLE air_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO air_app;

ALTER DEFAULT PRIVILEGES FOR ROLE air_owner IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO air_app;

GRANT USAGE ON SCHEMA public TO air_app;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE DATABASE registry OWNER air_owner;

REVOKE CONNECT ON DATABASE registry FROM PUBLIC;

GRANT CONNECT ON DATABASE registry TO air_app;
