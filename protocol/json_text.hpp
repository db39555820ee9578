#pragma once
// JSON as text, written straight: no tree is built of what is only going to be sent. Whoever calls keeps objects and lists in
// order; commas come by themselves.

#include <array>
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace rota::protocol {

class JsonText {
 public:
  void begin_object() { open('{'); }
  void end_object() { text_ += '}'; }
  void begin_list() { open('['); }
  void end_list() { text_ += ']'; }

  // Of the member whose value comes next.
  void name(std::string_view utf8) {
    string(utf8);
    text_ += ':';
  }
  void string(std::string_view utf8);
  void flag(bool value) {
    separate();
    text_ += value ? "true" : "false";
  }
  template <std::integral T>
  void number(T value) {
    separate();
    std::array<char, 24> digits;
    text_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }

  std::string take() { return std::exchange(text_, {}); }

 private:
  void open(char bracket) {
    separate();
    text_ += bracket;
  }
  // A string ends with its quotation mark, so these three are always JSON's own.
  void separate() {
    if (!text_.empty() && text_.back() != '{' && text_.back() != '[' && text_.back() != ':') text_ += ',';
  }

  std::string text_;
};

}  // namespace rota::protocol
