#include "protocol/stdin_blobs.hpp"

#include "base/encoding.hpp"
#include "protocol/error.hpp"

namespace rota::protocol {
namespace {

Error refusal(const Submit& submit, ErrorCode code, const char* message) {
  return {.code = code, .job = submit.job, .where = "stdin_blob", .message = message};
}

}  // namespace

std::optional<Error> StdinBlobs::settle(Submit& submit, const std::string& owner) {
  if (submit.stdin_blob.empty()) return std::nullopt;
  const std::string key = submit.stdin_blob + owner;  // a hash has one length
  if (!submit.stdin_bytes.empty()) {
    if (sha256_hex(submit.stdin_bytes) != submit.stdin_blob)
      return refusal(submit, ErrorCode::bad_text, "the bytes of stdin have another SHA-256");
    remember(key, submit.stdin_bytes);
  } else if (const std::string* bytes = find(key)) {
    submit.stdin_bytes = *bytes;
  } else {
    return refusal(submit, ErrorCode::unknown_blob,
                   "no stdin of this SHA-256 is kept here; send it once more as stdin, beside its hash");
  }
  submit.stdin_blob.clear();
  return std::nullopt;
}

void StdinBlobs::remember(const std::string& key, const std::string& bytes) {
  if (find(key) != nullptr || bytes.size() > max_bytes_) return;
  blobs_.push_front({key, bytes});
  by_key_.emplace(key, blobs_.begin());
  bytes_ += bytes.size();
  while (bytes_ > max_bytes_) {
    bytes_ -= blobs_.back().bytes.size();
    by_key_.erase(blobs_.back().key);
    blobs_.pop_back();
  }
}

const std::string* StdinBlobs::find(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  blobs_.splice(blobs_.begin(), blobs_, found->second);
  return &found->second->bytes;
}

}  // namespace rota::protocol
