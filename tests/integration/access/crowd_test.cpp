// Many at once.

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <fstream>

#include "tests/integration/access/secure_portal.hpp"

namespace rota::test {
namespace {

using namespace protocol;

std::size_t resident_bytes(pid_t pid) {
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  std::size_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// As many connections as this host lets one process have, 10,000 at most; the portal takes half of its own descriptors.
std::size_t crowd_size() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return std::min<std::size_t>(10'000, limit.rlim_max / 2) - 10;
}

TEST(Crowd, OfIdleConnectionsCostsLittleMemoryAndNobodysService) {
  SecurePortal portal(SecurePortal::Flags{"--seed", "1"});  // loopback, no token asked
  const std::size_t before = resident_bytes(portal.daemon->pid());
  std::vector<PacketClient> crowd;
  const std::size_t size = crowd_size();
  crowd.reserve(size);
  while (crowd.size() < size) crowd.push_back(portal.connect());
  PacketClient client = portal.connect();
  client.send(Ping{7});
  EXPECT_EQ(client.expect<Pong>().number, 7u);
  const std::size_t grown = resident_bytes(portal.daemon->pid()) - before;
  RecordProperty("connections", static_cast<int>(size));
  RecordProperty("bytes_per_connection", static_cast<int>(grown / size));
  EXPECT_LT(grown / size, 8u << 10);
}

TEST(Crowd, OfStrangersLosesItsOldestAndKeepsNobodyOut) {
  SecurePortal portal(kPlainWithTokens);
  std::vector<PacketClient> crowd;
  for (int i = 0; i < 1100; ++i) crowd.push_back(portal.connect());
  PacketClient client = portal.connect();
  client.send(Authenticate{portal.token_in("cluster/admin.token")});
  EXPECT_EQ(client.expect<Authenticated>().user, "admin");
  EXPECT_FALSE(crowd.front().next().has_value());
}

}  // namespace
}  // namespace rota::test
