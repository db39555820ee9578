#pragma once
// One connection to PostgreSQL, on the loop and never waited for: from the first host that takes writes, until it is lost.
// In pipeline mode (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html): a group of calls goes at once and is one
// transaction; the answers come once all have been committed or rolled back.
//
// Names of hosts are looked up by libpq, which waits for that: addresses, or names of /etc/hosts, are better.

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/fd_watch.hpp"
#include "net/loop.hpp"
#include "net/timer.hpp"
#include "portal/postgres/statement.hpp"

namespace rota::portal {

using PostgresGroup = std::vector<PostgresCall>;

// Of one group: a result for each call that was carried out, or what went wrong, and then nothing was.
struct PostgresAnswer {
  std::vector<PostgresResult> results;
  std::string problem;
  std::string problem_code;
};

struct PostgresLinkEvents {
  std::function<void()> on_connected;
  // At most once, and then nothing else. Whether the groups that were sent have been carried out is not known.
  std::function<void(const std::string& problem)> on_lost;
  std::function<void(std::vector<PostgresAnswer> answers)> on_answers;  // of all groups
  // Of other connections than this.
  std::function<void(const std::string& channel, const std::string& payload)> on_notification;
};

// Every callback may destroy the link.
class PostgresLink {
 public:
  static constexpr std::chrono::seconds kConnectTimeout{5};

  // url: postgres://… or libpq's key=value form.
  PostgresLink(net::Loop& loop, const std::string& url, PostgresLinkEvents events);
  ~PostgresLink();
  PostgresLink(const PostgresLink&) = delete;
  PostgresLink& operator=(const PostgresLink&) = delete;

  // One call at a time: until on_answers. Statements go by their names where `prepared`, else by their texts.
  void send(const std::vector<PostgresGroup>& groups, bool prepared);

  // Names the statements; answered as one group.
  void prepare(const std::vector<const PostgresStatement*>& statements);

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  void go_on_connecting();
  void connected();
  void expect(std::size_t groups);
  void put(const PostgresCall& call, bool prepared);
  void require(int is_taken);
  void look();
  void read();
  void take(PGresult* result);
  void tell_notifications();
  void lose(const std::string& problem);
  void lose_next_turn();
  void watch(net::FdWatch::Until until);

  net::Loop& loop_;
  PostgresLinkEvents events_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::unique_ptr<net::FdWatch> watch_;  // before the connection goes: its descriptor is the connection's
  net::Timer timer_;
  std::size_t groups_left_ = 0;
  std::vector<PostgresAnswer> answers_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool is_lost_ = false;
};

}  // namespace rota::portal
