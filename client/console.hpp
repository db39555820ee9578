#pragma once
// The three ways out: the program's bytes to stdout and stderr as they are, and our own words to stderr.

#include <string>
#include <string_view>

namespace rota::client {

// stdout or stderr has lost its reader; the call ends without a word, as other programs do by SIGPIPE.
class ReaderGone {};

// Ctrl-C (or another of EndingSignals) came while a reader that takes nothing more kept us waiting.
struct Interrupted {
  int signal;
};

// Writes all bytes, whatever they are. Throws ReaderGone, Interrupted, or ClientError{kUnavailable} where the
// disk refuses.
void write_all(int fd, std::string_view bytes);

// "rota: TEXT\n" to stderr.
void say(std::string_view text);

// Descriptors 0 to 2 that the caller has closed become /dev/null, so that no file or socket of ours takes
// their place.
void open_standard_descriptors();

enum class Colour { none, good, bad, dim };

// The text in a colour, where stderr is a terminal that shows colours and NO_COLOR is unset or empty
// (no-color.org); else as it is.
std::string coloured(std::string_view text, Colour colour);

}  // namespace rota::client
