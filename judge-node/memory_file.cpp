#include "judge-node/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/check.hpp"

namespace rota::node {

namespace {

// MFD_EXEC, since Linux 6.3: without it a host may be set up so that nothing can be executed from such a file.
constexpr unsigned kExecutable = 0x10;

int make_file() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  const int file = ::memfd_create("rota", kFlags | kExecutable);
  return file < 0 && errno == EINVAL ? ::memfd_create("rota", kFlags) : file;
}

}  // namespace

MemoryFile::MemoryFile() : file_(check(make_file(), "memfd_create")) {}

MemoryFile MemoryFile::sealed(std::string_view bytes) {
  MemoryFile file;
  file.write_all(bytes);
  file.seal();
  return file;
}

MemoryFile MemoryFile::sealed_copy(int source, std::uint64_t size) {
  MemoryFile file;
  off_t offset = 0;
  while (static_cast<std::uint64_t>(offset) < size) {
    const auto left = static_cast<std::size_t>(size - static_cast<std::uint64_t>(offset));
    if (check(::sendfile(file.fd(), source, &offset, left), "copy into memory") == 0) break;
  }
  file.seal();
  return file;
}

MemoryFile MemoryFile::sink() {
  return {};
}

std::uint64_t MemoryFile::size() const {
  struct stat status {};
  check(::fstat(fd(), &status), "fstat");
  return static_cast<std::uint64_t>(status.st_size);
}

std::string MemoryFile::read(std::size_t max_bytes) const {
  std::string bytes(std::min<std::uint64_t>(size(), max_bytes), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count =
        check(::pread(fd(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done)), "pread");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

void MemoryFile::write_all(std::string_view bytes) {
  std::size_t done = 0;  // pwrite, so that the offset stays 0 for whoever reads this as its stdin
  while (done < bytes.size()) {
    done += static_cast<std::size_t>(
        check(::pwrite(fd(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done)), "pwrite"));
  }
}

// Seals keep the bytes. Attributes, times and rights would still be anybody's who may write, and pass from one run to the
// next: so nobody may, but the owner.
void MemoryFile::seal() {
  check(::fchmod(fd(), 0555), "make memory file read-only");
  check(::fcntl(fd(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL),
        "seal memory file");
}

}  // namespace rota::node
