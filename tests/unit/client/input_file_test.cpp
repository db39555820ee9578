#include "client/input_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/temp_dir.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {
namespace {

class InputFile : public testing::Test {
 protected:
  std::string file_with(const std::string& bytes) {
    const auto path = folder_.path() / "file";
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  static std::string refusal(const std::string& path, std::size_t bound) {
    try {
      read_input(path, "source file", bound);
    } catch (const ClientError& error) {
      EXPECT_EQ(error.status(), kNoInput);
      return error.what();
    }
    return "not refused";
  }

  TempDir folder_{"rota-test-"};
};

TEST_F(InputFile, ComesBackByteForByte) {
  std::string bytes(300'000, 'x');
  bytes[0] = '\0';
  bytes[299'999] = '\xff';
  EXPECT_EQ(read_input(file_with(bytes), "source file", 300'000), bytes);
}

TEST_F(InputFile, MayBeEmpty) {
  EXPECT_EQ(read_input(file_with(""), "source file", 10), "");
}

TEST_F(InputFile, IsRefusedWhereItPassesItsBound) {
  EXPECT_THAT(refusal(file_with(std::string((1 << 20) + 1, 'x')), 1 << 20),
              testing::HasSubstr("1 MiB is the most"));
}

TEST_F(InputFile, IsRefusedWhereItIsAFolder) {
  EXPECT_THAT(refusal(folder_.path().string(), 10), testing::HasSubstr("is a folder"));
}

TEST_F(InputFile, IsRefusedByNameWhereItIsMissing) {
  EXPECT_THAT(refusal("/nonexistent/hello.c", 10),
              testing::AllOf(testing::HasSubstr("/nonexistent/hello.c"), testing::HasSubstr("No such file")));
}

TEST_F(InputFile, OfADashIsStdinOnlyWhereThatIsMeant) {
  EXPECT_THAT(refusal("-", 10), testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace rota::client
