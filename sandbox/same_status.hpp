#pragma once
// Whether two looks at one file, some time apart, show the same.

#include <sys/stat.h>

#include <tuple>

namespace rota::sandbox {

// All that programs can change, the three times included.
inline auto changeable_part(const struct stat& status) {
  return std::make_tuple(status.st_mode, status.st_uid, status.st_gid, status.st_nlink, status.st_size,
                         status.st_atim.tv_sec, status.st_atim.tv_nsec, status.st_mtim.tv_sec,
                         status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

inline bool is_same(const struct stat& left, const struct stat& right) {
  return changeable_part(left) == changeable_part(right);
}

}  // namespace rota::sandbox
