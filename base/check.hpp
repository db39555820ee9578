#pragma once
// One-line system calls: check(::open(…), "open cgroup.procs") returns the result or throws with errno and
// context.

#include <cerrno>
#include <string>
#include <system_error>

namespace rota {

// Throws std::system_error from errno when result is negative; otherwise returns it.
template <typename Result>
Result check(Result result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

template <typename Result>
Result check(Result result, const std::string& what) {
  return check(result, what.c_str());
}

}  // namespace rota
