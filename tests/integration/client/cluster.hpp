#pragma once
// A portal and its nodes for the tests of `rota`, with a home to call it from.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/integration/client/command.hpp"
#include "tests/support/daemon.hpp"

namespace rota::test {

class ClusterTest : public testing::Test {
 protected:
  explicit ClusterTest(int nodes = 1) {
    std::vector<std::string> arguments{"--listen", "127.0.0.1:0", "--name",
                                       "portal",   "--state-dir", state("portal")};
    for (int number = 1; number <= nodes; ++number) {
      const auto name = "node-" + std::to_string(number);
      std::vector<std::string> flags{"--listen", "127.0.0.1:0", "--name",      name,
                                     "--slots",  "2",           "--state-dir", state(name)};
      for (auto& flag : flags_of_test_nodes()) flags.push_back(flag);
      nodes_.push_back(std::make_unique<Daemon>(program_path("rota-node"), flags));
      arguments.insert(arguments.end(), {"--node", nodes_.back()->address()});
    }
    portal_ = std::make_unique<Daemon>(program_path("rota-portal"), arguments);
    environment_["ROTA_PORTAL"] = portal_->address();
  }

  std::string state(const std::string& name) const { return (states_.path() / name).string(); }

  // Writes the source and submits it under that name.
  Outcome submit(const std::string& name, const std::string& source, std::vector<std::string> more = {},
                 const std::string& input = "") {
    home_.write(name, source);
    more.insert(more.begin(), {"submit", name});
    return call(std::move(more), input);
  }

  Outcome call(std::vector<std::string> arguments, const std::string& input = "") {
    return rota(home_, std::move(arguments), {.environment = environment_, .input = input});
  }

  Home home_;
  TempDir states_{"rota-test-"};
  std::vector<std::unique_ptr<Daemon>> nodes_;
  std::unique_ptr<Daemon> portal_;
  std::map<std::string, std::string> environment_;
};

}  // namespace rota::test
