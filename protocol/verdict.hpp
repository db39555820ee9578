#pragma once
// Verdicts, in the contest community's terms.

#include <string_view>

namespace rota::protocol {

enum class Verdict {
  AC,   // ran, exit code 0 (and, where there is test data, the right answer)
  WA,   // wrong answer
  CE,   // the compiler refused
  RTE,  // exit code other than 0, or ended by a signal of its own making
  TLE,  // CPU or wall time limit
  MLE,  // memory limit
  OLE,  // output limit
  SV,   // forbidden system call
  IE,   // our failure, never the program's
  CANCELLED,
};

std::string_view to_text(Verdict verdict);

}  // namespace rota::protocol
