#include "net/worker.hpp"

#include <signal.h>

#include <exception>
#include <utility>

namespace rota::net {
namespace {

// Signals are the loop's: libuv's handlers would run here as well, but what they interrupt is better the loop than a
// task's system call.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

Worker::Worker(Loop& loop, Idle idle) : loop_(loop), idle_(std::move(idle)) {
  auto handle = std::make_unique<uv_async_t>();
  check_uv(uv_async_init(loop.raw(), handle.get(), on_completed), "start a worker");
  completed_.reset(handle.release());
  completed_->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(completed_.get()));
  const BlockedSignals blocked;  // a thread begins with its maker's mask
  thread_ = std::thread([this] { work(); });
}

Worker::~Worker() {
  *alive_ = false;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Worker::run(Task task) {
  if (expected_++ == 0) uv_ref(reinterpret_cast<uv_handle_t*>(completed_.get()));
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Worker::work() {
  Task task;
  while (take_task(task)) {
    if (task) {
      perform(task);
      has_idle_work_ = static_cast<bool>(idle_);
      task = nullptr;  // what it holds goes now, not with the next
    } else {
      has_idle_work_ = idle_();
    }
  }
}

// False: the end. A task that is empty: there is time for idle work.
bool Worker::take_task(Task& task) {
  const auto has_news = [this] { return ending_ || !tasks_.empty(); };
  std::unique_lock lock(mutex_);
  if (!has_idle_work_) {
    changed_.wait(lock, has_news);
  } else if (!changed_.wait_for(lock, kIdleAfter, has_news)) {
    return true;
  }
  if (tasks_.empty()) return false;
  task = std::move(tasks_.front());
  tasks_.pop_front();
  return true;
}

void Worker::perform(const Task& task) {
  Completion completion;
  try {
    completion = task();
  } catch (...) {
    completion = [failure = std::current_exception()] { std::rethrow_exception(failure); };
  }
  {
    const std::lock_guard lock(mutex_);
    completions_.push_back(std::move(completion));
  }
  uv_async_send(completed_.get());
}

void Worker::on_completed(uv_async_t* handle) {
  auto* self = static_cast<Worker*>(handle->data);
  if (self != nullptr) self->complete();
}

void Worker::complete() {
  std::deque<Completion> completions;
  {
    const std::lock_guard lock(mutex_);
    completions.swap(completions_);
  }
  expected_ -= completions.size();
  if (expected_ == 0) uv_unref(reinterpret_cast<uv_handle_t*>(completed_.get()));
  const auto alive = alive_;  // a completion may destroy this object
  Loop& loop = loop_;
  for (const auto& completion : completions) {
    if (!*alive) return;
    if (completion) loop.guard([&] { completion(); });
  }
}

}  // namespace rota::net
