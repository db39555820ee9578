#include "judge-node/self_test.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <sstream>
#include <string_view>
#include <utility>

#include "sandbox/layers.hpp"

namespace rota::node {
namespace {

constexpr std::size_t kMaxOutputBytes = 64 << 10;
constexpr std::size_t kMaxLoggedBytes = 8 << 10;

std::vector<std::string> command_of(const SelfTestSettings& settings) {
  std::vector<std::string> command{settings.box.string(), "self-test"};
  if (settings.box_flags.empty()) return command;
  command.emplace_back("--");
  command.insert(command.end(), settings.box_flags.begin(), settings.box_flags.end());
  return command;
}

// Without the name of the program that speaks.
std::string last_line(std::string_view output) {
  constexpr std::string_view kSpeaker = "rota-box: ";
  while (output.ends_with('\n')) output.remove_suffix(1);
  output.remove_prefix(output.rfind('\n') + 1);  // npos + 1 is 0
  if (output.starts_with(kSpeaker)) output.remove_prefix(kSpeaker.size());
  return std::string(output);
}

sandbox::Layer missing_layer(const std::string& output) {
  return {std::string(sandbox::kSelfTestLayer), false, last_line(output)};
}

}  // namespace

std::string complaint_in(const std::string& output) {
  std::istringstream lines(output);
  std::string complaints;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("NOT CONTAINED") != std::string::npos)
      complaints += (complaints.empty() ? "" : "\n") + line;
  }
  return complaints.empty() ? last_line(output) : complaints;
}

SelfTest::SelfTest(net::Loop& loop, EventLog& log, SelfTestSettings settings)
    : loop_(loop),
      log_(log),
      settings_(std::move(settings)),
      cache_(settings_.cache),
      output_(MemoryFile::sink()),
      deadline_(loop) {}

void SelfTest::start(const std::vector<sandbox::Layer>& layers, Done done) {
  done_ = std::move(done);
  if (settings_.mode == SelfTestMode::never) return skip("--self-test never");
  key_ = self_test_key(settings_.box, settings_.box_flags, layers);
  if (settings_.mode != SelfTestMode::automatic || !key_ || !cache_.holds(*key_)) return run();
  log_.note("self-test.cached", {{"file", cache_.file().string()}});
  done_(std::nullopt);
}

void SelfTest::repeat(Done done) {
  done_ = std::move(done);
  if (settings_.mode == SelfTestMode::never) return done_(std::nullopt);  // said at the start
  output_ = MemoryFile::sink();
  run();
}

void SelfTest::run() {
  process_.emplace(loop_, command_of(settings_), std::vector<int>{-1, output_.fd(), output_.fd()},
                   [this](int status) { ended(status); });
  deadline_.once(kPatience, [this] { process_->kill(SIGKILL); });
}

void SelfTest::ended(int status) {
  deadline_.stop();
  const std::string output = output_.read(kMaxOutputBytes);
  if (status == 0) return passed(output);
  if (status == sandbox::kNoAttackPrograms) {
    const auto layer = missing_layer(output);
    if (!sandbox::is_missing(layer, settings_.allow_missing)) return skip(layer.reason);
    return fail(output, sandbox::refusal_of(layer));
  }
  const auto how =
      status > 128 ? fmt::format("signal {}", status - 128) : fmt::format("exit status {}", status);
  fail(output, fmt::format("the self-test of the sandbox failed ({}):\n{}", how, complaint_in(output)));
}

void SelfTest::stop() {
  deadline_.stop();
  process_.reset();
}

// A cache that cannot be written costs the next start a self-test, and no more.
void SelfTest::passed(const std::string& output) {
  log_.note("self-test.passed", {{"summary", last_line(output)}});
  try {
    if (key_) cache_.add(*key_);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "rota-node: the self-test is not remembered: {}\n", problem.what());
  }
  done_(std::nullopt);
}

void SelfTest::skip(const std::string& reason) {
  log_.note("self-test.skipped", {{"reason", reason}});
  fmt::print(stderr, "rota-node: NO SELF-TEST of the sandbox: {}\n", reason);
  done_(std::nullopt);
}

void SelfTest::fail(const std::string& output, const std::string& reason) {
  const auto end = output.size() > kMaxLoggedBytes ? output.substr(output.size() - kMaxLoggedBytes) : output;
  log_.note("self-test.failed", {{"reason", reason}, {"output", end}});
  done_(reason);
}

}  // namespace rota::node
