#pragma once
// Remembers which self-tests have passed, so that a restart costs nothing. One file, a line a self-test: what it
// depended on, as one JSON list. Whoever may write the file may make a node skip its self-test; it stands where the
// node keeps its state.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/spec.hpp"

namespace rota::node {

// What the outcome depends on: kernel, user, box program, attack programs (the files themselves: path, size, time and
// inode), the boxes' flags, and which of their layers stand. nullopt where no attack programs are installed beside the box program, be it that there
// are none or that `box` only calls the real one: then the outcome is not to be remembered.
std::optional<std::string> self_test_key(const std::filesystem::path& box,
                                         const std::vector<std::string>& flags,
                                         const std::vector<sandbox::Layer>& layers);

class SelfTestCache {
 public:
  static constexpr std::size_t kMaxKeys = 32;  // configurations; the oldest goes

  explicit SelfTestCache(std::filesystem::path file) : file_(std::move(file)) {}

  const std::filesystem::path& file() const { return file_; }

  // A file that cannot be read holds nothing.
  bool holds(const std::string& key) const;

  // Two nodes that add at the same time may lose one of the two keys, which costs a self-test. Throws
  // std::system_error or std::runtime_error.
  void add(const std::string& key) const;

 private:
  std::vector<std::string> read() const;

  std::filesystem::path file_;
};

}  // namespace rota::node
