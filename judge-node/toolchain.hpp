#pragma once
// What a language's programs are on this host, looked at from outside of the box.

#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"

namespace rota::node {

// Where a path of the box is on the host, as the language's mounts say.
std::string host_path_of(const std::string& path, const std::vector<std::string>& mounts);

// Path, and inode, size and time of change of the file that links lead to; "absent" where there is none. No more system calls
// than needed: it is asked for with each job.
std::string file_identity(const std::string& path);

// Changes whenever a package is installed, upgraded or removed; empty where that cannot be told.
std::string packages_identity();

// The mounts as rota-box takes them, without those that are missing and may be.
std::vector<std::string> present_mounts(const Language& language);

// The first thing that the language needs and that is not there, for people; empty where nothing is missing.
std::string missing_part(const Language& language);

// The first thing in the text that looks like a version, "12.2.0" or "9"; else empty.
std::string version_in(std::string_view text);

}  // namespace rota::node
