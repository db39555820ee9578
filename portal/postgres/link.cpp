#include "portal/postgres/link.hpp"

#include <array>
#include <utility>

namespace rota::portal {
namespace {

// What the URL does not say; what stands behind it in the list cannot be said there.
struct Option {
  const char* key;
  const char* value;
};
constexpr std::array<Option, 7> kDefaults{{{"target_session_attrs", "read-write"},
                                           {"application_name", "rota-portal"},
                                           // A host that has gone says nothing: the kernel has to notice.
                                           {"keepalives_idle", "5"},
                                           {"keepalives_interval", "2"},
                                           {"keepalives_count", "3"},
                                           {"tcp_user_timeout", "10000"},
                                           {"fallback_application_name", "rota"}}};

PGconn* start(const std::string& url) {
  std::vector<const char*> keys, values;
  for (const Option& option : kDefaults) {
    keys.push_back(option.key);
    values.push_back(option.value);
  }
  keys.insert(keys.end(), {"dbname", "client_encoding", nullptr});
  values.insert(values.end(), {url.c_str(), "UTF8", nullptr});
  constexpr int kDbnameIsUrl = 1;
  return PQconnectStartParams(keys.data(), values.data(), kDbnameIsUrl);
}

// libpq's words are several lines at times, and end with one.
std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
    text.replace(at, 1, "; ");
  return text.empty() ? "the connection ended" : text;
}

}  // namespace

PostgresLink::PostgresLink(net::Loop& loop, const std::string& url, PostgresLinkEvents events)
    : loop_(loop), events_(std::move(events)), connection_(start(url)), timer_(loop) {
  if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD) {
    lose_next_turn();
    return;
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);  // "already exists, skipping"
  timer_.once(kConnectTimeout, [this] { lose("no answer for 5 s"); });
  watch(net::FdWatch::Until::writable);  // as if PQconnectPoll had asked for it, its page says
}

PostgresLink::~PostgresLink() {
  *alive_ = false;
  watch_.reset();
}

// Anew for each state, since libpq may have closed the socket and opened another of the same number.
void PostgresLink::watch(net::FdWatch::Until until) {
  watch_.reset();
  const auto callback = [this] {
    PQstatus(connection_.get()) == CONNECTION_OK ? look() : go_on_connecting();
  };
  watch_ = std::make_unique<net::FdWatch>(loop_, PQsocket(connection_.get()), callback, until);
}

void PostgresLink::go_on_connecting() {
  watch_.reset();
  switch (PQconnectPoll(connection_.get())) {
    case PGRES_POLLING_OK:
      return connected();
    case PGRES_POLLING_READING:
      return watch(net::FdWatch::Until::readable);
    case PGRES_POLLING_WRITING:
      return watch(net::FdWatch::Until::writable);
    default:
      return lose(PQerrorMessage(connection_.get()));
  }
}

void PostgresLink::connected() {
  timer_.stop();
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
    return lose(PQerrorMessage(connection_.get()));
  watch(net::FdWatch::Until::readable);
  const auto callback = events_.on_connected;
  callback();
}

void PostgresLink::send(const std::vector<PostgresGroup>& groups, bool prepared) {
  for (const PostgresGroup& group : groups) {
    for (const PostgresCall& call : group) put(call, prepared);
    require(PQpipelineSync(connection_.get()));
  }
  expect(groups.size());
}

void PostgresLink::prepare(const std::vector<const PostgresStatement*>& statements) {
  for (const auto* statement : statements)
    require(PQsendPrepare(connection_.get(), statement->name, statement->text, 0, nullptr));
  require(PQpipelineSync(connection_.get()));
  expect(1);
}

void PostgresLink::put(const PostgresCall& call, bool prepared) {
  std::vector<const char*> values;
  for (const auto& value : call.values) values.push_back(value.get());
  const int count = static_cast<int>(values.size());
  require(prepared ? PQsendQueryPrepared(connection_.get(), call.statement->name, count, values.data(),
                                         nullptr, nullptr, 0)
                   : PQsendQueryParams(connection_.get(), call.statement->text, count, nullptr, values.data(),
                                       nullptr, nullptr, 0));
}

// Not taken: the connection has gone, or memory has. Told next turn, since the caller is in the middle of its work.
void PostgresLink::require(int is_taken) {
  if (is_taken != 1) lose_next_turn();
}

void PostgresLink::expect(std::size_t groups) {
  groups_left_ = groups;
  answers_.clear();
  answers_.emplace_back();
  const int left = PQflush(connection_.get());
  if (left < 0) return lose_next_turn();
  watch(left > 0 ? net::FdWatch::Until::writable : net::FdWatch::Until::readable);
}

// Something has come, or there is room for more.
void PostgresLink::look() {
  if (PQconsumeInput(connection_.get()) != 1) return lose(PQerrorMessage(connection_.get()));
  const int left = PQflush(connection_.get());
  if (left < 0) return lose(PQerrorMessage(connection_.get()));
  if (left == 0) watch(net::FdWatch::Until::readable);
  const auto alive = alive_;
  read();
  if (*alive && !is_lost_) tell_notifications();
}

void PostgresLink::read() {
  while (groups_left_ > 0 && PQisBusy(connection_.get()) == 0) {
    if (PGresult* result = PQgetResult(connection_.get())) take(result);
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return lose(PQerrorMessage(connection_.get()));
  }
  if (groups_left_ > 0 || answers_.empty()) return;
  const auto callback = events_.on_answers;
  answers_.pop_back();  // the one that would have come next
  callback(std::exchange(answers_, {}));
}

void PostgresLink::take(PGresult* taken) {
  PostgresResult result(taken);
  PostgresAnswer& answer = answers_.back();
  if (result.status() == PGRES_PIPELINE_SYNC) {
    answers_.emplace_back();
    --groups_left_;
  } else if (result.status() == PGRES_PIPELINE_ABORTED) {  // by the one before
    answer.results.clear();
  } else if (!result.is_good()) {
    answer.results.clear();
    answer.problem = result.problem();
    answer.problem_code = result.problem_code();
  } else if (answer.problem.empty()) {
    answer.results.push_back(std::move(result));
  }
}

void PostgresLink::tell_notifications() {
  struct Free {
    void operator()(PGnotify* notification) const { PQfreemem(notification); }
  };
  const auto alive = alive_;
  const auto callback = events_.on_notification;
  while (*alive && !is_lost_) {
    const std::unique_ptr<PGnotify, Free> notification(PQnotifies(connection_.get()));
    if (!notification) return;
    if (notification->be_pid != PQbackendPID(connection_.get()))
      callback(notification->relname, notification->extra);
  }
}

void PostgresLink::lose(const std::string& problem) {
  if (std::exchange(is_lost_, true)) return;
  watch_.reset();
  const auto callback = events_.on_lost;
  callback(one_line(problem));
}

void PostgresLink::lose_next_turn() {
  watch_.reset();
  const std::string problem = connection_ ? PQerrorMessage(connection_.get()) : "no memory";
  timer_.once(std::chrono::milliseconds(0), [this, problem] { lose(problem); });
}

}  // namespace rota::portal
