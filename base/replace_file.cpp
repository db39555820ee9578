#include "base/replace_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace rota {
namespace {

void write_whole(int file, std::string_view text, const std::string& name) {
  const auto written = check(::write(file, text.data(), text.size()), "write " + name);
  if (static_cast<std::size_t>(written) != text.size()) throw std::runtime_error("no room for " + name);
}

}  // namespace

void replace_file(const std::filesystem::path& file, std::string_view text, Durability durability) {
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  std::string temporary = file.string() + ".XXXXXX";
  const UniqueFd out(check(::mkostemp(temporary.data(), O_CLOEXEC), "create " + temporary));
  try {
    write_whole(out.get(), text, temporary);
    if (durability == Durability::synced) check(::fsync(out.get()), "sync " + temporary);
    std::filesystem::rename(temporary, file);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace rota
