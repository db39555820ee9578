#include "net/worker.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace rota::net {
namespace {

using testing::ElementsAre;

TEST(Worker, RunsTasksInOrderAndCompletesThemOnTheLoop) {
  Loop loop;
  Worker worker(loop);
  std::vector<int> ran, completed;
  const auto here = std::this_thread::get_id();
  for (const int number : {1, 2, 3}) {
    worker.run([&, number]() -> Worker::Completion {
      EXPECT_NE(std::this_thread::get_id(), here);
      ran.push_back(number);
      return [&, number] {
        EXPECT_EQ(std::this_thread::get_id(), here);
        completed.push_back(number);
      };
    });
  }
  loop.run();
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
  EXPECT_THAT(completed, ElementsAre(1, 2, 3));
}

TEST(Worker, KeepsNoLoopRunningThatWaitsForNoTask) {
  Loop loop;
  Worker worker(loop);
  loop.run();
  worker.run([]() -> Worker::Completion { return {}; });
  loop.run();
}

TEST(Worker, EndsTheLoopWithWhatATaskThrows) {
  Loop loop;
  Worker worker(loop);
  worker.run([]() -> Worker::Completion { throw std::runtime_error("broken"); });
  EXPECT_THROW(loop.run(), std::runtime_error);
}

TEST(Worker, FinishesItsTasksBeforeItGoesAndCallsNobody) {
  Loop loop;
  std::atomic<int> ran = 0;
  int completed = 0;
  {
    Worker worker(loop);
    for (int i = 0; i < 100; ++i) {
      worker.run([&]() -> Worker::Completion {
        ++ran;
        return [&] { ++completed; };
      });
    }
  }
  loop.run();
  EXPECT_EQ(ran, 100);
  EXPECT_EQ(completed, 0);
}

TEST(Worker, MayGoInACompletion) {
  Loop loop;
  int completed = 0;
  auto worker = std::make_unique<Worker>(loop);
  for (int i = 0; i < 3; ++i) {
    worker->run([&]() -> Worker::Completion {
      return [&] {
        ++completed;
        worker.reset();
      };
    });
  }
  loop.run();
  EXPECT_EQ(completed, 1);
}

TEST(Worker, DoesIdleWorkAfterATaskUntilNothingIsLeft) {
  Loop loop;
  std::promise<void> done;
  int left = 3;
  Worker worker(loop, [&] {
    if (--left == 0) done.set_value();
    return left > 0;
  });
  worker.run([]() -> Worker::Completion { return {}; });
  done.get_future().wait();
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace rota::net
