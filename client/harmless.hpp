#pragma once
// Text from the network, made harmless for a terminal: an escape sequence in a message could otherwise move
// the cursor, fake our own words or write to the clipboard.

#include <string>
#include <string_view>

namespace rota::client {

// One line: control characters (C0, DEL, C1), bytes that are not UTF-8, and the characters that turn the
// direction of writing (Unicode TR 36, "bidirectional text spoofing") become \xNN; a newline too.
std::string harmless_line(std::string_view text);

// As harmless_line, but newlines and tabs stay: for a compiler's messages.
std::string harmless_text(std::string_view text);

}  // namespace rota::client
