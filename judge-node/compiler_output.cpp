#include "judge-node/compiler_output.hpp"

namespace rota::node {
namespace {

constexpr std::string_view kFolder = "/work/";
constexpr char kEscape = '\x1b';

// Of a control sequence "ESC [ parameters final", an operating system command "ESC ] text BEL" or "ESC ] text ESC \", or
// another escape of two bytes, at the beginning of the text.
std::size_t escape_size(std::string_view text) {
  if (text.size() < 2) return 1;
  if (text[1] == '[') {
    const auto end = text.find_first_not_of("0123456789:;<=>?!\"#$%&'()*+,-./ ", 2);
    return end == std::string_view::npos ? text.size() : end + 1;
  }
  if (text[1] != ']') return 2;
  const auto end = text.find_first_of("\a\x1b\n", 2);
  if (end == std::string_view::npos) return text.size();
  return text.substr(end).starts_with("\x1b\\") ? end + 2 : end + (text[end] == '\a' ? 1 : 0);
}

bool continues_path(char before) {
  return (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
         (before >= '0' && before <= '9') || before == '/' || before == '.' || before == '_' || before == '-';
}

}  // namespace

std::string readable_output(std::string_view output, bool cut) {
  std::string text;
  while (!output.empty()) {
    if (output.front() == kEscape) {
      output.remove_prefix(escape_size(output));
    } else if (output.starts_with(kFolder) && (text.empty() || !continues_path(text.back()))) {
      output.remove_prefix(kFolder.size());
    } else {
      text += output.front();
      output.remove_prefix(1);
    }
  }
  if (cut) text += "\n[rota: the compiler wrote more; the rest is not kept]\n";
  return text;
}

}  // namespace rota::node
