#pragma once
// Reading a whole file that a person named, with a bound and with messages that say what is wrong.

#include <cstddef>
#include <string>

namespace rota::client {

// what: "source file", for messages. path "-" is stdin where dash_is_stdin is set. Throws
// ClientError{kNoInput} where it cannot be read, is a folder, or holds more than max_bytes.
std::string read_input(const std::string& path, const char* what, std::size_t max_bytes,
                       bool dash_is_stdin = false);

}  // namespace rota::client
