// Every program of tests/attacks, in one box each and in a shared one: the outcome that its head names,
// exactly, and a clean run after it.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.hpp"
#include "sandbox/report_text.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

using Settings = std::map<std::string, std::string>;

struct Attack {
  std::string family, name;
  Settings limits, expected;
  std::vector<std::string> outputs, needs;

  fs::path program() const { return fs::path(ROTA_ATTACK_PROGRAMS) / family / name; }
};

void PrintTo(const Attack& attack, std::ostream* out) {
  *out << attack.family << '/' << attack.name;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

Settings parse_settings(const std::string& text) {
  Settings settings;
  for (const std::string& word : split_words(text)) {
    const auto equals = word.find('=');
    settings[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return settings;
}

Attack read_attack(const fs::path& source) {
  Attack attack{source.parent_path().filename(), source.stem(), {}, {}, {}, {}};
  std::ifstream file(source);
  for (std::string line; std::getline(file, line) && line.starts_with("//");) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(3, colon - 3);
    const std::string value = line.substr(colon + 2);
    if (key == "limits") attack.limits = parse_settings(value);
    if (key == "expect") attack.expected = parse_settings(value);
    if (key == "outputs") attack.outputs = split_words(value);
    if (key == "needs") attack.needs = split_words(value);
  }
  return attack;
}

std::vector<Attack> all_attacks() {
  std::vector<Attack> attacks;
  for (const auto& entry : fs::recursive_directory_iterator(ROTA_ATTACK_SOURCES)) {
    if (entry.path().extension() == ".c") attacks.push_back(read_attack(entry.path()));
  }
  std::sort(attacks.begin(), attacks.end(), [](const Attack& left, const Attack& right) {
    return std::tie(left.family, left.name) < std::tie(right.family, right.name);
  });
  return attacks;
}

protocol::Limits limits_of(const Attack& attack) {
  protocol::Limits limits;
  limits.wall_time = milliseconds(10'000);
  for (const auto& [key, text] : attack.limits) {
    const auto value = std::stoull(text);
    if (key == "cpu_ms")
      limits.cpu_time = milliseconds(value);
    else if (key == "wall_ms")
      limits.wall_time = milliseconds(value);
    else if (key == "memory_mb")
      limits.memory_bytes = value << 20;
    else if (key == "output_kb")
      limits.output_bytes = value << 10;
    else if (key == "file_kb")
      limits.file_bytes = value << 10;
    else if (key == "processes")
      limits.processes = static_cast<std::uint32_t>(value);
    else
      throw std::runtime_error("unknown limit " + key);
  }
  return limits;
}

Settings describe(const protocol::StepReport& report) {
  return {{"cause", std::string(cause_name(report.cause))},
          {"exit", report.exit_code ? std::to_string(*report.exit_code) : "none"},
          {"signal", report.signal ? std::to_string(*report.signal) : "none"},
          {"stdout_bytes", std::to_string(report.stdout_bytes)},
          {"stderr_bytes", std::to_string(report.stderr_bytes)},
          {"stdout_cut", std::to_string(report.stdout_cut)},
          {"stderr_cut", std::to_string(report.stderr_cut)},
          {"process_limit_hit", std::to_string(report.process_limit_hit)}};
}

Outcome run_attack(BoxProcess& box, const Attack& attack) {
  const UniqueFd program(
      check(::open(attack.program().c_str(), O_RDONLY | O_CLOEXEC), "open " + attack.program().string()));
  RunSpec spec;
  spec.argv = {"./" + attack.name};
  spec.inputs = {{attack.name, program.get(), true}};
  spec.outputs = attack.outputs;
  spec.limits = limits_of(attack);
  return box.run(std::move(spec));
}

class AttackTest : public testing::TestWithParam<Attack> {};

// Where a layer is missing the outcome is another one: that is said, not passed over.
#define SKIP_WITHOUT_LAYERS(box, attack)                                                 \
  for (const std::string& layer : (attack).needs) {                                      \
    if (!(box).has_layer(layer)) GTEST_SKIP() << "NOT TESTED, " << (box).why_not(layer); \
  }

void expect_contained(BoxProcess& box, const Attack& attack) {
  ASSERT_FALSE(attack.expected.empty()) << "the program's head names no outcome";
  const Outcome outcome = run_attack(box, attack);
  const Settings seen = describe(outcome.report);
  for (const auto& [key, value] : attack.expected) {
    ASSERT_TRUE(seen.contains(key)) << "unknown expectation " << key;
    EXPECT_EQ(seen.at(key), value) << key << "; " << outcome.report.detail;
  }
  EXPECT_TRUE(outcome.files.empty());
  const Outcome clean = box.run({"echo", "clean"});
  EXPECT_EQ(clean.out, "clean\n") << clean.report.detail;
  EXPECT_EQ(clean.report.exit_code, 0);
}

TEST_P(AttackTest, IsContained) {
  BoxProcess box;
  SKIP_WITHOUT_LAYERS(box, GetParam());
  expect_contained(box, GetParam());
}

TEST_P(AttackTest, IsContainedForAnOrdinaryUser) {
  BoxProcess box({}, Starter::ordinary_user);
  SKIP_WITHOUT_LAYERS(box, GetParam());
  expect_contained(box, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Corpus, AttackTest, testing::ValuesIn(all_attacks()), [](const auto& parameter) {
  return parameter.param.family + "_" + parameter.param.name;
});

TEST(AttackCorpus, LeavesOneBoxCleanAfterAllOfIt) {
  BoxProcess box;
  for (const Attack& attack : all_attacks()) {
    SCOPED_TRACE(attack.family + "/" + attack.name);
    const bool testable = std::all_of(attack.needs.begin(), attack.needs.end(),
                                      [&](auto& need) { return box.has_layer(need); });
    if (testable) expect_contained(box, attack);
  }
  EXPECT_EQ(box.close_and_wait(), 0);
}

}  // namespace
}  // namespace rota::sandbox::test
