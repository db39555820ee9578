#pragma once
// What stands in the rows, as the store's types; and what a job's lane is: its wishes as text, so that a portal takes only
// jobs that one of its nodes can take.

#include "portal/lane.hpp"
#include "portal/postgres/statement.hpp"
#include "portal/store.hpp"

namespace rota::portal {

// detail is a job's text (job_text.hpp); the attempt is the row's own. Throws protocol::ProtocolError, std::runtime_error.
JobInfo job_of_row(const PostgresResult& rows, int row, int attempt, int detail);

// Of a text that cannot be read: an error in its place.
Answer answer_of_text(const std::string& job, std::string_view json);

// A row of kLook; nullopt: there is none.
std::optional<Found> found_of(const PostgresResult& look, const std::string& job);

// Whether the answer in kLook's row is this session's to this attempt.
bool is_answer_of(const PostgresResult& look, const std::string& session, std::uint32_t attempt);

Answer internal_error(const std::string& job, const std::string& message);

std::int64_t count_of(UtcTime time);

}  // namespace rota::portal
