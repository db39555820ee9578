#pragma once
// The two questions of `rota HOST PORT`. They stand on stderr, so that stdout holds the program's output
// alone when it is redirected, and are read line by line, from a person or a pipe.

#include <iosfwd>
#include <string>

#include "protocol/packets.hpp"

namespace rota::client {

struct DialogueAnswers {
  protocol::Schedule schedule = protocol::Schedule::random;
  std::string file;
};

// Asks again after nonsense. Throws ClientError{kUsage} where the answers end too soon.
DialogueAnswers ask(std::istream& answers, std::ostream& questions);

}  // namespace rota::client
