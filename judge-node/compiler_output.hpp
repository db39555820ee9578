#pragma once
// What a compiler wrote, as a student should read it: as it is, but without colours and without the box's folder.

#include <string>
#include <string_view>

namespace rota::node {

// Drops escape sequences (ECMA-48) and the "/work/" at the beginning of paths. cut: more was written than is here; a
// last line says so.
std::string readable_output(std::string_view output, bool cut);

}  // namespace rota::node
