#pragma once
// A program store in a folder of its own, its warnings, and programs to put in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/temp_dir.hpp"
#include "judge-node/program_store.hpp"

namespace rota::node {

inline std::string key_of(char digit) {
  return std::string(64, digit);
}

inline CompiledProgram program_of(const std::string& bytes, const std::string& output = {}) {
  CompiledProgram program;
  program.report = {.cause = protocol::Cause::exited, .exit_code = 0};
  program.output = output;
  program.artifacts.push_back({"program", MemoryFile::sealed(bytes), bytes.size()});
  return program;
}

inline std::string first_artifact(const std::optional<CompiledProgram>& program) {
  if (!program || program->artifacts.empty()) return "no program";
  return program->artifacts.front().file.read(1 << 20);
}

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// In a new file: ext4 writes one that is cut to nothing and filled anew to the disk at once (auto_da_alloc).
inline void put_content(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::remove(file);
  std::ofstream(file, std::ios::binary) << content;
}

class ProgramStoreTest : public testing::Test {
 protected:
  // Guaranteed not to be moved.
  ProgramStore open(ProgramStoreBounds bounds = {}) {
    return ProgramStore(folder_, bounds,
                        [this](const std::string& message) { warnings_.push_back(message); });
  }

  std::filesystem::path file_of(char digit) const { return folder_ / key_of(digit); }

  // How many bytes a program of so many takes on disk.
  static std::uint64_t entry_bytes(std::size_t program_bytes) {
    const TempDir other("rota-program-store-test-");
    ProgramStore store(other.path(), {}, [](const std::string&) {});
    store.save(key_of('a'), program_of(std::string(program_bytes, 'x')));
    return store.bytes();
  }

  TempDir dir_{"rota-program-store-test-"};
  std::filesystem::path folder_ = dir_.path() / "programs";
  std::vector<std::string> warnings_;
};

}  // namespace rota::node
