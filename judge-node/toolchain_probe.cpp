#include "judge-node/toolchain_probe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "judge-node/toolchain.hpp"
#include "judge-node/verdict.hpp"

namespace rota::node {
namespace {

constexpr std::size_t kMaxShownBytes = 200;

std::string install_hint(const Language& language) {
  if (language.packages.empty()) return "";
  return fmt::format("; install {}", fmt::join(language.packages, " "));
}

void know(Language& language, const std::string& version) {
  language.toolchain = {version, language.version.empty() ? "" : language.version.front(), ""};
}

void cannot_use(Language& language, const std::string& why) {
  language.toolchain.problem = why + install_hint(language);
}

// For people, on a terminal: the program may have written anything.
std::string first_line(const std::string& text) {
  std::string line = text.substr(0, std::min(text.find('\n'), kMaxShownBytes));
  for (char& character : line) {
    if (character < ' ' || character > '~') character = '?';
  }
  return line;
}

}  // namespace

ToolchainProbe::ToolchainProbe(LanguageTable& languages, BoxPool& boxes, EventLog& log,
                               std::filesystem::path cache_file)
    : languages_(languages), boxes_(boxes), log_(log), cache_(std::move(cache_file)) {}

void ToolchainProbe::start(const std::function<bool(const Language&)>& asks, std::function<void()> done) {
  done_ = std::move(done);
  for (Language& language : languages_.all()) {
    const auto missing = missing_part(language);
    if (!missing.empty()) {
      cannot_use(language, missing + " is missing");
    } else if (language.version.empty()) {
      know(language, "");
    } else if (auto key = toolchain_key(language); const auto version = cache_.find(key)) {
      know(language, *version);
    } else if (!asks(language)) {
      know(language, "");
    } else {
      Question& question = questions_.try_emplace(key).first->second;
      if (question.languages.empty()) waiting_.push_back(&question);
      question.key = std::move(key);
      question.languages.push_back(&language);
    }
  }
  if (questions_.empty()) return finish();
  look_again();
}

void ToolchainProbe::look_again() {
  while (!waiting_.empty()) {
    Box* box = boxes_.idle();
    if (box == nullptr) return;
    Question& question = *waiting_.front();
    waiting_.pop_front();
    ask(question, *box);
  }
}

void ToolchainProbe::ask(Question& question, Box& box) {
  sandbox::RunSpec spec;
  spec.argv = question.languages.front()->version;
  spec.limits = kLimits;
  spec.free_address_space = true;
  spec.stdout_fd = question.output.fd();
  spec.stderr_fd = question.output.fd();
  box.run(spec, [this, &question](const sandbox::RunReply& reply) { answered(question, reply); });
}

// An accident of the box or a busy host says nothing of a toolchain: it is asked once more.
void ToolchainProbe::answered(Question& question, const sandbox::RunReply& reply) {
  const auto cause = reply.report.cause;
  const bool by_accident = cause != protocol::Cause::exited;
  if (by_accident && !std::exchange(question.asked_again, true)) {
    question.output = MemoryFile::sink();
    waiting_.push_back(&question);
    return look_again();
  }
  take(question, reply);
  if (succeeded(reply.report))
    cache_.add(question.key, version_in(question.output.read(kLimits.output_bytes)));
  questions_.erase(std::string(question.key));
  if (questions_.empty()) return finish();
  look_again();
}

void ToolchainProbe::take(const Question& question, const sandbox::RunReply& reply) {
  const std::string output = question.output.read(kLimits.output_bytes);
  const bool works = succeeded(reply.report);
  for (Language* language : question.languages) {
    if (works) {
      know(*language, version_in(output));
    } else {
      cannot_use(*language, fmt::format("{} {}: {}", fmt::join(language->version, " "),
                                        explain(reply.report, kLimits), first_line(output)));
    }
  }
}

// A cache that cannot be written costs the next start its questions, and no more.
void ToolchainProbe::finish() {
  std::int64_t offered = 0;
  for (const Language& language : languages_.all()) offered += language.toolchain.problem.empty() ? 1 : 0;
  log_.note("toolchains.found", {{"languages", offered},
                                 {"missing", static_cast<std::int64_t>(languages_.all().size()) - offered}});
  try {
    cache_.save();
  } catch (const std::exception& problem) {
    fmt::print(stderr, "rota-node: the toolchains are not remembered: {}\n", problem.what());
  }
  std::exchange(done_, nullptr)();
}

}  // namespace rota::node
