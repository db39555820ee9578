#include "sandbox/bind.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace rota::sandbox {
namespace {

using testing::HasSubstr;

std::string refusal_of(const std::string& text) {
  try {
    parse_bind(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "taken";
}

TEST(Bind, IsShownAtItsOwnPlaceUnlessAnotherIsNamed) {
  EXPECT_EQ(parse_bind("/opt/tools").source, "/opt/tools");
  EXPECT_EQ(parse_bind("/opt/tools").target, "/opt/tools");
  EXPECT_EQ(parse_bind("/opt/tools:/usr/local").source, "/opt/tools");
  EXPECT_EQ(parse_bind("/opt/tools:/usr/local").target, "/usr/local");
}

TEST(Bind, PathsAreTidied) {
  EXPECT_EQ(parse_bind("/opt//tools/./").source, "/opt/tools");
  EXPECT_EQ(parse_bind("/a://b/").target, "/b");
}

TEST(Bind, AColonThatNoSlashFollowsBelongsToTheName) {
  EXPECT_EQ(parse_bind("/opt/a:b").source, "/opt/a:b");
  EXPECT_EQ(parse_bind("/opt/a:b:/c").source, "/opt/a:b");
  EXPECT_EQ(parse_bind("/opt/a:b:/c").target, "/c");
}

TEST(Bind, RefusesPathsThatAreNotAbsoluteAndDots) {
  for (const char* text : {"", "opt", "./opt", "opt:/opt", ":/opt"})
    EXPECT_THAT(refusal_of(text), HasSubstr("absolute")) << text;
  EXPECT_THAT(refusal_of("/opt/../etc"), HasSubstr(".."));
  EXPECT_THAT(refusal_of("/opt:/mnt/../work"), HasSubstr(".."));
}

TEST(Bind, RefusesTheWholeOfTheRoot) {
  for (const char* text : {"/", "//", "/:/host", "/opt:/"})
    EXPECT_THAT(refusal_of(text), HasSubstr("whole")) << text;
}

TEST(Bind, RefusesPlacesThatARunCovers) {
  for (const char* text : {"/work", "/tmp/x", "/opt:/proc", "/opt:/dev/shm", "/opt:/work/", "/dev/kvm"})
    EXPECT_THAT(refusal_of(text), HasSubstr("hidden inside")) << text;
  EXPECT_EQ(parse_bind("/tmp/x:/mnt").target, "/mnt");
  EXPECT_EQ(parse_bind("/workshop").target, "/workshop");
}

}  // namespace
}  // namespace rota::sandbox
