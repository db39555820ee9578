#pragma once
// A thread beside the loop, for what would block it: tasks run there one after the other, and what each of them has to
// say is said on the loop. Who shares data with tasks hands it over with them.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

class Worker {
 public:
  using Completion = std::function<void()>;  // called on the loop; may be empty
  using Task = std::function<Completion()>;  // called on the thread; what it throws ends the loop's run()
  // Called on the thread once there has been nothing else to do for kIdleAfter; false: nothing is left to do until the next
  // task has run.
  using Idle = std::function<bool()>;

  static constexpr std::chrono::milliseconds kIdleAfter{50};

  explicit Worker(Loop& loop, Idle idle = {});
  // Waits until every task has run. No completion is called any more.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From the loop's thread.
  void run(Task task);

 private:
  static void on_completed(uv_async_t* handle);
  void work();
  bool take_task(Task& task);
  void perform(const Task& task);
  void complete();

  Loop& loop_;
  Idle idle_;
  HandlePtr<uv_async_t> completed_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // false once this object has gone
  std::size_t expected_ = 0;  // completions; the loop waits while there are any

  std::mutex mutex_;  // of the four below
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::deque<Completion> completions_;
  bool ending_ = false;

  bool has_idle_work_ = false;  // the thread's own
  std::thread thread_;          // last: it uses all that stands above
};

}  // namespace rota::net
