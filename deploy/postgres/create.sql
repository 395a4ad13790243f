-- Creates Wireroom's role and its database. For psql, as a superuser, at the primary:
--
--   sudo -u postgres psql --set ON_ERROR_STOP=1 --set password='…' --file deploy/postgres/create.sql
--
-- Without a password given, it is read from the file that compose.postgres.yaml mounts.
\if :{?password}
\else
\set password `cat /run/secrets/database-password`
\endif

-- Wireroom needs no more than to own its database: migrations create tables, and `wireroom erase` rewrites them.
CREATE ROLE wireroom LOGIN PASSWORD :'password';
CREATE DATABASE wireroom OWNER wireroom TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE wireroom FROM PUBLIC;

-- Before PostgreSQL 15 every role could create tables in the schema "public", and the owner of the database did not own it.
\connect wireroom
ALTER SCHEMA public OWNER TO wireroom;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- So that `wireroom erase` can also have taken-down text leave the write-ahead log.
GRANT pg_checkpoint TO wireroom;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO wireroom;
