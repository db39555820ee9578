#include "portal/postgres/queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "portal/postgres/schema.hpp"
#include "portal/postgres/statements.hpp"
#include "portal/postgres/url.hpp"

namespace rota::portal {
namespace {

// SQLSTATE classes, https://www.postgresql.org/docs/15/errcodes-appendix.html: of what is asked, not of the server's state.
bool is_nonsense(const std::string& code) {
  return code.starts_with("22") || code.starts_with("23");
}

// The server does not take writes (any more), or ends: another host of the URL may.
bool needs_another_connection(const std::string& code) {
  return code == "25006" || code.starts_with("57P");
}

std::size_t bytes_of(const PostgresGroup& calls) {
  std::size_t bytes = 0;
  for (const PostgresCall& call : calls) {
    for (const auto& value : call.values) bytes += value.size();
  }
  return bytes;
}

}  // namespace

PostgresQueue::PostgresQueue(net::Loop& loop, std::string url)
    : loop_(loop), url_(std::move(url)), turn_(loop), reconnect_(loop), slow_(loop) {}

void PostgresQueue::start(PostgresQueueEvents events) {
  events_ = std::move(events);
  connect();
}

void PostgresQueue::run(PostgresGroup calls, Done done) {
  waiting_.push_back({std::move(calls), std::move(done)});
  pump_soon();
}

// libpq asks the hosts one after the other, but waits for one that is silent for as long as we let it: the next try begins
// with the next host.
void PostgresQueue::connect() {
  link_ = std::make_unique<PostgresLink>(
      loop_, rotated_store_url(url_, connections_++),
      PostgresLinkEvents{
          .on_connected = [this] { set_up(); },
          .on_lost = [this](const std::string& problem) { lost(problem); },
          .on_answers = [this](std::vector<PostgresAnswer> answers) { answered(std::move(answers)); },
          .on_notification = events_.on_notification});
}

void PostgresQueue::lost(const std::string& problem) {
  link_.reset();
  phase_ = Phase::away;
  slow_.stop();
  is_singly_ = false;
  for (Operation& operation : under_way_) operation.is_again = true;
  waiting_.insert(waiting_.begin(), std::make_move_iterator(under_way_.begin()),
                  std::make_move_iterator(under_way_.end()));
  under_way_.clear();
  reconnect_.once(pause_, [this] { connect(); });
  pause_ = std::min(pause_ * 2, kLongestPause);
  tell(problem);
}

void PostgresQueue::set_up() {
  phase_ = Phase::making;
  link_->send({{{&kMakeSchema, {}},
                {&kReadVersion, {}},
                {&kListenReady, {}},
                {&kListenFinished, {}},
                {&kListenCancel, {}}}},
              false);
}

void PostgresQueue::answered(std::vector<PostgresAnswer> answers) {
  slow_.stop();
  if (phase_ != Phase::ready) return go_on_with_set_up(std::move(answers.at(0)));
  is_singly_ ? singly_answered(std::move(answers)) : batch_answered(std::move(answers.at(0)));
}

void PostgresQueue::go_on_with_set_up(PostgresAnswer answer) {
  if (!answer.problem.empty()) return lost(answer.problem);
  if (phase_ == Phase::making) {
    take_version(answer.results.at(1));
    phase_ = Phase::preparing;
    return link_->prepare(postgres_statements());
  }
  if (phase_ == Phase::preparing) {
    phase_ = Phase::greeting;
    return link_->send({events_.greet()}, true);
  }
  become_ready();
}

// Thrown through the loop: no pause makes these any better.
void PostgresQueue::take_version(const PostgresResult& version) {
  if (version.rows() != 1)
    throw std::runtime_error("the store in PostgreSQL has no version: drop its schema rota");
  if (version.integer(0, 0) != kPostgresSchemaVersion) {
    throw std::runtime_error(
        fmt::format("the store in PostgreSQL has version {}, and this rota knows {}: start a rota of its "
                    "version, or give "
                    "this one another database",
                    version.integer(0, 0), kPostgresSchemaVersion));
  }
  if (version.text(0, 2) != "UTF8")
    throw std::runtime_error("the database's encoding has to be UTF8: create it with ENCODING 'UTF8'");
  if (!cluster_.empty() && cluster_ != version.text(0, 1))
    throw std::runtime_error("the database has become another store than it was");
  cluster_ = version.text(0, 1);
}

void PostgresQueue::become_ready() {
  phase_ = Phase::ready;
  pause_ = kFirstPause;
  const auto alive = alive_;
  tell("");
  if (*alive) events_.on_connected();
  if (*alive) pump_soon();
}

void PostgresQueue::pump_soon() {
  if (phase_ == Phase::ready && under_way_.empty() && !waiting_.empty())
    turn_.once(std::chrono::milliseconds(0), [this] { pump(); });
}

void PostgresQueue::pump() {
  if (phase_ != Phase::ready || !under_way_.empty() || waiting_.empty()) return;
  take_batch();
  is_singly_ = false;
  PostgresGroup calls;
  for (const Operation& operation : under_way_)
    calls.insert(calls.end(), operation.calls.begin(), operation.calls.end());
  slow_.once(kSlow, [this] { tell("no answer for 5 s"); });
  link_->send({std::move(calls)}, true);
}

void PostgresQueue::take_batch() {
  std::size_t bytes = 0;
  while (!waiting_.empty() && under_way_.size() < kBatchOperations) {
    bytes += bytes_of(waiting_.front().calls);
    if (bytes > kBatchBytes && !under_way_.empty()) return;
    under_way_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

void PostgresQueue::batch_answered(PostgresAnswer answer) {
  if (!answer.problem.empty()) return send_singly();
  tell("");
  const auto alive = alive_;
  auto operations = std::exchange(under_way_, {});
  pump_soon();
  auto next = answer.results.begin();
  for (Operation& operation : operations) {
    const auto end = next + static_cast<std::ptrdiff_t>(operation.calls.size());
    PostgresOutcome outcome{.is_again = operation.is_again};
    outcome.results.assign(std::make_move_iterator(next), std::make_move_iterator(end));
    next = end;
    done(operation, std::move(outcome));
    if (!*alive) return;
  }
}

// Something in the batch failed, and took all of it along.
void PostgresQueue::send_singly() {
  is_singly_ = true;
  std::vector<PostgresGroup> groups;
  for (const Operation& operation : under_way_) groups.push_back(operation.calls);
  slow_.once(kSlow, [this] { tell("no answer for 5 s"); });
  link_->send(groups, true);
}

void PostgresQueue::singly_answered(std::vector<PostgresAnswer> answers) {
  const auto alive = alive_;
  auto operations = std::exchange(under_way_, {});
  std::deque<Operation> again;
  std::string problem;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    PostgresAnswer& answer = answers.at(i);
    if (!answer.problem.empty() && !is_nonsense(answer.problem_code)) {
      again.push_back(std::move(operations[i]));
      problem = answer.problem;
      if (needs_another_connection(answer.problem_code)) link_.reset();
      continue;
    }
    done(operations[i], {std::move(answer.results), operations[i].is_again, std::move(answer.problem)});
    if (!*alive) return;
  }
  again.empty() ? (tell(""), pump_soon()) : ask_again_later(std::move(again), problem);
}

void PostgresQueue::ask_again_later(std::deque<Operation> operations, const std::string& problem) {
  waiting_.insert(waiting_.begin(), std::make_move_iterator(operations.begin()),
                  std::make_move_iterator(operations.end()));
  if (!link_) return lost(problem);
  turn_.once(kFirstPause, [this] { pump(); });
  tell(problem);
}

void PostgresQueue::done(Operation& operation, PostgresOutcome outcome) {
  if (operation.done) loop_.guard([&] { operation.done(std::move(outcome)); });
}

void PostgresQueue::tell(const std::string& problem) {
  if (std::exchange(problem_, problem).empty() != problem.empty()) events_.on_stalled(problem);
}

}  // namespace rota::portal
