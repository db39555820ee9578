#include "tests/integration/portal/recording_vfs.hpp"

#include <algorithm>
#include <utility>

namespace rota::test {
namespace {

constexpr std::size_t kSector = 512;

// SQLite gives szOsFile bytes for each open file: this, and behind it the file of the VFS below.
struct File {
  sqlite3_file base;
  RecordingVfs* vfs;
  const char*
      name;  // SQLite keeps it until the file is closed; null: a temporary file, of which nothing is noted

  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

std::string name_of(const char* path) {
  return std::filesystem::path(path).filename();
}

File& file_of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}

}  // namespace

struct RecordingVfs::Calls {
  static RecordingVfs& self(sqlite3_vfs* vfs) { return *static_cast<RecordingVfs*>(vfs->pAppData); }
  static void note(sqlite3_file* file, DiskOperation::Kind kind, std::uint64_t offset = 0,
                   std::string bytes = {}) {
    File& ours = file_of(file);
    if (ours.name != nullptr) ours.vfs->note({kind, name_of(ours.name), offset, std::move(bytes)});
  }

  static int close(sqlite3_file* file) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xClose(below);
  }
  static int read(sqlite3_file* file, void* buffer, int size, sqlite3_int64 at) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xRead(below, buffer, size, at);
  }
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    sqlite3_file* below = file_of(file).below();
    const int code = below->pMethods->xWrite(below, bytes, size, at);
    if (code == SQLITE_OK)
      note(file, DiskOperation::write, static_cast<std::uint64_t>(at),
           {static_cast<const char*>(bytes), static_cast<std::size_t>(size)});
    return code;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    sqlite3_file* below = file_of(file).below();
    const int code = below->pMethods->xTruncate(below, size);
    if (code == SQLITE_OK) note(file, DiskOperation::truncate, static_cast<std::uint64_t>(size));
    return code;
  }
  // Noted without being done: what the test looks at is the log, and no disk has to be waited for.
  static int sync(sqlite3_file* file, int) {
    note(file, DiskOperation::sync);
    return SQLITE_OK;
  }
  static int size(sqlite3_file* file, sqlite3_int64* size) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xFileSize(below, size);
  }
  static int lock(sqlite3_file* file, int level) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xLock(below, level);
  }
  static int unlock(sqlite3_file* file, int level) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xUnlock(below, level);
  }
  static int is_reserved(sqlite3_file* file, int* is_reserved) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xCheckReservedLock(below, is_reserved);
  }
  static int control(sqlite3_file* file, int operation, void* argument) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xFileControl(below, operation, argument);
  }
  static int sector(sqlite3_file* file) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xSectorSize(below);
  }
  static int device(sqlite3_file* file) {
    sqlite3_file* below = file_of(file).below();
    return below->pMethods->xDeviceCharacteristics(below);
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags);
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    const int code = self(vfs).below_->xDelete(self(vfs).below_, name, sync_folder);
    if (code == SQLITE_OK) self(vfs).note({DiskOperation::remove, name_of(name), sync_folder ? 1u : 0u, {}});
    return code;
  }
};

int RecordingVfs::Calls::open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                              int* out_flags) {
  // Version 1 of the methods: no memory is shared, and none mapped, past us.
  static const sqlite3_io_methods methods{1,    close,  read,        write,   truncate, sync,  size,
                                          lock, unlock, is_reserved, control, sector,   device};
  File& ours = file_of(file);
  ours.base.pMethods = nullptr;
  ours.name = name;
  ours.vfs = &self(vfs);
  sqlite3_vfs* below = self(vfs).below_;
  const int code = below->xOpen(below, name, ours.below(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  ours.base.pMethods = &methods;
  return SQLITE_OK;
}

RecordingVfs::RecordingVfs(const char* name) : below_(sqlite3_vfs_find(nullptr)) {
  vfs_ = *below_;
  vfs_.zName = name;
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + below_->szOsFile;
  vfs_.xOpen = Calls::open;
  vfs_.xDelete = Calls::remove;
  sqlite3_vfs_register(&vfs_, 0);
}

RecordingVfs::~RecordingVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

void RecordingVfs::note(DiskOperation operation) {
  const std::lock_guard lock(mutex_);
  operations_.push_back(std::move(operation));
}

std::size_t RecordingVfs::position() {
  const std::lock_guard lock(mutex_);
  return operations_.size();
}

std::size_t RecordingVfs::syncs_of(const std::string& file) {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(operations_.begin(), operations_.end(), [&](const auto& operation) {
        return operation.kind == DiskOperation::sync && operation.file == file;
      }));
}

std::vector<DiskOperation> RecordingVfs::operations() {
  const std::lock_guard lock(mutex_);
  return operations_;
}

namespace {

struct DiskFile {
  std::string synced;
  std::vector<const DiskOperation*> since;  // the last sync
};

bool is_removed_for_good(const DiskOperation& operation) {
  return operation.kind == DiskOperation::remove && operation.offset == 1;
}

void put(std::string& content, std::uint64_t at, std::string_view bytes) {
  if (content.size() < at + bytes.size()) content.resize(at + bytes.size());
  content.replace(at, bytes.size(), bytes);
}

// Those sectors of a write that chance keeps.
void put_some(std::string& content, const DiskOperation& write, std::bernoulli_distribution& is_kept,
              std::mt19937_64& random) {
  for (std::size_t begin = 0; begin < write.bytes.size();) {
    const std::size_t in_sector = (write.offset + begin) % kSector;
    const std::size_t size = std::min(kSector - in_sector, write.bytes.size() - begin);
    if (is_kept(random))
      put(content, write.offset + begin, std::string_view(write.bytes).substr(begin, size));
    begin += size;
  }
}

void apply_whole(DiskFile& file) {
  for (const DiskOperation* operation : std::exchange(file.since, {})) {
    if (operation->kind == DiskOperation::write) put(file.synced, operation->offset, operation->bytes);
    if (operation->kind == DiskOperation::truncate) file.synced.resize(operation->offset);
  }
}

// False: the file is not there.
bool apply_some(DiskFile& file, std::mt19937_64& random) {
  // From nothing over a little and half to all: chance alone would keep half each time.
  constexpr double kShares[] = {0, 0.1, 0.5, 0.9, 1};
  std::bernoulli_distribution is_kept(kShares[random() % std::size(kShares)]);
  for (const DiskOperation* operation : file.since) {
    if (operation->kind == DiskOperation::write) put_some(file.synced, *operation, is_kept, random);
    if (operation->kind == DiskOperation::truncate && is_kept(random)) file.synced.resize(operation->offset);
    if (operation->kind == DiskOperation::remove && is_kept(random)) return false;
  }
  return true;
}

}  // namespace

std::map<std::string, std::string> after_power_cut(const std::vector<DiskOperation>& operations,
                                                   std::size_t count, std::mt19937_64& random) {
  std::map<std::string, DiskFile> files;
  for (std::size_t i = 0; i < count; ++i) {
    DiskFile& file = files[operations[i].file];
    if (operations[i].kind == DiskOperation::sync)
      apply_whole(file);
    else if (is_removed_for_good(operations[i]))
      files.erase(operations[i].file);
    else
      file.since.push_back(&operations[i]);
  }
  std::map<std::string, std::string> left;
  for (auto& [name, file] : files) {
    if (apply_some(file, random)) left.emplace(name, std::move(file.synced));
  }
  return left;
}

}  // namespace rota::test
