#include "judge-node/warm_ups.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "judge-node/source_scan.hpp"
#include "judge-node/verdict.hpp"
#include "judge-node/warm_up_key.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 1ull << 30;  // of one output
constexpr std::size_t kMaxLoggedBytes = 2000;
constexpr auto kKeptUnused = std::chrono::hours(24 * 30);
constexpr auto kMakingAtMost = std::chrono::hours(1);
constexpr const char* kMaking = ".making-";

bool are_there(const std::vector<std::string>& paths) {
  return std::all_of(paths.begin(), paths.end(), [](const std::string& path) {
    std::error_code problem;
    return fs::exists(path, problem);
  });
}

bool suits(const FastCompile& fast, const protocol::Submit& submission) {
  if (!fast.includes.empty()) {
    const auto headers = leading_includes(submission.source);
    for (const std::string& wanted : fast.includes) {
      if (std::find(headers.begin(), headers.end(), wanted) == headers.end()) return false;
    }
  }
  return fast.other_than.empty() || !holds_word(submission.source, fast.other_than);
}

void write_file(const fs::path& path, const MemoryFile& content) {
  fs::create_directories(path.parent_path());
  const UniqueFd out(
      check(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), "create " + path.string()));
  off_t offset = 0;
  while (check(::sendfile(out.get(), content.fd(), &offset, 1 << 30), "write " + path.string()) > 0) continue;
}

}  // namespace

WarmUps::WarmUps(const LanguageTable& languages, EventLog& log, fs::path folder, bool makes)
    : languages_(languages), log_(log), folder_(std::move(folder)), makes_(makes) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms(0755));  // judged code reads it as another user
}

void WarmUps::start(std::function<void()> on_free) {
  on_free_ = std::move(on_free);
  remove_leavings();
  for (const Language& language : languages_.all()) {
    // One that no file name means, such as an older standard, is prepared when it is first asked for.
    if (!language.toolchain.problem.empty() || language.extensions.empty()) continue;
    for (const WarmUp& warm_up : language.warm_ups) is_ready(language, warm_up);
  }
}

std::optional<WarmUps::Way> WarmUps::way_for(const Language& language, const protocol::Submit& submission) {
  // Files beside the source may hold anything, and flags may contradict what was prepared.
  if (!submission.files.empty() || !submission.compile_flags.empty() || !submission.link_flags.empty())
    return std::nullopt;
  for (const FastCompile& fast : language.fast_compile) {
    if (!are_there(fast.needs) || !suits(fast, submission)) continue;
    if (fast.warm_up.empty()) return Way{&fast, ""};
    const auto warm_up = std::find_if(language.warm_ups.begin(), language.warm_ups.end(),
                                      [&](const WarmUp& known) { return known.id == fast.warm_up; });
    if (is_ready(language, *warm_up))
      return Way{&fast, std::string(kPlace) + "/" + warm_up_key(language, *warm_up)};
  }
  return std::nullopt;
}

// What is not ready is put on the list, once.
bool WarmUps::is_ready(const Language& language, const WarmUp& warm_up) {
  const std::string key = warm_up_key(language, warm_up);
  if (ready_.contains(key)) return true;
  std::error_code problem;
  if (fs::is_directory(folder_ / key, problem)) {
    fs::last_write_time(folder_ / key, fs::file_time_type::clock::now(), problem);  // it is in use
    ready_.insert(key);
    log_.note("warm-up.found", {{"language", language.name}, {"warm_up", warm_up.id}});
    return true;
  }
  if (makes_ && asked_for_.insert(key).second) tasks_.push_back({&language, &warm_up, key});
  return false;
}

void WarmUps::use(Box& box) {
  if (box_ != nullptr || tasks_.empty()) return;
  const Task& task = tasks_.front();
  CompileInput input;
  inputs_.clear();
  for (const auto& [name, content] : task.warm_up->files) {
    inputs_.push_back(MemoryFile::sealed(content));
    input.files.push_back({.name = name, .fd = inputs_.back().fd(), .executable = false});
  }
  input.values.texts.emplace(placeholder::kWarm, std::string(kPlace) + "/" + task.key);
  run_.emplace(task.warm_up->steps, std::move(input), kMaxBytes);
  run_step(box);
}

void WarmUps::run_step(Box& box) {
  box_ = &box;
  box.run(run_->next_spec(), [this, &box](sandbox::RunReply reply) { step_ended(box, std::move(reply)); });
}

void WarmUps::step_ended(Box& box, sandbox::RunReply reply) {
  box_ = nullptr;
  if (begins_anew(reply)) {
    run_.reset();  // the task is still the first
  } else if (!run_->step_ended(std::move(reply))) {
    finish(*run_->take_program());
  } else if (box.is_idle()) {
    return run_step(box);
  }
  on_free_();
}

bool WarmUps::begins_anew(const sandbox::RunReply& reply) {
  Task& task = tasks_.front();
  if (std::exchange(gives_way_, false)) return true;
  return reply.report.cause == protocol::Cause::box_failure && ++task.lost_boxes < kLostBoxesAtMost;
}

void WarmUps::finish(const CompiledProgram& program) {
  const Task task = tasks_.front();
  tasks_.pop_front();
  run_.reset();
  std::string problem =
      made_program(program) ? "" : explain(program.report, program.limits) + program.problem;
  try {
    if (problem.empty()) keep(task, program);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  std::map<std::string, protocol::FieldValue> fields{{"language", task.language->name},
                                                     {"warm_up", task.warm_up->id}};
  if (problem.empty()) {
    ready_.insert(task.key);
    fields.emplace("cpu_time_us", program.report.cpu_time / std::chrono::microseconds(1));
    return log_.note("warm-up.made", std::move(fields));
  }
  fields.emplace("reason", problem);
  fields.emplace("output", program.output.substr(0, kMaxLoggedBytes));
  log_.note("warm-up.failed", std::move(fields));
}

void WarmUps::give_way() {
  if (box_ == nullptr || gives_way_ || tasks_.front().given_way == kGivesWayAtMost) return;
  gives_way_ = true;
  ++tasks_.front().given_way;
  box_->cancel();
}

// Another node of this host may have been quicker: then its work is taken.
void WarmUps::keep(const Task& task, const CompiledProgram& program) const {
  std::string making = folder_ / (std::string(kMaking) + "XXXXXX");
  if (::mkdtemp(making.data()) == nullptr) check(-1, "make " + making);
  try {
    fs::permissions(making, fs::perms(0755));
    for (const auto& [name, content] : task.warm_up->files)
      write_file(fs::path(making) / name, MemoryFile::sealed(content));
    for (const Artifact& artifact : program.artifacts)
      write_file(fs::path(making) / artifact.name, artifact.file);
    if (!fs::exists(folder_ / task.key)) fs::rename(making, folder_ / task.key);
  } catch (...) {
    fs::remove_all(making);
    throw;
  }
}

void WarmUps::remove_leavings() const {
  const auto now = fs::file_time_type::clock::now();
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder_, problem)) {
    const bool unfinished = entry.path().filename().native().starts_with(kMaking);
    const auto age = now - entry.last_write_time(problem);
    if (!problem && age > (unfinished ? kMakingAtMost : kKeptUnused)) fs::remove_all(entry.path(), problem);
  }
}

}  // namespace rota::node
