// Every program of tests/attacks: alone in a box of root's, alone in a box of an ordinary user's, and all of them
// shuffled in boxes that take one after another. The library is the one that `rota-box self-test` is made of.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "base/check.hpp"
#include "sandbox/self_test/leavings.hpp"
#include "sandbox/self_test/runner.hpp"
#include "tests/integration/box/box_process.hpp"

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
  for (const std::string& what : trial.finding().unchecked) std::cout << "NOT CHECKED: " << what << '\n';
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
  Runner runner({.program = ROTA_BOX_PATH, .boxes = kBoxesAtOnce}, programs.get(),
                [](const Verdict& verdict) {
                  for (const std::string& problem : verdict.finding.problems)
                    ADD_FAILURE() << verdict.attack->id() << ": " << problem;
                });
  runner.run(shuffled);
  EXPECT_EQ(runner.complaints(), std::vector<std::string>());
  EXPECT_EQ(watch.find_leavings(runner.boxes()), std::vector<std::string>());
}

}  // namespace
}  // namespace test
}  // namespace rota::sandbox
