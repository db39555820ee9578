#include "portal/postgres/statements.hpp"

namespace rota::portal {

const PostgresStatement kListenReady{"listen_ready", "LISTEN rota_ready"};
const PostgresStatement kListenFinished{"listen_finished", "LISTEN rota_finished"};
const PostgresStatement kListenCancel{"listen_cancel", "LISTEN rota_cancel"};

const PostgresStatement kAccept{"accept", R"(
INSERT INTO rota.job(id, state, attempt, user_name, lane, priority, received, overdue, bytes, detail, submit)
VALUES($1, 0, 0, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING
RETURNING pg_notify('rota_ready', lane))"};

const PostgresStatement kLook{"look", R"(
SELECT j.state, j.user_name, j.received, j.attempt, j.detail, a.json, a.session, a.attempt
FROM rota.job j LEFT JOIN rota.answer a ON a.id = j.id WHERE j.id = $1)"};

// Fair order: each user's first job counts as the user's running jobs and one, the second as one more, and so on; the
// smallest count goes first. What runs is counted as the statement begins, so that portals that claim at the same time may
// favour the same user. users: a walk through the index, from each name to the next, since DISTINCT would read every job.
// More candidates than wanted, since other portals lock some of them at the same time. ARRAY(…) is worked out once;
// within IN (…) the planner may run LIMIT again for each row.
const PostgresStatement kClaim{"claim", R"(
WITH RECURSIVE names AS (
  (SELECT user_name FROM rota.job WHERE state = 0 ORDER BY user_name LIMIT 1)
  UNION ALL
  SELECT (SELECT j.user_name FROM rota.job j WHERE j.state = 0 AND j.user_name > names.user_name
          ORDER BY j.user_name LIMIT 1)
  FROM names WHERE names.user_name IS NOT NULL),
users AS (
  SELECT user_name, (SELECT count(*) FROM rota.job r WHERE r.state = 1 AND r.user_name = names.user_name) AS running
  FROM names WHERE user_name IS NOT NULL),
candidates AS MATERIALIZED (
  SELECT first.number, users.running + row_number() OVER (PARTITION BY users.user_name
                                                           ORDER BY first.priority DESC, first.number) AS place
  FROM users, LATERAL (
    SELECT j.number, j.priority FROM rota.job j
    WHERE j.state = 0 AND j.user_name = users.user_name AND j.lane = ANY($3::text[])
    ORDER BY j.priority DESC, j.number LIMIT $2::bigint * 4) first
  ORDER BY place, number LIMIT $2::bigint * 4),
picked AS MATERIALIZED (
  SELECT j.id, candidates.place FROM candidates JOIN rota.job j ON j.number = candidates.number
  WHERE j.state = 0 ORDER BY candidates.place, j.number LIMIT $2::bigint FOR UPDATE OF j SKIP LOCKED),
taken AS (
  UPDATE rota.job SET state = 1, attempt = attempt + 1, owner = $1
  WHERE id = ANY(ARRAY(SELECT id FROM picked)) RETURNING id, attempt, detail, submit, number)
SELECT taken.id, taken.attempt, taken.detail, taken.submit
FROM taken JOIN picked ON picked.id = taken.id ORDER BY picked.place, taken.number)"};

const PostgresStatement kPutBack{"put_back", R"(
UPDATE rota.job SET state = 0, attempt = attempt - 1, owner = NULL
WHERE id = ANY($1::text[]) AND state = 1 AND owner = $2 RETURNING pg_notify('rota_ready', lane))"};

const PostgresStatement kGiveBack{"give_back", R"(
UPDATE rota.job SET state = 0, attempt = attempt - 1, owner = NULL
WHERE owner = $1 AND state = 1 AND NOT id = ANY($2::text[]) RETURNING pg_notify('rota_ready', lane))"};

const PostgresStatement kTakeBack{"take_back", R"(
UPDATE rota.job SET state = 1, owner = $1 FROM unnest($2::text[], $3::bigint[]) AS held(id, attempt)
WHERE job.id = held.id AND job.attempt = held.attempt AND state = 0)"};

const PostgresStatement kNote{"note", R"(
UPDATE rota.job SET detail = noted.detail FROM unnest($1::text[], $2::text[]) AS noted(id, detail)
WHERE job.id = noted.id AND state = 1 AND owner = $3)"};

const PostgresStatement kFinish{"finish", R"(
WITH ended AS (
  UPDATE rota.job SET state = 2, owner = NULL, submit = NULL, cancel = NULL
  WHERE id = $1 AND attempt = $2 AND (owner = $3 OR $7::boolean) AND state = 1 RETURNING id),
kept AS (
  INSERT INTO rota.answer(id, ended, bytes, attempt, session, json) SELECT id, $4, $5, $2, $3, $6 FROM ended)
SELECT pg_notify('rota_finished', id) FROM ended)"};

const PostgresStatement kEndQueued{"end_queued", R"(
WITH ended AS (
  UPDATE rota.job SET state = 2, owner = NULL, submit = NULL, cancel = NULL
  WHERE id = $1 AND state = 0 RETURNING id, attempt),
kept AS (
  INSERT INTO rota.answer(id, ended, bytes, attempt, session, json) SELECT id, $3, $4, attempt, $2, $5 FROM ended)
SELECT pg_notify('rota_finished', id) FROM ended)"};

const PostgresStatement kAskCancel{"ask_cancel", R"(
UPDATE rota.job SET cancel = $2 WHERE id = $1 AND state = 1 AND owner <> $3
RETURNING pg_notify('rota_cancel', owner))"};

const PostgresStatement kCancels{"cancels", R"(
SELECT id, cancel FROM rota.job WHERE owner = $1 AND state = 1 AND cancel IS NOT NULL)"};

const PostgresStatement kRequeue{"requeue", R"(
UPDATE rota.job SET state = 0, owner = NULL, detail = $4
WHERE id = $1 AND attempt = $2 AND owner = $3 AND state = 1 RETURNING pg_notify('rota_ready', lane))"};

// Also of one that waits again, since its portal had been silent: the attempt goes on.
const PostgresStatement kAdopt{"adopt", R"(
UPDATE rota.job SET state = 1, owner = $3 WHERE id = $1 AND attempt = $2 AND state IN (0, 1) RETURNING detail)"};

const PostgresStatement kBeat{"beat", R"(
INSERT INTO rota.portal(session, name, seen) VALUES($1, $2, clock_timestamp())
ON CONFLICT (session) DO UPDATE SET seen = clock_timestamp())"};

const PostgresStatement kTakeFromDead{"take_from_dead", R"(
UPDATE rota.job SET state = 0, owner = NULL
WHERE state = 1 AND owner <> $1 AND NOT EXISTS (
  SELECT 1 FROM rota.portal
  WHERE session = owner AND seen > clock_timestamp() - make_interval(secs => $2::double precision))
RETURNING pg_notify('rota_ready', lane))"};

const PostgresStatement kForgetSessions{
    "forget_sessions", "DELETE FROM rota.portal WHERE seen < clock_timestamp() - interval '1 hour'"};

const PostgresStatement kCounts{"counts", R"(
SELECT 0, user_name, count(*), sum(bytes)::bigint FROM rota.job WHERE state = 0 GROUP BY user_name
UNION ALL SELECT 1, '', count(*), 0 FROM rota.job WHERE state = 1)"};

const PostgresStatement kLanes{"lanes", R"(
WITH RECURSIVE lanes AS (
  (SELECT lane FROM rota.job WHERE state = 0 ORDER BY lane LIMIT 1)
  UNION ALL
  SELECT (SELECT j.lane FROM rota.job j WHERE j.state = 0 AND j.lane > lanes.lane ORDER BY j.lane LIMIT 1)
  FROM lanes WHERE lanes.lane IS NOT NULL)
SELECT lane FROM lanes WHERE lane IS NOT NULL LIMIT 10000)"};

const PostgresStatement kOverdue{"overdue", R"(
SELECT attempt, detail FROM rota.job WHERE state = 0 AND overdue <= $1 ORDER BY overdue LIMIT 100)"};

const PostgresStatement kAnswers{"answers", "SELECT id, json FROM rota.answer WHERE id = ANY($1::text[])"};

const PostgresStatement kForget{"forget", R"(
WITH old AS (SELECT id FROM rota.answer WHERE ended < $1 ORDER BY ended LIMIT 500),
gone AS (DELETE FROM rota.answer WHERE id IN (SELECT id FROM old))
DELETE FROM rota.job WHERE id IN (SELECT id FROM old) AND state = 2)"};

const PostgresStatement kAboveBytes{"above_bytes", R"(
SELECT ended FROM (SELECT ended, sum(bytes) OVER (ORDER BY ended DESC, bytes) AS total FROM rota.answer) summed
WHERE total > $1::numeric ORDER BY ended DESC LIMIT 1)"};

const std::vector<const PostgresStatement*>& postgres_statements() {
  static const std::vector<const PostgresStatement*> all{
      &kAccept,  &kLook,    &kClaim,        &kPutBack,        &kGiveBack, &kTakeBack,
      &kNote,    &kFinish,  &kEndQueued,    &kAskCancel,      &kCancels,  &kRequeue,
      &kAdopt,   &kBeat,    &kTakeFromDead, &kForgetSessions, &kCounts,   &kLanes,
      &kOverdue, &kAnswers, &kForget,       &kAboveBytes};
  return all;
}

}  // namespace rota::portal
