#include "judge-node/compiler_output.hpp"

#include <gtest/gtest.h>

namespace rota::node {
namespace {

TEST(CompilerOutput, StaysAsTheCompilerWroteIt) {
  EXPECT_EQ(readable_output("a.c:1:2: error: \xff\n\tx\n", false), "a.c:1:2: error: \xff\n\tx\n");
  EXPECT_EQ(readable_output("", false), "");
}

TEST(CompilerOutput, LosesItsColours) {
  EXPECT_EQ(readable_output("\x1b[01m\x1b[Ka.c:1:\x1b[m\x1b[K \x1b[38;5;9merror\x1b[0m", false),
            "a.c:1: error");
  EXPECT_EQ(readable_output("\x1b]8;;http://x\adoc\x1b]8;;\x1b\\!", false), "doc!");
  EXPECT_EQ(readable_output("\x1b(Btext\x1b", false), "Btext");
}

TEST(CompilerOutput, LosesTheBoxesFolder) {
  EXPECT_EQ(readable_output("/work/a.c:1: in /work/b.h, \"/work/c\"", false), "a.c:1: in b.h, \"c\"");
  EXPECT_EQ(readable_output("/home/work/a.c and net/work/a.c", false), "/home/work/a.c and net/work/a.c");
}

TEST(CompilerOutput, SaysThatItWasCut) {
  EXPECT_EQ(readable_output("x", true), "x\n[rota: the compiler wrote more; the rest is not kept]\n");
}

}  // namespace
}  // namespace rota::node
