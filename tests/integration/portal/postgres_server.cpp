#include "tests/integration/portal/postgres_server.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

namespace fs = std::filesystem;

// PostgreSQL refuses to run as root.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

// In the child: whatever becomes of the test, the server goes with it.
void become(const passwd* user, const std::string& log) {
  const UniqueFd output(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666));
  ::dup2(output.get(), STDOUT_FILENO);
  ::dup2(output.get(), STDERR_FILENO);
  const bool is_user = user == nullptr || (::setgid(user->pw_gid) == 0 && ::setuid(user->pw_uid) == 0);
  if (!is_user || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) ::_exit(126);
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};

}  // namespace

fs::path postgres_programs() {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (fs::exists(entry.path() / "bin/initdb")) found.push_back(entry.path() / "bin");
  }
  return found.empty() ? fs::path() : *std::max_element(found.begin(), found.end());
}

PostgresServer::PostgresServer() {
  const passwd* user = other_user();
  if (user != nullptr) check(::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid), "chown");
  run("initdb", {"-D", data_, "-U", "rota", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"});
  set("listen_addresses = ''");
  set("unix_socket_directories = '" + folder_.path().string() + "'");
  set("max_wal_senders = 4");
  start();
  ask("CREATE DATABASE rota", "postgres");
}

PostgresServer::PostgresServer(const PostgresServer* primary) {
  const passwd* user = other_user();
  if (user != nullptr) check(::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid), "chown");
  run("pg_basebackup",
      {"-D", data_, "-h", primary->folder_.path(), "-U", "rota", "-R", "-c", "fast", "--no-sync"});
  set("unix_socket_directories = '" + folder_.path().string() + "'");
  start();
  primary->ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
  primary->ask("SELECT pg_reload_conf()");
  if (!becomes_true(
          [&] { return primary->ask("SELECT max(sync_state) FROM pg_stat_replication") == "sync"; }))
    throw std::runtime_error("the standby does not follow");
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) end(SIGQUIT);
}

void PostgresServer::start() {
  pid_ = spawn("postgres", {"-D", data_});
  const std::string url = url_of({this}) + "&dbname=postgres";
  if (!becomes_true([&] { return PQping(url.c_str()) == PQPING_OK; }))
    throw std::runtime_error("PostgreSQL does not start: " + text_of(folder_.path() / "log"));
}

void PostgresServer::stop() {
  end(SIGINT);
}

// Its children end by themselves when they see that; only then it can start again.
void PostgresServer::kill() {
  std::vector<pid_t> all = children_of(pid_);
  const auto watched = watch(all);
  end(SIGKILL);
  if (!have_ended(watched)) throw std::runtime_error("PostgreSQL's processes do not end");
}

void PostgresServer::promote() {
  ask("SELECT pg_promote()");
}

void PostgresServer::end(int signal) {
  send_signal(pid_, signal);
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

std::string PostgresServer::ask(const std::string& statement, const std::string& database) const {
  const std::string url = url_of({this}) + "&dbname=" + database;
  const std::unique_ptr<PGconn, Finish> connection(PQconnectdb(url.c_str()));
  const std::unique_ptr<PGresult, Clear> result(PQexec(connection.get(), statement.c_str()));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(statement + ": " + PQerrorMessage(connection.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string PostgresServer::url_of(const std::vector<const PostgresServer*>& servers) {
  std::string hosts;
  for (const auto* server : servers) hosts += (hosts.empty() ? "" : ",") + server->folder_.path().string();
  return "postgres://rota@/rota?host=" + hosts;
}

void PostgresServer::set(const std::string& setting) const {
  std::ofstream(data_ / "postgresql.conf", std::ios::app) << setting << "\n";
}

void PostgresServer::run(const std::string& program, const std::vector<std::string>& arguments) const {
  int status = 0;
  ::waitpid(spawn(program, arguments), &status, 0);
  if (status != 0) throw std::runtime_error(program + " fails: " + text_of(folder_.path() / "log"));
}

pid_t PostgresServer::spawn(const std::string& program, const std::vector<std::string>& arguments) const {
  const std::string path = postgres_programs() / program;
  std::vector<char*> argv{const_cast<char*>(path.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const passwd* user = other_user();
  const std::string log = folder_.path() / "log";
  const pid_t pid = check(::fork(), "fork");
  if (pid > 0) return pid;
  become(user, log);
  ::execv(path.c_str(), argv.data());
  ::_exit(127);
}

}  // namespace rota::test
