#include "sandbox/self_test/trial.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/check.hpp"
#include "sandbox/self_test/comparison.hpp"

namespace rota::sandbox {
namespace {

constexpr const char* kProgramsName = "rota-attacks";
constexpr std::string_view kCleanText = "hello\n";

std::string with_source(std::string word, const std::string& source) {
  constexpr std::string_view kPlace = "{source}";
  const auto at = word.find(kPlace);
  return at == std::string::npos ? word : word.replace(at, kPlace.size(), source);
}

std::string read_start(int fd) {
  std::string text(4096, '\0');
  text.resize(
      static_cast<std::size_t>(check(::pread(fd, text.data(), text.size(), 0), "read a run's stdout")));
  return text;
}

}  // namespace

Trial::Trial(const Attack& attack, int programs)
    : attack_(attack),
      programs_(programs),
      clean_text_(check(::memfd_create("clean", MFD_CLOEXEC), "make a memfd")) {
  if (attack.first) stage_ = Stage::first;
  if (!attack.command.empty())
    source_.reset(
        check(::open(attack.source.c_str(), O_RDONLY | O_CLOEXEC), "open " + attack.source.string()));
}

std::optional<RunSpec> Trial::next() const {
  if (stage_ == Stage::done) return std::nullopt;
  return stage_ == Stage::clean ? clean_spec() : attack_spec();
}

RunSpec Trial::attack_spec() const {
  RunSpec spec;
  spec.limits = attack_.limits;
  spec.outputs = attack_.outputs;
  spec.output_file_bytes = 1 << 20;
  const std::string source_name = attack_.source.filename();
  if (source_) {
    for (const std::string& word : attack_.command) spec.argv.push_back(with_source(word, source_name));
    spec.inputs = {{source_name, source_.get(), false}};
  } else {
    spec.argv = {std::string("./") + kProgramsName, attack_.id()};
    spec.inputs = {{kProgramsName, programs_, true}};
  }
  if (attack_.first) spec.argv.emplace_back(stage_ == Stage::first ? "first" : "second");
  return spec;
}

// The program looks around by itself before it says hello: see tests/attacks/main.cpp.
RunSpec Trial::clean_spec() const {
  RunSpec spec;
  spec.argv = {std::string("./") + kProgramsName, "hello", std::to_string(::getpriority(PRIO_PROCESS, 0))};
  spec.inputs = {{kProgramsName, programs_, true}};
  spec.stdout_fd = clean_text_.get();
  return spec;
}

void Trial::take(const RunReply& reply) {
  if (stage_ == Stage::first) {
    note(*attack_.first, reply, "first run, ");
    stage_ = Stage::attack;
  } else if (stage_ == Stage::attack) {
    note(attack_.expected, reply, attack_.first ? "second run, " : "");
    finding_.report = reply.report;
    stage_ = Stage::clean;
  } else {
    check_clean(reply);
    stage_ = Stage::done;
  }
}

void Trial::note(const Settings& expected, const RunReply& reply, const std::string& which) {
  for (const std::string& problem : compare(expected, reply)) finding_.problems.push_back(which + problem);
}

void Trial::check_clean(const RunReply& reply) {
  note({{"cause", "exited"}, {"exit", "0"}, {"stderr_bytes", "0"}}, reply, "clean run after it, ");
  if (read_start(clean_text_.get()) != kCleanText) {
    finding_.problems.emplace_back("clean run after it, its output is not \"hello\"");
  }
}

}  // namespace rota::sandbox
