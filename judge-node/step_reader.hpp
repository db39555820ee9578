#pragma once
// Reads the steps of a language's file: commands with their limits. Internal to language_reader.cpp.

#include <string>
#include <vector>

#include "judge-node/key_reader.hpp"
#include "judge-node/language.hpp"

namespace rota::node {

// All throw KeyError.
std::vector<CompileStep> read_compile_steps(
    KeyReader& reader);  // its key "compile": an object or a list; may be absent
std::vector<CompileStep> read_fast_steps(KeyReader& reader);     // the same, and {warm} may stand there
std::vector<CompileStep> read_warm_up_steps(KeyReader& reader);  // the same, of which no submission is part
RunStep read_run_step(KeyReader step, bool has_output);
std::vector<std::string> read_command(KeyReader& reader, const std::string& key,
                                      const std::vector<std::string_view>& allowed_placeholders);

}  // namespace rota::node
