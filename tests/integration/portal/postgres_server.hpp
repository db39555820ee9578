#pragma once
// A PostgreSQL server of a test's own, from Debian's packages: in a temporary folder, on a socket there, as another user than
// root. It syncs as it would in earnest.

#include <libpq-fe.h>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"

namespace rota::test {

// Empty where PostgreSQL is not installed.
std::filesystem::path postgres_programs();

class PostgresServer {
 public:
  // Makes a cluster with a database named rota, and starts it. Throws where that fails.
  PostgresServer();
  // A copy of a running one that follows it, each of whose commits waits for this one from now on.
  explicit PostgresServer(const PostgresServer* primary);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start();
  void stop();  // as its administrator would
  void kill();  // SIGKILL
  void promote();

  // One statement and the first value of its first row, as its administrator.
  std::string ask(const std::string& statement, const std::string& database = "rota") const;

  // postgres://… with all of these servers as hosts.
  static std::string url_of(const std::vector<const PostgresServer*>& servers);
  std::string url() const { return url_of({this}); }

 private:
  void run(const std::string& program, const std::vector<std::string>& arguments) const;
  pid_t spawn(const std::string& program, const std::vector<std::string>& arguments) const;
  void set(const std::string& setting) const;
  void end(int signal);

  TempDir folder_{"rota-pg-"};
  std::filesystem::path data_ = folder_.path() / "data";
  pid_t pid_ = -1;
};

}  // namespace rota::test
