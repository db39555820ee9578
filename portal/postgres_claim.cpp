// PostgresStore: how jobs come to this portal. It asks for jobs of the lanes that one of its nodes could serve now, as many
// as it has free slots; the rows that come are its own, and then get their seats. A job without one, since the slots went
// to others meanwhile, goes back.

#include <algorithm>
#include <utility>

#include "portal/job_text.hpp"
#include "portal/postgres/rows.hpp"
#include "portal/postgres/statements.hpp"
#include "portal/postgres_store.hpp"
#include "protocol/conversion.hpp"

namespace rota::portal {
namespace {

// Of one claim: each brings its submission along.
constexpr std::size_t kMostAtOnce = 64;

}  // namespace

void PostgresStore::claim(Seats& seats, Instant now, std::function<void(std::vector<Claimed>)> callback) {
  claim_ = {&seats, now, std::move(callback)};
  ask_claim();
}

void PostgresStore::ask_claim() {
  claims_again_ = is_claiming_;
  if (is_claiming_ || !claim_ || !queue_.is_connected()) return;
  const std::size_t most = std::min(claim_->seats->free(), kMostAtOnce);
  const auto lanes = most > 0 ? lanes_to_serve() : std::vector<std::string>();
  if (lanes.empty()) return;
  is_claiming_ = true;
  queue_.run({{&kClaim, {session_, most, array_text(lanes)}}},
             [this, most, lanes, asked = lane_notes_](const PostgresOutcome& outcome) {
               is_claiming_ = false;
               if (!outcome.problem.empty()) return;
               if (outcome.results[0].rows() == 0) forget_lanes(lanes, asked);
               claimed(outcome.results[0], most);
             });
}

std::vector<std::string> PostgresStore::lanes_to_serve() const {
  std::vector<std::string> lanes;
  for (const auto& [lane, noted] : lanes_) {
    if (claim_->seats->any_for(job_of_lane(lane))) lanes.push_back(lane);
  }
  return lanes;
}

// Nothing waits in what was asked for, unless that was noted since.
void PostgresStore::forget_lanes(const std::vector<std::string>& lanes, std::uint64_t asked) {
  for (const auto& lane : lanes) {
    const auto noted = lanes_.find(lane);
    if (noted != lanes_.end() && noted->second <= asked) lanes_.erase(noted);
  }
}

void PostgresStore::claimed(const PostgresResult& rows, std::size_t most) {
  std::vector<Claimed> claimed;
  std::vector<std::string> unseated;
  for (int row = 0; row < rows.rows(); ++row) {
    if (auto one = seated(rows, row, unseated)) claimed.push_back(std::move(*one));
  }
  load_.queued -= std::min<std::uint64_t>(load_.queued, claimed.size());
  load_.running += claimed.size();
  note(claimed, unseated);
  if (!claimed.empty()) claim_->callback(std::move(claimed));
  // Where a seat was refused after all, the next call tells when to try again: without end there would be no pause.
  const bool may_be_more = static_cast<std::size_t>(rows.rows()) == most && unseated.empty();
  if (may_be_more || claims_again_) ask_claim();
}

std::optional<Claimed> PostgresStore::seated(const PostgresResult& rows, int row,
                                             std::vector<std::string>& unseated) {
  const std::string id(rows.text(row, 0));
  const auto attempt = static_cast<std::uint32_t>(rows.integer(row, 1));
  try {
    JobInfo info = job_of_row(rows, row, 1, 2);
    auto packet = protocol::from_json(rows.text(row, 3));
    auto submit = std::make_shared<const protocol::Submit>(std::move(std::get<protocol::Submit>(packet)));
    const auto node = claim_->seats->take(info, claim_->now);
    if (!node) {
      unseated.push_back(id);
      return std::nullopt;
    }
    held_[id] = {info};
    awaited_.insert(id);  // another portal may be brought its result
    return Claimed{std::move(info), std::move(submit), *node};
  } catch (const std::exception&) {  // its texts are not ours; nobody could ever run it
    finish(id, attempt, internal_error(id, "the job can no longer be read from the database"), [](bool) {});
    return std::nullopt;
  }
}

void PostgresStore::note(const std::vector<Claimed>& claimed, const std::vector<std::string>& unseated) {
  PostgresGroup calls;
  if (!unseated.empty()) calls.push_back({&kPutBack, {array_text(unseated), session_}});
  if (!claimed.empty()) {
    std::vector<std::string> ids, details;
    for (const Claimed& one : claimed) {
      ids.push_back(one.info.id);
      details.push_back(to_text(one.info));
    }
    calls.push_back({&kNote, {array_text(ids), array_text(details), session_}});
  }
  if (!calls.empty()) queue_.run(std::move(calls), {});
}

void PostgresStore::note_lane(const std::string& lane) {
  lanes_[lane] = ++lane_notes_;
}

// A claim that was committed while its connection was lost, and after the next one's greeting. No other claim is under way
// meanwhile, so that what this session owns and does not know of is nobody's.
void PostgresStore::reconcile() {
  if (is_claiming_) return;
  is_claiming_ = true;
  queue_.run({{&kGiveBack, {session_, array_text(held_ids())}}}, [this](const PostgresOutcome&) {
    is_claiming_ = false;
    if (claims_again_) ask_claim();
  });
}

}  // namespace rota::portal
