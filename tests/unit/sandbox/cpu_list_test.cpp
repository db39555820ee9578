#include "sandbox/cpu_list.hpp"

#include <gtest/gtest.h>

namespace rota::sandbox {
namespace {

TEST(CpuList, TakesNumbersAndRanges) {
  for (const char* text : {"0", "7", "0-7", "0,2", "0-2,5,6-7", "3-3"})
    EXPECT_TRUE(is_list_of_cpus(text, 8)) << text;
}

TEST(CpuList, RefusesCpusThatAreNotThere) {
  for (const char* text : {"8", "0-8", "0,99", "99999999999999999999"})
    EXPECT_FALSE(is_list_of_cpus(text, 8)) << text;
}

TEST(CpuList, RefusesWhatIsNoList) {
  for (const char* text : {"", ",", "0,", "-", "0-", "-1", "2-1", "0--1", "0 1", "a", "0x1", "0-1-2"})
    EXPECT_FALSE(is_list_of_cpus(text, 8)) << text;
}

}  // namespace
}  // namespace rota::sandbox
