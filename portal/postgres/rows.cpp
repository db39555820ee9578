#include "portal/postgres/rows.hpp"

#include <stdexcept>

#include "portal/job_text.hpp"
#include "protocol/conversion.hpp"

namespace rota::portal {
namespace {

// Columns of kLook.
enum Look { state, user, received, attempt, detail, json, answered_by, answered_attempt };

}  // namespace

JobInfo job_of_row(const PostgresResult& rows, int row, int attempt_column, int detail_column) {
  JobInfo job = job_from_text(rows.text(row, detail_column));
  job.attempt = static_cast<std::uint32_t>(rows.integer(row, attempt_column));
  return job;
}

Answer answer_of_text(const std::string& job, std::string_view text) {
  try {
    auto packet = protocol::from_json(text);
    if (std::holds_alternative<protocol::Result>(packet) || std::holds_alternative<protocol::Error>(packet))
      return {std::make_shared<const protocol::Packet>(std::move(packet))};
  } catch (const protocol::ProtocolError&) {  // told below
  }
  return internal_error(job, "the job's answer can no longer be read");
}

std::optional<Found> found_of(const PostgresResult& look, const std::string& job) {
  if (look.rows() == 0) return std::nullopt;
  Found found{job_of_row(look, 0, Look::attempt, Look::detail),
              static_cast<JobState>(look.integer(0, Look::state)),
              {}};
  if (found.state == JobState::finished) found.answer = answer_of_text(job, look.text(0, Look::json));
  return found;
}

bool is_answer_of(const PostgresResult& look, const std::string& session, std::uint32_t attempt) {
  return look.rows() == 1 && !look.is_null(0, Look::answered_by) &&
         look.text(0, Look::answered_by) == session && look.integer(0, Look::answered_attempt) == attempt;
}

Answer internal_error(const std::string& job, const std::string& message) {
  return {std::make_shared<const protocol::Packet>(
      protocol::Error{.code = protocol::ErrorCode::internal, .job = job, .message = message})};
}

std::int64_t count_of(UtcTime time) {
  return time.time_since_epoch().count();
}

}  // namespace rota::portal
