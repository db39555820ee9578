#include "client/dialogue.hpp"

#include <istream>
#include <ostream>

#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {
namespace {

// One answer without the blanks around it.
std::string read_answer(std::istream& answers, const char* awaited) {
  std::string line;
  if (!std::getline(answers, line)) {
    throw ClientError(kUsage, std::string("the input ended where ") + awaited + " was expected");
  }
  const char* const blanks = " \t\r";
  const auto begin = line.find_first_not_of(blanks);
  return begin == std::string::npos ? "" : line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

protocol::Schedule ask_schedule(std::istream& answers, std::ostream& questions) {
  questions << "How shall the portal choose the node?\n  1  random\n  2  round-robin\n";
  for (;;) {
    questions << "Choice [1 or 2]: " << std::flush;
    const auto answer = read_answer(answers, "the scheduling choice");
    if (answer == "1") return protocol::Schedule::random;
    if (answer == "2") return protocol::Schedule::round_robin;
    questions << "Please answer 1 or 2.\n";
  }
}

std::string ask_file(std::istream& answers, std::ostream& questions) {
  for (;;) {
    questions << "Source file: " << std::flush;
    const auto answer = read_answer(answers, "the source file's name");
    if (!answer.empty()) return answer;
    questions << "Please name a file.\n";
  }
}

}  // namespace

DialogueAnswers ask(std::istream& answers, std::ostream& questions) {
  const auto schedule = ask_schedule(answers, questions);
  return {schedule, ask_file(answers, questions)};
}

}  // namespace rota::client
