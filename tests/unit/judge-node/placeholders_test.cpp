#include "judge-node/placeholders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

TEST(Placeholders, AreFilledInWhereverTheyStand) {
  EXPECT_THAT(
      expand({"cc", "{source}", "-o{output}.bin"}, {.source = "a.c", .output = "program", .arguments = {}}),
      ElementsAre("cc", "a.c", "-oprogram.bin"));
}

TEST(Placeholders, ArgumentsTakeThePlaceOfTheirElement) {
  const Texts arguments{"one", "", "two words"};
  EXPECT_THAT(expand({"run", "{arguments}", "end"}, {.source = "", .output = "", .arguments = arguments}),
              ElementsAre("run", "one", "", "two words", "end"));
  EXPECT_THAT(expand({"run", "{arguments}"}, {.source = "", .output = "", .arguments = {}}),
              ElementsAre("run"));
}

TEST(Placeholders, WhatWasFilledInIsNotLookedAtAgain) {
  const Texts arguments{"{source}", "{arguments}"};
  EXPECT_THAT(expand({"{source}", "{arguments}"},
                     {.source = "{output}", .output = "program", .arguments = arguments}),
              ElementsAre("{output}", "{source}", "{arguments}"));
}

TEST(Placeholders, OtherBracesAreOrdinaryText) {
  const Texts arguments;
  EXPECT_THAT(expand({"awk", "{print $1}", "{}", "{A}", "{source"},
                     {.source = "s", .output = "o", .arguments = arguments}),
              ElementsAre("awk", "{print $1}", "{}", "{A}", "{source"));
  EXPECT_THAT(placeholders_in("{print $1} {} {A} {source"), IsEmpty());
}

TEST(Placeholders, AreFoundInOrder) {
  EXPECT_THAT(placeholders_in("{{one}{two}x{three}"), ElementsAre("{one}", "{two}", "{three}"));
  EXPECT_TRUE(mentions({"a", "b{source}c"}, kSourcePlaceholder));
  EXPECT_FALSE(mentions({"a", "{output}"}, kSourcePlaceholder));
}

}  // namespace
}  // namespace rota::node
