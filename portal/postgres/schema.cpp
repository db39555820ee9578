#include "portal/postgres/schema.hpp"

namespace rota::portal {

// Portals that start at the same time take turns (the number is "rota" in ASCII). fillfactor leaves room for the new
// versions of rows, which all get several; autovacuum comes often, since the partial indexes live of it.
const PostgresStatement kMakeSchema{"make_schema", R"(
DO $$ BEGIN
PERFORM pg_advisory_xact_lock(x'726f7461'::int);
IF to_regclass('rota.store') IS NOT NULL THEN RETURN; END IF;
CREATE SCHEMA IF NOT EXISTS rota;
CREATE TABLE rota.store(version int NOT NULL, cluster text NOT NULL);
CREATE TABLE rota.portal(session text PRIMARY KEY, name text NOT NULL, seen timestamptz NOT NULL);
CREATE TABLE rota.job(
  id text PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, state smallint NOT NULL, attempt bigint NOT NULL,
  owner text, user_name text NOT NULL, lane text NOT NULL, priority smallint NOT NULL, received bigint NOT NULL,
  overdue bigint, bytes bigint NOT NULL, cancel text, detail text NOT NULL, submit text)
  WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX job_queued ON rota.job(user_name, priority DESC, number) WHERE state = 0;
CREATE INDEX job_lane ON rota.job(lane) WHERE state = 0;
CREATE INDEX job_overdue ON rota.job(overdue) WHERE state = 0 AND overdue IS NOT NULL;
CREATE INDEX job_running ON rota.job(user_name) WHERE state = 1;
CREATE INDEX job_owner ON rota.job(owner) WHERE state = 1;
CREATE TABLE rota.answer(
  id text PRIMARY KEY, ended bigint NOT NULL, bytes bigint NOT NULL, attempt bigint NOT NULL, session text NOT NULL,
  json text NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX answer_ended ON rota.answer(ended, bytes);
INSERT INTO rota.store VALUES(1, gen_random_uuid()::text);
END $$)"};

const PostgresStatement kReadVersion{
    "read_version", "SELECT version, cluster, current_setting('server_encoding') FROM rota.store"};

}  // namespace rota::portal
