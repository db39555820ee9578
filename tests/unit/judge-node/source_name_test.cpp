#include "judge-node/source_name.hpp"

#include <gtest/gtest.h>

namespace rota::node {
namespace {

constexpr const char* kHello = "class Helper {}\npublic class Hello { }";
const SourceName kJava{.fixed = "", .public_class_suffix = ".java", .default_class = "Main"};

TEST(SourceNameTest, IsTheSubmittedOneWithoutARule) {
  EXPECT_EQ(name_in_work({}, "my file.py", "x"), "my file.py");
}

TEST(SourceNameTest, CanBeFixed) {
  EXPECT_EQ(
      name_in_work({.fixed = "main.nim", .public_class_suffix = "", .default_class = ""}, "a-b.nim", "x"),
      "main.nim");
}

TEST(SourceNameTest, FollowsThePublicClass) {
  EXPECT_EQ(name_in_work(kJava, "a.java", kHello), "Hello.java");
  EXPECT_EQ(name_in_work(kJava, "a.java", "class Other {}"), "Main.java");
  EXPECT_EQ(name_in_work(kJava, "Other.java", "class Helper {} class Other {}"), "Other.java");
}

TEST(PublicClass, IsFoundBehindModifiers) {
  EXPECT_EQ(class_of_file("public final class A {}", ""), "A");
  EXPECT_EQ(class_of_file("public\nabstract\tclass Größe<T> {}", ""), "Größe");
  EXPECT_EQ(class_of_file("public interface I{}", ""), "I");
  EXPECT_EQ(class_of_file("public enum E{}", ""), "E");
  EXPECT_EQ(class_of_file("public record R(int a){}", ""), "R");
}

TEST(PublicClass, IsNotFoundWhereThereIsNone) {
  EXPECT_EQ(class_of_file("", ""), std::nullopt);
  EXPECT_EQ(class_of_file("class A { public static void main(String[] a) {} }", ""), std::nullopt);
  EXPECT_EQ(class_of_file("public class", ""), std::nullopt);
  EXPECT_EQ(class_of_file("public class ../../x {}", ""), std::nullopt);
}

TEST(PublicClass, OfAnotherClassDoesNotCount) {
  EXPECT_EQ(class_of_file("class Main { public static class Node {} public class Edge {} }", "Main"), "Main");
  EXPECT_EQ(class_of_file("class A { void f() { } } public class B {}", ""), "B");
  EXPECT_EQ(class_of_file("public non-sealed class C {}", ""), "C");
  EXPECT_EQ(class_of_file("public @SuppressWarnings({\"a\"}) @Deprecated class D {}", ""), "D");
  EXPECT_EQ(class_of_file("@interface Note { int x() default 1; } public class E {}", ""), "E");
}

TEST(PublicClass, IsNotLookedForInCommentsAndStrings) {
  EXPECT_EQ(class_of_file("// public class A\n/* public class B */ public class C {}", ""), "C");
  EXPECT_EQ(class_of_file("String s = \"public class A\\\" public class B\"; public class C {}", ""), "C");
  EXPECT_EQ(class_of_file("s = \"\"\"\npublic class A\n\"\"\"; char c = '\"'; public class C {}", ""), "C");
  EXPECT_EQ(class_of_file("/* public class A {}", ""), std::nullopt);
}

TEST(PublicClass, ThatIsTooLongForAFileNameIsNone) {
  EXPECT_EQ(class_of_file("public class " + std::string(200, 'a'), ""), std::nullopt);
}

TEST(Stem, IsTheNameWithoutItsLastExtension) {
  EXPECT_EQ(stem_of("Main.java"), "Main");
  EXPECT_EQ(stem_of("a.b.c"), "a.b");
  EXPECT_EQ(stem_of("plain"), "plain");
}

}  // namespace
}  // namespace rota::node
