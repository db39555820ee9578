#include "net/timer.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "net/fd_watch.hpp"
#include "net/signals.hpp"

namespace rota::net {
namespace {

using namespace std::chrono_literals;

TEST(Timer, CallsOnceAfterItsDelay) {
  Loop loop;
  Timer timer(loop);
  const auto begin = std::chrono::steady_clock::now();
  int calls = 0;
  timer.once(20ms, [&] { ++calls; });
  loop.run();
  EXPECT_EQ(calls, 1);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 19ms);  // libuv counts in whole milliseconds
}

TEST(Timer, CallsAgainUntilItIsStopped) {
  Loop loop;
  Timer timer(loop);
  int calls = 0;
  timer.every(1ms, [&] {
    if (++calls == 3) timer.stop();
  });
  loop.run();
  EXPECT_EQ(calls, 3);
}

// With timers of 0 ms, libuv would go through all of these turns before it looked at the pipe.
TEST(Timer, LetsDescriptorsBeLookedAtWhereItStartsAnewFromItsOwnCallback) {
  constexpr int kManyTurns = 1000;
  std::array<int, 2> ends{};
  check(::pipe(ends.data()), "pipe");
  const UniqueFd reader(ends[0]), writer(ends[1]);
  check(::write(writer.get(), "x", 1), "write");
  Loop loop;
  Timer busy(loop);
  int turns = 0, turns_when_seen = kManyTurns;
  std::function<void()> again = [&] {
    if (++turns < kManyTurns) busy.once(0ms, again);
  };
  busy.once(0ms, again);
  std::optional<FdWatch> watch;
  watch.emplace(loop, reader.get(), [&] {
    turns_when_seen = turns;
    watch.reset();
  });
  loop.run();
  EXPECT_LT(turns_when_seen, 10);
  EXPECT_EQ(turns, kManyTurns);
}

TEST(Timer, CallsOnceInTheNextTurnWhereThereIsNoDelay) {
  Loop loop;
  Timer timer(loop);
  int calls = 0;
  timer.once(0ms, [&] { ++calls; });
  EXPECT_EQ(calls, 0);
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST(Timer, MayBeDestroyedByItsOwnCallback) {
  Loop loop;
  auto timer = std::make_unique<Timer>(loop);
  bool called = false;
  timer->once(1ms, [&, text = std::string(100, 'x')] {
    timer.reset();
    called = text.size() == 100;
  });
  loop.run();
  EXPECT_TRUE(called);
}

TEST(Loop, ThrowsWhatACallbackThrew) {
  Loop loop;
  Timer timer(loop);
  timer.once(1ms, [] { throw std::runtime_error("from a callback"); });
  EXPECT_THROW(loop.run(), std::runtime_error);
}

TEST(Signals, CallBackInTheLoop) {
  Loop loop;
  Timer timer(loop);
  int seen = 0;
  const Signals signals(loop, {SIGUSR1}, [&](int signal) {
    seen = signal;
    loop.stop();
  });
  timer.once(1ms, [] { std::raise(SIGUSR1); });
  Timer keeps_going(loop);  // signals alone do not keep the loop going
  keeps_going.every(1s, [] {});
  loop.run();
  EXPECT_EQ(seen, SIGUSR1);
}

}  // namespace
}  // namespace rota::net
