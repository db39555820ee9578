#pragma once
// Which ids have surely not been seen: a Bloom filter (Bloom 1970) of a fixed size. It never forgets one that was added; of
// others it says "maybe seen" the more often the more were added: for one in 400 of them after half a million.

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace rota::portal {

class IdFilter {
 public:
  static constexpr std::size_t kBits = 1 << 23;  // 1 MiB
  static constexpr int kBitsOfId = 4;

  void add(std::string_view id) {
    for (int i = 0; i < kBitsOfId; ++i) bits_[place(id, i)] = true;
  }
  bool may_hold(std::string_view id) const {
    for (int i = 0; i < kBitsOfId; ++i) {
      if (!bits_[place(id, i)]) return false;
    }
    return true;
  }

 private:
  // Two halves of one hash make as many as are wanted (Kirsch, Mitzenmacher 2006).
  static std::size_t place(std::string_view id, int number) {
    const std::size_t hash = std::hash<std::string_view>()(id);
    return (hash + static_cast<std::size_t>(number) * (hash >> 32 | 1)) % kBits;
  }

  std::vector<bool> bits_ = std::vector<bool>(kBits);
};

}  // namespace rota::portal
