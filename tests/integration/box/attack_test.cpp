// Every program of tests/attacks: alone in a box of root's, alone in a box of an ordinary user's, and all of them
// shuffled in boxes that take one after another. The library is the one that `rota-box self-test` is made of.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "base/check.hpp"
#include "sandbox/self_test/leavings.hpp"
#include "sandbox/self_test/runner.hpp"
#include "tests/support/box_process.hpp"
#include "tests/support/missing_layers.hpp"

namespace rota::sandbox {

void PrintTo(const Attack& attack, std::ostream* out) {
  *out << attack.id();
}

namespace test {
namespace {

constexpr unsigned kBoxesAtOnce = 4;

const std::vector<Attack>& corpus() {
  static const std::vector<Attack> attacks = [] {
    std::vector<Attack> all = read_attacks(ROTA_ATTACK_SOURCES);
    std::erase_if(all, [](const Attack& attack) { return attack.slow; });  // left to ci/attacks
    return all;
  }();
  return attacks;
}

// Where the user differs, not only the filter or the compiler; without cgroups most limits do, too.
bool concerns_ordinary_users(const Attack& attack) {
  for (const char* family : {"kernel", "compile", "network"}) {
    if (attack.family == family) return false;
  }
  return attack.needs.empty();
}

std::vector<Attack> corpus_for_ordinary_users() {
  std::vector<Attack> chosen;
  std::copy_if(corpus().begin(), corpus().end(), std::back_inserter(chosen), concerns_ordinary_users);
  return chosen;
}

UniqueFd open_programs() {
  return UniqueFd(check(::open(ROTA_ATTACK_PROGRAMS, O_RDONLY | O_CLOEXEC), "open rota-attacks"));
}

// Fails the test, or says that it cannot be made.
void try_attack(BoxProcess& box, const Attack& attack) {
  for (const std::string& layer : attack.needs) NEEDS_LAYER(box, layer);
  const UniqueFd programs = open_programs();
  Trial trial(attack, programs.get());
  while (const auto spec = trial.next()) {
    box.client().run(*spec);
    trial.take(box.wait_for_reply());
  }
  for (const std::string& problem : trial.finding().problems) ADD_FAILURE() << problem;
}

std::string name_of(const testing::TestParamInfo<Attack>& parameter) {
  return parameter.param.family + "_" + parameter.param.name;
}

class AttackTest : public testing::TestWithParam<Attack> {};

TEST_P(AttackTest, IsContained) {
  BoxProcess box;
  try_attack(box, GetParam());
  EXPECT_EQ(box.close_and_wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Corpus, AttackTest, testing::ValuesIn(corpus()), name_of);

class OrdinaryUsersAttackTest : public testing::TestWithParam<Attack> {};

TEST_P(OrdinaryUsersAttackTest, IsContained) {
  BoxProcess box({}, Starter::ordinary_user);
  try_attack(box, GetParam());
  EXPECT_EQ(box.close_and_wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Corpus, OrdinaryUsersAttackTest, testing::ValuesIn(corpus_for_ordinary_users()),
                         name_of);

TEST(AttackCorpus, IsContainedInBoxesThatTakeOneAfterAnotherAndLeaveNothing) {
  std::vector<const Attack*> shuffled;
  for (const Attack& attack : corpus()) shuffled.push_back(&attack);
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(seed));
  const HostWatch watch;
  const UniqueFd programs = open_programs();
  Runner runner(
      {.program = ROTA_BOX_PATH, .box_flags = rota::test::allow_missing_cgroups(), .boxes = kBoxesAtOnce},
      programs.get(), [](const Verdict& verdict) {
        for (const std::string& problem : verdict.finding.problems)
          ADD_FAILURE() << verdict.attack->id() << ": " << problem;
      });
  runner.run(shuffled);
  EXPECT_EQ(runner.complaints(), std::vector<std::string>());
  EXPECT_EQ(watch.find_leavings(runner.boxes()), std::vector<std::string>());
}

const Attack& attack_named(const std::string& id) {
  for (const Attack& attack : corpus()) {
    if (attack.id() == id) return attack;
  }
  throw std::runtime_error("there is no attack " + id);
}

TEST(AttackRunner, GivesUpABoxThatDoesNotAnswerAndStartsAnother) {
  const std::vector<const Attack*> attacks{&attack_named("time/sleep"), &attack_named("kernel/queries")};
  const UniqueFd programs = open_programs();
  std::vector<Verdict> verdicts;
  // Longer than an attack that just looks around takes, shorter than one that waits for its limit.
  Runner runner({.program = ROTA_BOX_PATH,
                 .box_flags = rota::test::allow_missing_cgroups(),
                 .patience = attacks[0]->limits.wall_time / 2},
                programs.get(), [&](const Verdict& verdict) { verdicts.push_back(verdict); });
  runner.run(attacks);
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].kind, Verdict::Kind::not_contained);
  EXPECT_EQ(verdicts[0].finding.problems.front(), "the box does not answer");
  EXPECT_EQ(runner.boxes().size(), 2u);
}

TEST(AttackRunner, DoesNotTestWhereALayerIsMissing) {
  const UniqueFd programs = open_programs();
  Attack attack = attack_named("kernel/queries");
  attack.needs = {"memory-cgroup"};
  std::vector<Verdict> verdicts;
  Runner runner({.program = ROTA_BOX_PATH, .box_flags = {"--cgroup", "none"}}, programs.get(),
                [&](const Verdict& verdict) { verdicts.push_back(verdict); });
  runner.run({&attack});
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].kind, Verdict::Kind::not_tested);
  EXPECT_NE(verdicts[0].reason.find("memory-cgroup"), std::string::npos);
}

TEST(AttackRunner, RefusesABoxThatCannotBeStarted) {
  const UniqueFd programs = open_programs();
  Runner runner({.program = ROTA_BOX_PATH, .box_flags = {"--no-such-flag"}}, programs.get(), {});
  EXPECT_THROW(runner.run({&attack_named("kernel/queries")}), BoxGone);
}

TEST(HostWatch, FindsAProcessThatIsLeft) {
  const HostWatch watch;
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  const UniqueFd ours(ends[1]);
  const pid_t child = check(::fork(), "fork");
  if (child == 0) {
    ::close(ends[1]);
    char byte = 0;
    ::_exit(::read(ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  UniqueFd(ends[0]).reset();
  EXPECT_THAT(watch.find_leavings({}), testing::ElementsAre("a process that a box had started still runs"));
  ::kill(child, SIGKILL);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_THAT(watch.find_leavings({}), testing::IsEmpty());
}

struct Ended {
  int status = -1;
  std::string out;
};

// To its end, with its stdout.
Ended run_program(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const UniqueFd out = make_memfd("");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  pid_t pid = -1;
  EXPECT_EQ(::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ), 0);
  ::posix_spawn_file_actions_destroy(&actions);
  Ended ended;
  check(::waitpid(pid, &ended.status, 0), "wait for a program");
  ended.out = read_all(out.get());
  return ended;
}

TEST(SelfTest, ContainsItsSelection) {
  const Ended ended = run_program({ROTA_BOX_PATH, "self-test"});
  EXPECT_EQ(ended.status, 0) << ended.out;
  EXPECT_NE(ended.out.find(" contained, 0 not"), std::string::npos) << ended.out;
}

TEST(SelfTest, SpeaksJson) {
  const Ended ended = run_program({ROTA_BOX_PATH, "self-test", "--json", "--attack", "kernel/queries"});
  EXPECT_EQ(ended.status, 0) << ended.out;
  std::istringstream lines(ended.out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(nlohmann::json::parse(line).at("verdict"), "contained");
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(nlohmann::json::parse(line).at("contained"), 1);
}

TEST(SelfTest, RefusesANameThatItDoesNotKnow) {
  constexpr int kUsage = 64;
  EXPECT_EQ(run_program({ROTA_BOX_PATH, "self-test", "--attack", "kernel/none"}).status, kUsage << 8);
}

}  // namespace
}  // namespace test
}  // namespace rota::sandbox

// As gtest_main does it, but for a run in which something could not be tried: CTest takes that status for "skipped".
int main(int argument_count, char** arguments) {
  constexpr int kSkipped = 77;
  testing::InitGoogleTest(&argument_count, arguments);
  const int status = RUN_ALL_TESTS();
  return status == 0 && testing::UnitTest::GetInstance()->skipped_test_count() > 0 ? kSkipped : status;
}
