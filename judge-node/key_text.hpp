#pragma once
// Text that is different wherever its parts are: each part has its length before it. To be hashed.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"

namespace rota::node {

class KeyText {
 public:
  void add(std::string_view part) {
    text_ += fmt::format("{}:", part.size());
    text_ += part;
  }

  void add(const std::vector<std::string>& parts) {
    add(std::to_string(parts.size()));
    for (const std::string& part : parts) add(part);
  }

  // A step, and what its program is on this host now.
  void add(const CompileStep& step, const std::vector<std::string>& mounts);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace rota::node
