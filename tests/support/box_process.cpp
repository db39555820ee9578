#include "tests/support/box_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/check.hpp"
#include "tests/support/missing_layers.hpp"

extern char** environ;

namespace rota::sandbox::test {
namespace {

using rota::test::also_without_cgroups;

constexpr int kAnswerPatienceMs = 60'000;
constexpr int kFirstFreeFd = 10;
constexpr std::size_t kCopyBytes = 1 << 30;  // in one call; the kernel takes less at a time

// program: kept open under its number, -1 for none.
pid_t spawn(std::vector<std::string> arguments, int socket, int program) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, socket, 3);
  if (program >= 0) ::posix_spawn_file_actions_adddup2(&actions, program, program);  // no close-on-exec
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "start " + arguments[0]);
  return pid;
}

// The program as a file that stands in no folder: an ordinary user may not enter those of a build that stands
// below /root, say. Its descriptor leaves room for those that the box is started with.
UniqueFd copy_of_program() {
  const UniqueFd program(check(::open(ROTA_BOX_PATH, O_RDONLY | O_CLOEXEC), "open rota-box"));
  const UniqueFd copy = make_memfd("");
  while (check(::sendfile(copy.get(), program.get(), nullptr, kCopyBytes), "copy rota-box") > 0) continue;
  return UniqueFd(check(::fcntl(copy.get(), F_DUPFD_CLOEXEC, kFirstFreeFd), "move the copy of rota-box"));
}

std::vector<std::string> as_ordinary_user(const UniqueFd& program) {
  const std::string path = "/proc/self/fd/" + std::to_string(program.get());
  return {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", path};
}

// In a mount namespace that `script` has changed first.
std::vector<std::string> on_a_changed_host(const std::string& script,
                                           const std::vector<std::string>& program) {
  std::vector<std::string> arguments{"unshare", "--mount", "sh", "-c", script + " && exec \"$@\"", "sh"};
  arguments.insert(arguments.end(), program.begin(), program.end());
  return arguments;
}

// program: as_ordinary_user's.
std::vector<std::string> command_for(Starter starter, const UniqueFd& program) {
  const std::vector<std::string> plain{ROTA_BOX_PATH};
  const std::string hide = "mount -t proc -o hidepid=invisible proc /proc";  // an instance of its own
  switch (starter) {
    case Starter::as_we_are:
      return plain;
    case Starter::ordinary_user:
      return program ? as_ordinary_user(program) : plain;
    case Starter::without_cgroups:
      return on_a_changed_host("umount -R /sys/fs/cgroup", plain);
    case Starter::without_sys_nice:
      return {"setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice", ROTA_BOX_PATH};
    case Starter::hidden_proc:
      return on_a_changed_host(hide, plain);
    case Starter::ordinary_user_with_hidden_proc:
      return on_a_changed_host(hide, as_ordinary_user(program));
  }
  throw std::logic_error("unknown starter");
}

}  // namespace

UniqueFd make_memfd(std::string_view bytes) {
  UniqueFd file(check(::memfd_create("test", MFD_CLOEXEC), "make a memfd"));
  check(::write(file.get(), bytes.data(), bytes.size()), "fill a memfd");
  check(::lseek(file.get(), 0, SEEK_SET), "rewind a memfd");
  return file;
}

std::string read_all(int fd) {
  std::string all;
  char buffer[1 << 16];
  ssize_t size = 0;
  while ((size = check(::pread(fd, buffer, sizeof buffer, static_cast<off_t>(all.size())), "read")) > 0) {
    all.append(buffer, static_cast<std::size_t>(size));
  }
  return all;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

BoxProcess::BoxProcess(std::vector<std::string> flags, Starter starter) {
  auto [ours, theirs] = BoxClient::make_sockets();
  const bool changes_user =
      starter == Starter::ordinary_user || starter == Starter::ordinary_user_with_hidden_proc;
  const UniqueFd copy = changes_user && ::geteuid() == 0 ? copy_of_program() : UniqueFd();
  std::vector<std::string> arguments = command_for(starter, copy);
  for (const char* argument : {"serve", "--fd", "3"}) arguments.emplace_back(argument);
  if (starter != Starter::without_cgroups) arguments = also_without_cgroups(std::move(arguments));
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  pid_ = spawn(std::move(arguments), theirs.get(), copy.get());
  theirs.reset();
  client_.emplace(std::move(ours));
  BoxMessage first = wait_for_message();
  if (const auto* refused = std::get_if<BoxRefused>(&first)) {
    wait_for_end();
    throw std::runtime_error("the box refuses: " + refused->reason);
  }
  layers_ = std::get<BoxReady>(first).layers;
}

BoxProcess::~BoxProcess() {
  if (pid_ > 0) close_and_wait();
}

bool BoxProcess::has_layer(const std::string& name) const {
  return std::any_of(layers_.begin(), layers_.end(),
                     [&](const Layer& layer) { return layer.name == name && layer.active; });
}

std::string BoxProcess::why_not(const std::string& name) const {
  for (const Layer& layer : layers_) {
    if (layer.name == name) return name + ": " + layer.reason;
  }
  return name + ": unknown layer";
}

Outcome BoxProcess::run(RunSpec spec) {
  const UniqueFd out = make_memfd("");
  const UniqueFd err = make_memfd("");
  if (spec.stdout_fd < 0) spec.stdout_fd = out.get();
  if (spec.stderr_fd < 0) spec.stderr_fd = err.get();
  client_->run(spec);
  const RunReply reply = wait_for_reply();
  Outcome outcome{reply.report, read_all(out.get()), read_all(err.get()), {}};
  for (const OutputFile& file : reply.outputs) outcome.files[file.name] = read_all(file.file.get());
  return outcome;
}

Outcome BoxProcess::run(std::vector<std::string> argv) {
  RunSpec spec;
  spec.argv = std::move(argv);
  return run(std::move(spec));
}

RunReply BoxProcess::wait_for_reply() {
  return std::get<RunReply>(wait_for_message());
}

BoxMessage BoxProcess::wait_for_message() {
  for (;;) {
    pollfd ready{client_->fd(), POLLIN, 0};
    if (check(::poll(&ready, 1, kAnswerPatienceMs), "wait for the box") == 0) {
      throw std::runtime_error("the box does not answer");
    }
    if (auto message = client_->receive()) return std::move(*message);
  }
}

pid_t BoxProcess::wait_for_init() const {
  return wait_for_run().first;
}

pid_t BoxProcess::wait_for_payload() const {
  return wait_for_run().second;
}

// The box's children are its zygote, which has none, and inits, one of which may be that of a run that is prepared
// and has not begun. A payload has left our program behind when its image is another one.
std::optional<std::pair<pid_t, pid_t>> BoxProcess::find_run() const {
  const auto image = [](pid_t process) { return read_file("/proc/" + std::to_string(process) + "/comm"); };
  for (const pid_t init : children_of(pid_)) {
    const auto children = children_of(init);  // the payload, then orphans that init has taken in
    if (!children.empty() && image(children.front()) != image(pid_)) return {{init, children.front()}};
  }
  return std::nullopt;
}

bool BoxProcess::has_payload() const {
  return find_run().has_value();
}

std::pair<pid_t, pid_t> BoxProcess::wait_for_run() const {
  std::optional<std::pair<pid_t, pid_t>> run;
  if (!becomes_true([&] { return (run = find_run()).has_value(); }))
    throw std::runtime_error("no run is in progress");
  return *run;
}

int BoxProcess::close_and_wait() {
  client_.reset();
  return wait_for_end();
}

int BoxProcess::wait_for_end() {
  int status = 0;
  check(::waitpid(std::exchange(pid_, -1), &status, 0), "wait for the box's end");
  return status;
}

}  // namespace rota::sandbox::test
