#include "judge-node/placeholders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

const PlaceholderValues kValues{.texts = {{"{source}", "a.c"}, {"{output}", "program"}}, .lists = {}};

PlaceholderValues with_arguments(Texts arguments) {
  return {.texts = {{"{source}", "{output}"}, {"{output}", "program"}},
          .lists = {{"{arguments}", std::move(arguments)}}};
}

TEST(Placeholders, AreFilledInWhereverTheyStand) {
  EXPECT_THAT(expand({"cc", "{source}", "-o{output}.bin"}, kValues),
              ElementsAre("cc", "a.c", "-oprogram.bin"));
}

TEST(Placeholders, AListTakesThePlaceOfItsElement) {
  EXPECT_THAT(expand({"run", "{arguments}", "end"}, with_arguments({"one", "", "two words"})),
              ElementsAre("run", "one", "", "two words", "end"));
  EXPECT_THAT(expand({"run", "{arguments}"}, with_arguments({})), ElementsAre("run"));
}

TEST(Placeholders, OneWithoutAValueBecomesNothing) {
  EXPECT_THAT(expand({"x{stem}y", "{flags}"}, kValues), ElementsAre("xy"));
}

TEST(Placeholders, WhatWasFilledInIsNotLookedAtAgain) {
  EXPECT_THAT(expand({"{source}", "{arguments}"}, with_arguments({"{source}", "{arguments}"})),
              ElementsAre("{output}", "{source}", "{arguments}"));
}

TEST(Placeholders, OtherBracesAreOrdinaryText) {
  EXPECT_THAT(expand({"awk", "{print $1}", "{}", "{A}", "{1}", "{source"}, kValues),
              ElementsAre("awk", "{print $1}", "{}", "{A}", "{1}", "{source"));
  EXPECT_THAT(placeholders_in("{print $1} {} {A} {1} {source"), IsEmpty());
}

TEST(Placeholders, AreFoundInOrder) {
  EXPECT_THAT(placeholders_in("{{one}{two}x{three_3}"), ElementsAre("{one}", "{two}", "{three_3}"));
  EXPECT_TRUE(mentions({"a", "b{source}c"}, placeholder::kSource));
  EXPECT_FALSE(mentions({"a", "{output}"}, placeholder::kSource));
}

}  // namespace
}  // namespace rota::node
