#pragma once
// One call of `rota` as a real process, in a home, a temporary folder and a working folder of its own, so
// that nothing of the host's configuration counts and everything that it leaves behind can be seen.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "base/unique_fd.hpp"

namespace rota::test {

struct Outcome {
  int status = 0;  // exit code, or 128 + signal
  std::string out, err;
};

// The folders that calls of one test share.
class Home {
 public:
  Home();

  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path work() const { return path() / "work"; }
  std::filesystem::path temporary() const { return path() / "tmp"; }
  std::filesystem::path client_log() const { return path() / ".local/state/rota/client.log"; }

  // Writes a file into the working folder.
  void write(const std::string& name, const std::string& bytes) const;

  // Processes whose command line names this home: the daemons that a call has started.
  std::vector<pid_t> daemons() const;

  // Processes whose environment names this home as well: whatever a call has started, boxes included.
  std::vector<pid_t> processes() const;

 private:
  TempDir folder_{"rota-test-"};
};

class Command {
 public:
  static constexpr std::chrono::milliseconds kTimeout = std::chrono::seconds(60);

  struct Options {
    std::map<std::string, std::string> environment;
    std::string input;              // stdin: a pipe with this, then its end
    bool open_input = false;        // do not end stdin after `input`
    bool terminal = false;          // stderr is a terminal (a pseudo-terminal of ours)
    bool closed_output = false;     // stdout is a pipe without a reader
    std::filesystem::path program;  // empty: the build's own rota
  };

  // Starts it. Must be finished, or else it is killed with the object.
  Command(const Home& home, std::vector<std::string> arguments, Options options);
  Command(const Home& home, std::vector<std::string> arguments)
      : Command(home, std::move(arguments), Options{}) {}
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  // Reads until stderr (stdout) holds the text. Throws std::runtime_error with all that was written where it
  // ends or the time passes before.
  void await_err(const std::string& text) { await(err_, text); }
  void await_out(const std::string& text) { await(out_, text); }

  // Bytes that stand in the stdout pipe, which holds 64 KiB.
  int unread_output() const;

  // Waits for its end. Throws std::runtime_error after kTimeout.
  Outcome finish();

 private:
  struct Stream {
    UniqueFd fd;
    std::string text;
  };

  bool read_some(std::chrono::steady_clock::time_point deadline);
  static void read_into(Stream& stream);
  void await(const Stream& stream, const std::string& text);
  [[noreturn]] void give_up(const std::string& why);

  pid_t pid_ = -1;
  Stream out_, err_;
  UniqueFd input_;
};

// Runs it to its end.
Outcome rota(const Home& home, std::vector<std::string> arguments, Command::Options options = {});

}  // namespace rota::test
