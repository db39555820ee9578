#pragma once
// Files that exist in memory only (memfd_create(2)): what goes into a box is sealed, so that nobody can
// change it while several runs read it; what comes out of one is collected in a sink. Neither ever has a path
// on the host.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace rota::node {

class MemoryFile {
 public:
  // A file of these bytes that can never be written, grown or shrunk again. Throws std::system_error.
  static MemoryFile sealed(std::string_view bytes);

  // The same with the first `size` bytes of a descriptor, which is read from offset 0 on.
  static MemoryFile sealed_copy(int source, std::uint64_t size);

  // An empty file to be written to.
  static MemoryFile sink();

  int fd() const { return file_.get(); }
  std::uint64_t size() const;

  // From the beginning, at most that many bytes.
  std::string read(std::size_t max_bytes) const;

 private:
  MemoryFile();
  void write_all(std::string_view bytes);
  void seal();

  UniqueFd file_;
};

}  // namespace rota::node
