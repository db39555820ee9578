#include "client/client_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/daemon.hpp"
#include "base/temp_dir.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

TEST(ClientLog, AppendsOneJsonLinePerEvent) {
  const TempDir folder("rota-test-");
  const auto path = folder.path() / "deep/er/client.log";
  ClientLog log(path);
  log.append("submitted", "01890a5d-ac96-774b-bcce-b302099a8057", {{"file", "hello.c"}});
  log.append("result", "01890a5d-ac96-774b-bcce-b302099a8057", {{"verdict", "AC"}});
  std::ifstream stream(path);
  std::string line;
  ASSERT_TRUE(std::getline(stream, line));
  const auto event = protocol::from_log_line(line);
  EXPECT_EQ(event.name, "submitted");
  EXPECT_EQ(event.host, host_name());
  EXPECT_EQ(event.fields.at("file"), protocol::FieldValue("hello.c"));
  ASSERT_TRUE(std::getline(stream, line));
  EXPECT_EQ(protocol::from_log_line(line).name, "result");
}

TEST(ClientLog, ThatCannotBeWrittenIsOneWarningAndNoFailure) {
  ClientLog log("/proc/nonexistent/client.log");
  testing::internal::CaptureStderr();
  log.append("submitted", "", {});
  log.append("result", "", {});
  const auto said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, testing::HasSubstr("warning: no log is kept"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

}  // namespace
}  // namespace rota::client
