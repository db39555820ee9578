#pragma once
// Values from a fuzzer's bytes; zeros and empty texts once they have run out.

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace rota::fuzz {

class ByteSource {
 public:
  explicit ByteSource(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T number() {
    T value{};
    const std::size_t size = std::min(sizeof value, bytes_.size());
    std::memcpy(&value, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return value;
  }

  // 0 to count - 1.
  std::size_t below(std::size_t count) { return number<unsigned char>() % count; }

  bool flag() { return below(2) == 1; }

  // Mostly short; one in eight is long, so that bounds are passed.
  std::string text() {
    const auto wanted = number<unsigned char>();
    std::string piece(bytes_.substr(0, wanted % 32));
    bytes_.remove_prefix(piece.size());
    std::string text = piece;
    for (int i = 0; wanted >= 224 && i < 300; ++i) text += piece;
    return text;
  }

  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace rota::fuzz
