#pragma once
// The tables that portals share, in a schema named rota; made by the first portal that finds none. Only portals have the
// database's password: nodes run programs that nobody trusts.
//
//   store   one row: the version of all this, and the UUID
//   portal  a life of a portal's process, and when it was heard last, by the database's clock
//   job     a job, until it is forgotten; number tells the order. Of a finished one the submission has gone
//   answer  the one answer of a finished job
//
// Submissions are a column: PostgreSQL itself cuts long values up and leaves them alone while other columns change.

#include "portal/postgres/statement.hpp"

namespace rota::portal {

inline constexpr std::int64_t kPostgresSchemaVersion = 1;

extern const PostgresStatement kMakeSchema;   // where there is none
extern const PostgresStatement kReadVersion;  // version, UUID, the database's encoding

}  // namespace rota::portal
