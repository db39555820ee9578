#include "sandbox/zygote.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/check.hpp"
#include "sandbox/child_steps.hpp"
#include "sandbox/end_process.hpp"
#include "sandbox/run_processes.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;

// Of what is ours and takes milliseconds, so that nothing can hang.
constexpr std::chrono::milliseconds kPatience = 60s;

// Shared with the supervisor: its descriptor table. Its own: the network, empty but for loopback, which is down; and
// for root a user namespace. An ordinary user's supervisor has made one for itself.
std::uint64_t zygote_flags(bool own_users) {
  constexpr std::uint64_t kAlways = CLONE_FILES | CLONE_NEWNET | CLONE_NEWUTS | CLONE_PIDFD;
  return own_users ? kAlways | CLONE_NEWUSER : kAlways;
}

UniqueFd make_eventfd(int flags = 0) {
  return UniqueFd(check(::eventfd(0, EFD_CLOEXEC | flags), "make an event"));
}

// other: -1 for none.
Zygote::Wait wait_for(int eventfd, int process, int other = -1) {
  std::array<pollfd, 3> all{pollfd{eventfd, POLLIN, 0}, pollfd{process, POLLIN, 0}, pollfd{other, POLLIN, 0}};
  int ready = -1;
  while ((ready = ::poll(all.data(), all.size(), static_cast<int>(kPatience.count()))) < 0) {
    if (errno != EINTR) check(-1, "wait for the zygote");
  }
  if (ready == 0) return Zygote::Wait::too_late;
  return all[0].revents != 0 ? Zygote::Wait::rung : Zygote::Wait::gone;
}

}  // namespace

SharedBlock::SharedBlock() {
  constexpr int kFlags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
  void* memory = ::mmap(nullptr, sizeof(RunBlock), PROT_READ | PROT_WRITE, kFlags, -1, 0);
  if (memory == MAP_FAILED) check(-1, "map memory to share with runs");
  block_ = new (memory) RunBlock;
  block_->init = 0;
  block_->failed = false;
  block_->notifications = block_->socket_counts = block_->proc = -1;
}

SharedBlock::~SharedBlock() {
  ::munmap(block_, sizeof(RunBlock));
}

Zygote::Zygote(const ZygoteBasis& basis, std::span<const int> join_fds)
    : basis_(basis),
      supervisor_(check(open_pidfd(::getpid()), "open ourselves")),
      prepare_(make_eventfd()),
      go_(make_eventfd()),
      news_(make_eventfd(EFD_NONBLOCK)) {
  const RunContext context{&*block_,  &basis_,     join_fds,         prepare_.get(),
                           go_.get(), news_.get(), supervisor_.get()};
  int pidfd = -1;
  const bool own_users = basis_.identity.privileged && basis_.identity.no_user_namespace.empty();
  pid_ = check(clone_process(zygote_flags(own_users), &pidfd), "clone the zygote");
  if (pid_ == 0) run_zygote(context);
  pidfd_.reset(pidfd);
  bring_to_life(own_users);
}

void Zygote::bring_to_life(bool own_users) {
  try {
    if (own_users) map_only(basis_.identity, basis_.host_proc, pid_);
    ring(prepare_.get());
    wait_for_birth();
  } catch (const std::exception&) {
    UniqueFd(block_->notifications).reset();
    UniqueFd(block_->socket_counts).reset();
    end_process(pid_, pidfd_.get());
    throw;
  }
}

void Zygote::wait_for_birth() {
  last_wait_ = wait_for(news_.get(), pidfd_.get());
  if (last_wait_ != Wait::rung || block_->failed) {
    throw std::runtime_error("the zygote is not born: " + failure());
  }
  clear_news();
  notifications_.reset(block_->notifications);
}

Zygote::~Zygote() {
  try {
    end_prepared();
  } catch (const std::exception&) {
    // What is left of the run dies with us.
  }
  end_process(pid_, pidfd_.get());
}

void Zygote::end_prepared() {
  while (has_next_ && block_->init == 0) {  // else nobody would know of an init that is just being made
    if (block_->failed || wait_for(news_.get(), pidfd_.get()) != Wait::rung) break;
    clear_news();
  }
  const pid_t init = take_init();
  if (init <= 0) return;
  end_process(init, UniqueFd(block_->init_pidfd).get());
  UniqueFd(std::exchange(block_->proc, -1)).reset();
}

void Zygote::prepare(int birth_cgroup) {
  if (!block_->went) drain_go();
  clear_news();
  block_->birth_cgroup = birth_cgroup;
  block_->proc = -1;
  block_->failed = false;
  block_->went = false;
  block_->start_ns = 0;
  block_->phase = Phase::preparing;
  has_next_ = true;
  ring(prepare_.get());
}

bool Zygote::wait_until_prepared() {
  while (block_->init == 0 || block_->phase == Phase::preparing) {
    const int init = block_->init != 0 ? block_->init_pidfd : -1;
    if (block_->failed) return false;
    last_wait_ = wait_for(news_.get(), pidfd_.get(), init);
    if (last_wait_ != Wait::rung) return false;
    clear_news();
  }
  return block_->phase == Phase::prepared;
}

std::string Zygote::failure() const {
  if (block_->failed) return describe_failure(block_->failed_step, block_->failed_errno);
  return last_wait_ == Wait::too_late ? "no answer within a minute" : "it was ended from outside";
}

void Zygote::go() {
  ring(go_.get());
}

void Zygote::clear_news() const {
  std::uint64_t count = 0;
  if (::read(news_.get(), &count, sizeof count) < 0 && errno != EAGAIN) check(-1, "clear the zygote's news");
}

// A payload that died before it took the word has left it there.
void Zygote::drain_go() const {
  pollfd ready{go_.get(), POLLIN, 0};
  std::uint64_t count = 0;
  if (::poll(&ready, 1, 0) > 0) check(::read(go_.get(), &count, sizeof count), "take back the word to go");
}

pid_t Zygote::take_init() {
  has_next_ = false;
  return block_->init.exchange(0);
}

}  // namespace rota::sandbox
