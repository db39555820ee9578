#pragma once
// What submissions have brought as stdin together with its hash: submissions after them name the hash alone, so that one
// large input for many programs is sent once. In memory and bounded, the longest unused go first; whoever names one that is
// not there is told so and sends the bytes (PROTOCOL.md, "submit").

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "protocol/packets.hpp"

namespace rota::protocol {

class StdinBlobs {
 public:
  static constexpr std::uint64_t kMaxBytes = 64ull << 20;  // of all blobs together

  explicit StdinBlobs(std::uint64_t max_bytes = kMaxBytes) : max_bytes_(max_bytes) {}

  // Puts the bytes in the place of the hash, if the submission has one; remembers those that came beside it. Blobs are their
  // owner's: another user who knows a hash does not get the bytes by it. Returns what the submission is to be refused with, if
  // anything: unknown_blob, or bad_text where bytes and hash do not go together; then it is as it was.
  std::optional<Error> settle(Submit& submit, const std::string& owner);

 private:
  struct Blob {
    std::string key;
    std::string bytes;
  };

  void remember(const std::string& key, const std::string& bytes);
  const std::string* find(const std::string& key);

  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::list<Blob> blobs_;  // the last used first
  std::unordered_map<std::string, std::list<Blob>::iterator> by_key_;
};

}  // namespace rota::protocol
