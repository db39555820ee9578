#include "judge-node/warm_ups.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "judge-node/source_scan.hpp"
#include "judge-node/toolchain.hpp"
#include "judge-node/verdict.hpp"
#include "judge-node/warm_up_key.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 1ull << 30;  // of one output
constexpr std::size_t kMaxLoggedBytes = 2000;
constexpr auto kMakingAtMost = std::chrono::hours(1);
constexpr const char* kMaking = ".making-";

bool are_there(const std::vector<std::string>& paths, const Language& language) {
  return std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
    std::error_code problem;
    return fs::exists(host_path_of(path, language.mounts), problem);
  });
}

// Those of the standard library, as <vector>, may come in any order. What is called otherwise, as <sched.h>, may want
// others before it, or not be allowed where it stands: a header that comes first now would hide that.
bool comes_in_any_order(std::string_view header) {
  return header.find_first_of("./") == std::string_view::npos;
}

bool suits(const FastCompile& fast, const protocol::Submit& submission) {
  const auto headers = leading_includes(submission.source);
  return std::all_of(fast.includes.begin(), fast.includes.end(), [&](const std::string& wanted) {
    const auto found = std::find(headers.begin(), headers.end(), wanted);
    return found != headers.end() && std::all_of(headers.begin(), found, comes_in_any_order);
  });
}

// Whoever may write there decides what every submission is compiled to.
void require_trusted(const fs::path& folder) {
  struct stat status {};
  check(::stat(folder.c_str(), &status), "look at " + folder.string());
  const bool others_own_it = status.st_uid != ::geteuid() && status.st_uid != 0;
  if (!others_own_it && (status.st_mode & 022) == 0) return;
  throw std::runtime_error(
      folder.string() +
      " may be written by others: give --host-cache a folder that only this user may write to");
}

void write_file(const fs::path& path, const MemoryFile& content) {
  fs::create_directories(path.parent_path());
  const UniqueFd out(
      check(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), "create " + path.string()));
  check(::fchmod(out.get(), 0644), "let others read " + path.string());  // whatever our umask
  off_t offset = 0;
  while (check(::sendfile(out.get(), content.fd(), &offset, 1 << 30), "write " + path.string()) > 0) continue;
}

}  // namespace

WarmUps::WarmUps(const LanguageTable& languages, EventLog& log, fs::path folder, bool makes)
    : languages_(languages), log_(log), folder_(std::move(folder)), makes_(makes) {
  fs::create_directories(folder_);
  require_trusted(folder_.parent_path());
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
    if (!are_there(fast.needs, language) || !suits(fast, submission)) continue;
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
  std::error_code problem;
  if (fs::is_directory(folder_ / key, problem)) {
    if (ready_.insert(key).second)
      log_.note("warm-up.found", {{"language", language.name}, {"warm_up", warm_up.id}});
    return true;
  }
  if (ready_.erase(key) != 0) asked_for_.erase(key);  // somebody has removed it
  if (makes_ && asked_for_.insert(key).second) tasks_.push_back({&language, &warm_up, key});
  return false;
}

void WarmUps::use(Box& box) {
  if (box_ != nullptr || tasks_.empty()) return;
  try {
    start_task();
    run_step(box);
  } catch (const std::exception& problem) {  // of this machine, such as no memory for the files
    finish({}, problem.what());
  }
}

void WarmUps::start_task() {
  const Task& task = tasks_.front();
  CompileInput input;
  inputs_.clear();
  for (const auto& [name, content] : task.warm_up->files) {
    inputs_.push_back(MemoryFile::sealed(content));
    input.files.push_back({.name = name, .fd = inputs_.back().fd(), .executable = false});
  }
  input.values.texts.emplace(placeholder::kWarm, std::string(kPlace) + "/" + task.key);
  run_.emplace(task.warm_up->steps, std::move(input), kMaxBytes);
}

void WarmUps::run_step(Box& box) {
  box.run(run_->next_spec(), [this, &box](sandbox::RunReply reply) { step_ended(box, std::move(reply)); });
  box_ = &box;
}

void WarmUps::step_ended(Box& box, sandbox::RunReply reply) {
  box_ = nullptr;
  try {
    if (begins_anew(reply)) {
      run_.reset();  // the task is still the first
    } else if (!run_->step_ended(std::move(reply))) {
      const auto program = run_->take_program();
      finish(*program,
             made_program(*program) ? "" : explain(program->report, program->limits) + program->problem);
    } else if (box.is_idle()) {
      return run_step(box);
    }
  } catch (const std::exception& problem) {
    finish({}, problem.what());
  }
  on_free_();
}

bool WarmUps::begins_anew(const sandbox::RunReply& reply) {
  if (std::exchange(gives_way_, false)) return true;
  return reply.report.cause != protocol::Cause::exited && ++tasks_.front().accidents < kTriesAtMost;
}

void WarmUps::finish(const CompiledProgram& program, std::string problem) {
  const Task task = tasks_.front();
  tasks_.pop_front();
  run_.reset();
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

void WarmUps::give_way(unsigned slots) {
  if (box_ == nullptr || gives_way_) return;
  if (slots > 1 && tasks_.front().given_way == kGivesWayAtMost) return;
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
    std::error_code exists;
    fs::rename(making, folder_ / task.key, exists);
    if (exists && !fs::is_directory(folder_ / task.key)) throw fs::filesystem_error("rename", making, exists);
  } catch (...) {
    fs::remove_all(making);
    throw;
  }
  std::error_code gone;
  fs::remove_all(making, gone);
  remove_superseded(task);
}

// A package that is upgraded makes every preparation anew: what the same one was before would only fill the disk.
void WarmUps::remove_superseded(const Task& task) const {
  const std::string prefix = task.key.substr(0, task.key.rfind('.') + 1);
  std::error_code problem;
  for (auto entry = fs::directory_iterator(folder_, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem)) {
    const std::string name = entry->path().filename();
    if (name != task.key && name.starts_with(prefix)) fs::remove_all(entry->path(), problem);
  }
}

void WarmUps::remove_leavings() const {
  const auto now = fs::file_time_type::clock::now();
  std::error_code problem;
  for (auto entry = fs::directory_iterator(folder_, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem)) {
    std::error_code gone;
    const bool unfinished = entry->path().filename().native().starts_with(kMaking);
    if (unfinished && now - entry->last_write_time(gone) > kMakingAtMost) fs::remove_all(entry->path(), gone);
  }
}

}  // namespace rota::node
