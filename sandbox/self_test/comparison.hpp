#pragma once
// What was expected of a run beside what was seen of it. Pure.

#include <string>
#include <vector>

#include "sandbox/self_test/attack.hpp"

namespace rota::sandbox {

// The problems, as sentences such as "exit: expected 0, was 3". What the expectation does not name is not compared, save the number of files brought out: none, unless
// `outputs` says otherwise. An empty or unknown expectation is a problem itself.
std::vector<std::string> compare(const Settings& expected, const RunReply& reply);

}  // namespace rota::sandbox
