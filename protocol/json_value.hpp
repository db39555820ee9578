#pragma once
// JSON text to a tree of values, with bounds on all that a hostile text can grow, and the place of a value in
// it. For protocol/'s own .cpp files: other folders see structs only.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace rota::protocol {

using Json = nlohmann::json;

// Throws ProtocolError: not_json (malformed, not UTF-8, a name twice in one object), nested_too_deep
// (kMaxNesting), out_of_range (more than kMaxValues values, a number that no integer or double holds). Needs
// no recursion; time and memory are linear in the text.
Json parse_json(std::string_view text);

// Where a value stands, as a chain that lives on the stack: text is made of it only when something is wrong.
class Place {
 public:
  Place() = default;  // the packet itself
  Place(const Place& parent, std::string_view name) : parent_(&parent), name_(name) {}
  Place(const Place& parent, std::size_t index) : parent_(&parent), index_(index), is_element_(true) {}

  // Such as "events[2].name"; foreign names are cut and made harmless.
  std::string text() const;

 private:
  const Place* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
  bool is_element_ = false;
};

// Throws ProtocolError. The message is "<place> <problem>", or "the packet <problem>".
[[noreturn]] void fail(ErrorCode code, const Place& place, std::string_view problem);

}  // namespace rota::protocol
