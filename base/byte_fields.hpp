#pragma once
// Fields as bytes, for what only rota's own programs write and read: integers are little-endian with their full width,
// a truth value is a byte that is 0 or 1, a text is its length (32 bits) and its bytes. The reader trusts nothing.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rota {

// Bytes that no writer of ours writes.
class BadBytes : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ByteWriter {
 public:
  template <std::integral Integer>
  void put(Integer value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bytes_.push_back(static_cast<char>(bits >> (8 * i) & 0xff));
    }
  }
  // Shorter than 4 GiB.
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
  }
  // As it is, without its length.
  void put_raw(std::string_view bytes) { bytes_.append(bytes); }

  const std::string& bytes() const { return bytes_; }
  std::string take_bytes() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Everything throws BadBytes where the bytes are not of the form that is asked for.
class ByteReader {
 public:
  explicit ByteReader(std::string bytes) : bytes_(std::move(bytes)), rest_(bytes_) {}
  ~ByteReader() = default;
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  template <std::integral Integer>
  Integer get() {
    const std::string_view bytes = get_raw(sizeof(Integer));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return static_cast<Integer>(bits);
  }
  bool get_bool() {
    const auto value = get<std::uint8_t>();
    if (value > 1) throw BadBytes("a truth value is neither 0 nor 1");
    return value == 1;
  }
  std::size_t get_length(std::size_t bound) {
    const auto length = get<std::uint32_t>();
    if (length > bound) throw BadBytes("a length of " + std::to_string(length) + " passes its bound");
    return length;
  }
  std::string get_text(std::size_t bound) { return std::string(get_view(bound)); }

  // The same without a copy: views live as long as the reader.
  std::string_view get_view(std::size_t bound) { return get_raw(get_length(bound)); }
  std::string_view get_raw(std::size_t size) {
    if (rest_.size() < size) throw BadBytes("a field is cut short");
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::size_t left() const { return rest_.size(); }
  void require_end() const {
    if (!rest_.empty()) throw BadBytes("bytes are left over");
  }

 private:
  std::string bytes_;
  std::string_view rest_;
};

}  // namespace rota
