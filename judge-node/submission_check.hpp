#pragma once
// Whether a submission fits its language: names, flags, environment.

#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

// source_name: of the source in /work. Throws ProtocolError: bad_file_name where two files, or a file and what the
// compiler makes, would have one place; unknown_value where a flag is not allowed; bad_text for an environment entry that is
// not NAME=value.
void check_submission(const protocol::Submit& submission, const Language& language,
                      const std::string& source_name);

// Whether one of the patterns, in which one '*' stands for any part, fits the whole flag.
bool is_allowed_flag(std::string_view flag, const std::vector<std::string>& patterns);

// The source, and those files beside it that have its extension: what a compiler is given.
std::vector<std::string> sources_of(const protocol::Submit& submission, const std::string& source_name);

}  // namespace rota::node
