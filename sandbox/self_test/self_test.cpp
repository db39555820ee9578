#include "sandbox/self_test/self_test.hpp"

#include <fcntl.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <stdexcept>

#include "base/check.hpp"
#include "sandbox/layers.hpp"
#include "sandbox/self_test/announcer.hpp"
#include "sandbox/self_test/leavings.hpp"
#include "sandbox/self_test/runner.hpp"

namespace rota::sandbox {
namespace {

namespace fs = std::filesystem;

// The same in the build tree and in an installed one.
fs::path corpus_folder() {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  return (program.parent_path() / ROTA_LIBEXEC_FROM_BIN).lexically_normal();
}

bool is_chosen(const SelfTest& test, const Attack& attack) {
  if (!test.family.empty() && attack.family != test.family) return false;
  if (!test.names.empty())
    return std::find(test.names.begin(), test.names.end(), attack.id()) != test.names.end();
  if (attack.slow && !test.slow) return false;
  return test.all || attack.in_self_test;
}

void require_chosen(const std::string& name, const std::vector<const Attack*>& chosen) {
  const bool is_there =
      std::any_of(chosen.begin(), chosen.end(), [&](const Attack* attack) { return attack->id() == name; });
  if (!is_there) throw std::invalid_argument("--attack " + name + ": there is none of that name");
}

std::vector<const Attack*> choose(const SelfTest& test, const std::vector<Attack>& corpus) {
  std::vector<const Attack*> chosen;
  for (const Attack& attack : corpus) {
    if (is_chosen(test, attack)) chosen.push_back(&attack);
  }
  for (const std::string& name : test.names) require_chosen(name, chosen);
  if (chosen.empty())
    throw std::invalid_argument("--family " + test.family +
                                ": no attack is of that family, or none that was asked for");
  return chosen;
}

void shuffle(const SelfTest& test, std::vector<const Attack*>& attacks) {
  const std::uint64_t seed = test.seed ? *test.seed : std::random_device()();
  std::cerr << "rota-box: order by --seed " << seed << ", " << test.boxes << " boxes at once\n";
  std::mt19937_64 random(seed);
  std::shuffle(attacks.begin(), attacks.end(), random);
}

}  // namespace

Layer self_test_layer() {
  const fs::path programs = corpus_folder() / "rota-attacks";
  const bool installed = fs::exists(programs);
  return {std::string(kSelfTestLayer), installed,
          installed ? "the attack programs are installed; `rota-box self-test` tries them"
                    : "the attack programs are not installed: " + programs.string()};
}

int test_self(const SelfTest& test) {
  if (const Layer layer = self_test_layer(); !layer.active) {
    std::cerr << "rota-box: " << layer.reason << '\n';
    return kNoAttackPrograms;
  }
  const fs::path folder = corpus_folder();
  const UniqueFd programs(
      check(::open((folder / "rota-attacks").c_str(), O_RDONLY | O_CLOEXEC), "open rota-attacks"));
  const std::vector<Attack> corpus = read_attacks(folder / "attacks");
  std::vector<const Attack*> chosen = choose(test, corpus);
  if (test.seed || test.boxes > 1) shuffle(test, chosen);
  const HostWatch watch;
  Announcer announcer(std::cout, test.json);
  Runner runner({.box_flags = test.box_flags, .boxes = test.boxes, .fresh_boxes = test.alone}, programs.get(),
                [&](const Verdict& verdict) { announcer.tell(verdict); });
  runner.run(chosen);
  for (const std::string& complaint : runner.complaints()) announcer.tell_problem(complaint);
  const std::vector<std::string> leavings = watch.find_leavings(runner.boxes());
  for (const std::string& leaving : leavings) announcer.tell_problem("left on the host: " + leaving);
  if (leavings.empty())
    std::cerr << "rota-box: no process, cgroup, mount or IPC object is left on the host\n";
  announcer.close();
  return announcer.all_is_well() ? 0 : 1;
}

}  // namespace rota::sandbox
