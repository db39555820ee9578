#pragma once
// Everything that PostgresStore asks, in one place. Every change is guarded by what it changes from, so that it may be asked
// again where nobody knows whether it was carried out. State: 0 queued, 1 running, 2 finished.

#include <vector>

#include "portal/postgres/statement.hpp"

namespace rota::portal {

// What other portals hear (NOTIFY); a sweep stands behind each, since nothing is heard while a connection is away.
inline constexpr const char* kReadyChannel = "rota_ready";        // payload: the lane of a job that waits
inline constexpr const char* kFinishedChannel = "rota_finished";  // a job
inline constexpr const char* kCancelChannel = "rota_cancel";      // the owner

extern const PostgresStatement kListenReady, kListenFinished, kListenCancel;

// id, user, lane, priority, received, overdue, bytes, detail, submit. A row where it is new.
extern const PostgresStatement kAccept;
// id → state, user, received, attempt, detail, answer, who gave it (session), to which attempt.
extern const PostgresStatement kLook;
// owner, most, lanes → id, attempt, detail, submit, lane; in fair order.
extern const PostgresStatement kClaim;
// ids, owner: claimed without a seat; the attempt does not count.
extern const PostgresStatement kPutBack;
// owner, ids: likewise, of those that are not among the ids; after a claim whose answer was lost.
extern const PostgresStatement kGiveBack;
// owner, ids, attempts: these attempts go on here, where others took them for lost and have not begun the next.
extern const PostgresStatement kTakeBack;
// ids, details, owner: what a portal notes of jobs that it has claimed.
extern const PostgresStatement kNote;
// id, attempt, owner, ended, bytes, json. A row where it was the attempt that runs.
extern const PostgresStatement kFinish;
// id, session, ended, bytes, json. A row where it was queued.
extern const PostgresStatement kEndQueued;
// id, reason, who asks.
extern const PostgresStatement kAskCancel;
// owner → id, reason.
extern const PostgresStatement kCancels;
// id, attempt, owner, detail.
extern const PostgresStatement kRequeue;
// id, attempt, new owner → detail.
extern const PostgresStatement kAdopt;
// session, name.
extern const PostgresStatement kBeat;
// session, seconds: jobs of other sessions that have not been heard for that long wait again.
extern const PostgresStatement kTakeFromDead;
extern const PostgresStatement kForgetSessions;
// → state, user, jobs, bytes.
extern const PostgresStatement kCounts;
// → lane.
extern const PostgresStatement kLanes;
// time → attempt, detail.
extern const PostgresStatement kOverdue;
// ids → id, answer; of those that are finished.
extern const PostgresStatement kAnswers;
// time: a few answers that ended before, and their jobs.
extern const PostgresStatement kForget;
// bytes → ended; what ended up to then is above that many bytes.
extern const PostgresStatement kAboveBytes;

// All of them, to be prepared.
const std::vector<const PostgresStatement*>& postgres_statements();

}  // namespace rota::portal
