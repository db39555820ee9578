#include "portal/options.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/temp_dir.hpp"
#include "protocol/bounds.hpp"

namespace rota::portal {
namespace {

ParsedOptions parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "rota-portal");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(PortalOptions, TakesTheOriginalCommandLine) {
  const auto parsed = parse({"1234", "mumm", "1", "pol", "2"});
  ASSERT_EQ(parsed.exit_status, -1);
  EXPECT_EQ(parsed.options.listen.port, 1234);
  ASSERT_EQ(parsed.options.nodes.size(), 2u);
  EXPECT_EQ(parsed.options.nodes[0].host, "mumm");
  EXPECT_EQ(parsed.options.nodes[1].port, 2);
}

TEST(PortalOptions, TakesFlags) {
  const auto parsed =
      parse({"--listen", "[::1]:0", "--node", "a:1", "--node", "b:2", "--seed", "9", "--name", "p"});
  ASSERT_EQ(parsed.exit_status, -1);
  EXPECT_EQ(parsed.options.listen.host, "::1");
  EXPECT_EQ(parsed.options.nodes.size(), 2u);
  EXPECT_EQ(parsed.options.seed, 9u);
  EXPECT_EQ(parsed.options.name, "p");
}

TEST(PortalOptions, ReadsAConfigurationFile) {
  TempDir folder("rota-options");
  const std::string file = folder.path() / "portal.conf";
  std::ofstream(file) << "listen = \"127.0.0.1:7\"\nnode = [\"a:1\", \"b:2\"]\n";
  const auto parsed = parse({"--config", file.c_str()});
  ASSERT_EQ(parsed.exit_status, -1);
  EXPECT_EQ(parsed.options.listen.port, 7);
  EXPECT_EQ(parsed.options.nodes.size(), 2u);
}

TEST(PortalOptions, RefusesAFileWithANameThatItDoesNotKnow) {
  TempDir folder("rota-options");
  const std::string file = folder.path() / "portal.conf";
  std::ofstream(file) << "node = \"a:1\"\nsed = 9\n";
  EXPECT_EQ(parse({"--config", file.c_str()}).exit_status, 64);
}

TEST(PortalOptions, RefusesMoreNodesThanAPacketNames) {
  std::vector<const char*> arguments;
  for (std::size_t i = 0; i <= protocol::kMaxNodes; ++i) arguments.insert(arguments.end(), {"--node", "a:1"});
  EXPECT_EQ(parse(arguments).exit_status, 64);
  arguments.resize(arguments.size() - 2);
  EXPECT_EQ(parse(arguments).exit_status, -1);
}

TEST(PortalOptions, NeedNoNodesSinceTheyMayJoin) {
  const auto parsed = parse({"1234", "--state-dir", "/x"});
  EXPECT_EQ(parsed.exit_status, -1);
  EXPECT_EQ(parsed.options.nodes.size(), 0u);
  EXPECT_EQ(parsed.options.store, "sqlite:/x/jobs.sqlite");
}

TEST(PortalOptions, LeaveANodeTimeToEndItsJobsBeforeOthersGetThem) {
  const auto parsed = parse({"1234", "--grace-ms", "1000"});
  EXPECT_LT(parsed.options.dispatcher.fence_after, parsed.options.dispatcher.grace);
}

TEST(PortalOptions, RefusesNonsenseAsAUsageError) {
  for (const auto& arguments :
       std::vector<std::vector<const char*>>{{"1234", "mumm"},
                                             {"1234", "--listen", "127.0.0.1:1235"},
                                             {"99999", "a", "1"},
                                             {"x", "a", "1"},
                                             {"1", "a", "-1"},
                                             {"--node", "a"},
                                             {"--node", "a:1", "--listen", "::1:4000"},
                                             {"--store", "papyrus"},
                                             {"--grace-ms", "0"},
                                             {"--nonsense"}}) {
    EXPECT_EQ(parse(arguments).exit_status, 64);
  }
}

}  // namespace
}  // namespace rota::portal
