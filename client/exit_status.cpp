#include "client/exit_status.hpp"

#include "client/session.hpp"

namespace rota::client {
namespace {

// A runtime error never looks like success, whatever number the node sent.
int runtime_error_status(const protocol::Result& result) {
  const int returncode = result.returncode.value_or(1);
  return returncode >= 1 && returncode <= 255 ? returncode : 1;
}

}  // namespace

int exit_status_of(const protocol::Result& result) {
  using protocol::Verdict;
  switch (result.verdict) {
    case Verdict::AC:
      return 0;
    case Verdict::WA:
      return 1;
    case Verdict::RTE:
      return runtime_error_status(result);
    case Verdict::CE:
      return kCompileError;
    case Verdict::TLE:
    case Verdict::MLE:
    case Verdict::OLE:
      return kLimitExceeded;
    case Verdict::SV:
      return kForbiddenSyscall;
    case Verdict::IE:
      return kUnavailable;
    case Verdict::CANCELLED:
      return kCancelled;
  }
  return kUnavailable;
}

int exit_status_of(protocol::ErrorCode code) {
  using protocol::ErrorCode;
  switch (code) {
    case ErrorCode::packet_too_large:
    case ErrorCode::unknown_value:
    case ErrorCode::out_of_range:
    case ErrorCode::bad_text:
    case ErrorCode::bad_file_name:
    case ErrorCode::unknown_node:
    case ErrorCode::unknown_blob:
    case ErrorCode::unknown_job:
    case ErrorCode::unauthenticated:
    case ErrorCode::forbidden:
      return kUsage;
    default:
      return kUnavailable;
  }
}

int exit_status_of(const Failure& failure) {
  return failure.is_final ? kUsage : kUnavailable;
}

const char* exit_status_help() {
  return "Exit status:\n"
         "  the program's own, or 128 + signal where a signal ended it; but\n"
         "   64  usage: the call, a setting or the submission makes no sense, or is not allowed\n"
         "   65  the compiler refused the source (CE)\n"
         "   66  a file cannot be read\n"
         "   75  our failure: no portal or node, connection lost, IE\n"
         "  124  a limit was exceeded (TLE, MLE, OLE)\n"
         "  130  cancelled, or out of its queue time or total time (CANCELLED); ended by Ctrl-C\n"
         "  159  a forbidden system call (SV)\n"
         "A program that ends with one of these itself is told apart by the verdict line, or by --json.";
}

}  // namespace rota::client
