#include "client/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>

#include "client/client_error.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"

namespace rota::client {
namespace {

constexpr std::size_t kBlockBytes = 64 << 10;

class Archive {
 public:
  explicit Archive(const std::filesystem::path& path)
      : path_(path), archive_(::archive_read_new(), ::archive_read_free) {
    if (!archive_) throw std::bad_alloc();
    // Not all that there are: some start programs of other packages.
    for (const auto support : {::archive_read_support_format_tar, ::archive_read_support_format_zip,
                               ::archive_read_support_filter_gzip, ::archive_read_support_filter_bzip2,
                               ::archive_read_support_filter_xz, ::archive_read_support_filter_zstd}) {
      support(archive_.get());
    }
    if (::archive_read_open_filename(archive_.get(), path.c_str(), kBlockBytes) != ARCHIVE_OK)
      refuse_as_it_says();
  }

  // The next member, or null at the end.
  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int status = ::archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) return nullptr;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) refuse_as_it_says();
    return entry;
  }

  std::string content(std::uint64_t max_bytes) {
    std::string bytes;
    for (;;) {
      const std::size_t size = bytes.size();
      bytes.resize(size + kBlockBytes);
      const auto count = ::archive_read_data(archive_.get(), bytes.data() + size, kBlockBytes);
      if (count < 0) refuse_as_it_says();
      bytes.resize(size + static_cast<std::size_t>(count));
      if (bytes.size() > max_bytes) refuse("holds more than a submission may");
      if (count == 0) return bytes;
    }
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw ClientError(kNoInput, fmt::format("archive {}: {}", harmless_line(path_.string()), why));
  }

 private:
  [[noreturn]] void refuse_as_it_says() const {
    const char* words = ::archive_error_string(archive_.get());
    refuse(words == nullptr ? "cannot be read" : harmless_line(words));
  }

  std::filesystem::path path_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace

void read_archive(const std::filesystem::path& path, std::uint64_t max_bytes,
                  const std::function<bool(const std::string& name)>& wants,
                  const std::function<void(std::string name, std::string content)>& take) {
  Archive archive(path);
  while (archive_entry* entry = archive.next()) {
    const char* name = ::archive_entry_pathname(entry);
    if (name == nullptr) archive.refuse("a member's name cannot be read");
    if (::archive_entry_filetype(entry) == AE_IFDIR || !wants(name)) continue;
    if (::archive_entry_filetype(entry) != AE_IFREG || ::archive_entry_hardlink(entry) != nullptr)
      archive.refuse(fmt::format("{} is a link or no file at all", harmless_line(name)));
    std::string content = archive.content(max_bytes);
    max_bytes -= content.size();
    take(name, std::move(content));
  }
}

}  // namespace rota::client
