// The table in cgroup_place.hpp, row by row.

#include "sandbox/cgroup_place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::sandbox {
namespace {

PlaceFacts facts_of(const std::string& own) {
  return {.mount = {"/", "/cg"}, .own = own};
}

TEST(CgroupPlaceChoice, WhatIsHandedOnIsUsedAndEmptiedOfProcesses) {
  PlaceFacts facts = facts_of("/cg/user.slice/rota.service");
  facts.is_delegated = true;
  const CgroupPlace place{"/cg/user.slice/rota.service", {}, "/cg/user.slice/rota.service/rota-host", false};
  EXPECT_EQ(choose_place(facts), place);
  facts.is_root_user = true;
  EXPECT_EQ(choose_place(facts), place);
}

TEST(CgroupPlaceChoice, TheRootOfAContainerIsHandedOn) {
  PlaceFacts facts = facts_of("/cg");
  facts.is_root_user = true;
  EXPECT_EQ(choose_place(facts), (CgroupPlace{"/cg", {}, "/cg/rota-host", false}));
}

TEST(CgroupPlaceChoice, TheRealRootKeepsItsProcesses) {
  PlaceFacts facts = facts_of("/cg");
  facts.is_root_user = facts.is_hierarchy_root = true;
  EXPECT_EQ(choose_place(facts), (CgroupPlace{"/cg/rota", {"/cg"}, "", true}));
}

TEST(CgroupPlaceChoice, RootMakesAFolderOfItsOwnBesideWhatIsSomebodyElses) {
  PlaceFacts facts = facts_of("/cg/user.slice/session-1.scope");
  facts.is_root_user = true;
  EXPECT_EQ(choose_place(facts), (CgroupPlace{"/cg/rota", {"/cg"}, "", true}));
}

TEST(CgroupPlaceChoice, TheSecondBoxGoesWhereTheFirstHasBeen) {
  const CgroupPlace place{"/cg/rota.service", {}, "/cg/rota.service/rota-host", false};
  EXPECT_EQ(choose_place(facts_of("/cg/rota.service/rota-host")), place);
}

TEST(CgroupPlaceChoice, AnOrdinaryUserIsRefusedWhatIsNotHandedOn) {
  try {
    choose_place(facts_of("/cg/user.slice/session-1.scope"));
    FAIL() << "a place was found";
  } catch (const NoCgroupPlace& reason) {
    EXPECT_THAT(reason.what(), testing::HasSubstr("/cg/user.slice/session-1.scope is not handed on to us"));
  }
  PlaceFacts real_root = facts_of("/cg");
  real_root.is_hierarchy_root = true;
  EXPECT_THROW(choose_place(real_root), NoCgroupPlace);
}

}  // namespace
}  // namespace rota::sandbox
