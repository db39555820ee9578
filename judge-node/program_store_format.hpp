#pragma once
// A compiled program as the bytes of one file (fields as base/byte_fields.hpp writes them):
//
//   "rota program 1\n"            what it is, and the format's version
//   key                           64 digits, as the file is named
//   report, limits                protocol/step_bytes.hpp
//   output                        text
//   artifacts                     how many (32 bits); each its name and its bytes, both texts
//   SHA-256 over all the above    64 digits
//
// The digest finds what disks and power cuts do, not what people do: whoever may write to the store's folder decides
// what the node runs.

#include <string>

#include "judge-node/compiled_program.hpp"

namespace rota::node {

// 64 lower-case hexadecimal digits, as compile_key() gives.
bool is_program_key(const std::string& key);

// The program has to be made (made_program) and its key valid. Throws std::system_error where its files cannot be
// read, and std::bad_alloc.
std::string encode_program(const std::string& key, const CompiledProgram& program);

// Nothing in the bytes but head and size is believed before the digest is right. Throws BadBytes for anything but what
// encode_program(key, ...) gives, std::system_error where no memory file can be made.
CompiledProgram decode_program(const std::string& key, std::string bytes);

}  // namespace rota::node
