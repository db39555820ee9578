#pragma once
// Lists of CPUs as cpuset(7) has them: "0-2,5". Pure.

#include <string_view>

namespace rota::sandbox {

// Whether text is such a list, of CPUs below `cpus`.
bool is_list_of_cpus(std::string_view text, long cpus);

}  // namespace rota::sandbox
