#pragma once
// What can be told of a C or C++ source without compiling it.

#include <string_view>
#include <vector>

namespace rota::node {

// The <headers> that are included before anything else stands in the source but comments and white space. Stops at the first
// thing of another kind: a macro, another directive, an "include" in quotes, code, a line that is continued.
std::vector<std::string_view> leading_includes(std::string_view source);

}  // namespace rota::node
