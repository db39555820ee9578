#pragma once
// What text may hold: a bound in bytes and a set of characters. Text that passes a rule other than
// any_but_nul can be shown on a terminal as it is: it holds no escape sequences.

#include <cstddef>
#include <string>
#include <string_view>

namespace rota::protocol {

enum class Characters {
  any_but_nul,  // what execve(2) takes as an argument
  lines,        // no control characters (Unicode category Cc) other than newline and tab
  line,         // no control characters at all
};

struct TextRule {
  std::size_t max_bytes;
  Characters characters = Characters::line;
};

// Whether UTF-8 text holds only characters of the rule; its length is not looked at.
bool has_only(std::string_view text, Characters characters);

// The nearest text that passes the rule: what is not UTF-8 becomes U+FFFD, what is not allowed becomes '?',
// what is too long is cut between characters.
std::string fitted(std::string_view text, const TextRule& rule);

// text as UTF-8: every malformed sequence becomes U+FFFD.
std::string as_utf8(std::string_view text);

// Foreign text for an error message: one line of at most max_bytes, "…" where it was cut.
std::string in_quotes(std::string_view text, std::size_t max_bytes = 64);

}  // namespace rota::protocol
