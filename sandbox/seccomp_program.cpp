#include "sandbox/seccomp_program.hpp"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <system_error>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/seccomp_table.hpp"

namespace rota::sandbox {
namespace {

constexpr int kHighestNumber = 1023;  // far above any call that libseccomp knows
constexpr std::uint32_t kDefault = SCMP_ACT_ERRNO(ENOSYS);

// libseccomp returns negative errno values.
int check_seccomp(int result, const std::string& what) {
  if (result < 0) throw std::system_error(-result, std::generic_category(), what);
  return result;
}

std::uint32_t action_of(const SeccompRow& row) {
  if (row.action == SeccompAction::allow) return SCMP_ACT_ALLOW;
  if (row.action == SeccompAction::end_run) return SCMP_ACT_NOTIFY;
  return SCMP_ACT_ERRNO(static_cast<std::uint32_t>(row.error));  // 0 where it pretends
}

std::uint64_t draw_key() {
  std::uint64_t key = 0;
  check(::getrandom(&key, sizeof key, 0), "draw the box's key");
  return key;
}

std::set<int> numbers_of(std::span<const char* const> names) {
  std::set<int> numbers;
  for (const char* name : names) numbers.insert(::seccomp_syscall_resolve_name(name));
  return numbers;
}

class FilterBuilder {
 public:
  FilterBuilder() : context_(::seccomp_init(kDefault), ::seccomp_release), key_(draw_key()) {
    if (!context_) throw std::bad_alloc();
    set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_NOTIFY);  // i386 and x32 calls
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2);               // a binary search over the call numbers
  }

  void add(const SeccompRow& row) {
    std::istringstream names(row.calls);
    for (std::string name; names >> name;) {
      const int number = ::seccomp_syscall_resolve_name(name.c_str());
      if (number < 0) continue;  // newer than libseccomp, or of another architecture
      named_.insert(number);
      add_for(number, row);
    }
  }

  // Calls that exist and that no row names.
  void kill_the_rest() {
    for (int number = 0; number <= kHighestNumber; ++number) {
      const std::unique_ptr<char, void (*)(void*)> name(
          ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), ::free);
      if (name && !named_.contains(number)) add_always(number, SCMP_ACT_NOTIFY);
    }
  }

  SeccompProgram take_program() const {
    const UniqueFd file(check(::memfd_create("filter", MFD_CLOEXEC), "make a file for the seccomp filter"));
    check_seccomp(::seccomp_export_bpf(context_.get(), file.get()), "compile the seccomp filter");
    struct stat status {};
    check(::fstat(file.get(), &status), "measure the seccomp filter");
    std::vector<sock_filter> code(static_cast<std::size_t>(status.st_size) / sizeof(sock_filter));
    check(::pread(file.get(), code.data(), code.size() * sizeof(sock_filter), 0), "read the seccomp filter");
    return {std::move(code), key_};
  }

 private:
  void set(scmp_filter_attr attribute, std::uint32_t value) {
    check_seccomp(::seccomp_attr_set(context_.get(), attribute, value), "configure the seccomp filter");
  }

  void add_for(int number, const SeccompRow& row) {
    scmp_arg_cmp test{row.argument, SCMP_CMP_EQ, row.value, 0};
    if (row.test == SeccompTest::always) return add_always(number, action_of(row));
    if (row.test == SeccompTest::equals) return add_rule(number, action_of(row), &test);
    test.op = SCMP_CMP_NE;
    if (row.test == SeccompTest::differs) return add_rule(number, action_of(row), &test);
    test.op = SCMP_CMP_MASKED_EQ;  // datum_a is the mask, datum_b what must be left
    if (row.test == SeccompTest::no_bit_of) return add_rule(number, action_of(row), &test);
    for (int bit = 0; bit < 64; ++bit) {
      test.datum_a = test.datum_b = std::uint64_t{1} << bit & row.value;
      if (test.datum_a != 0) add_rule(number, action_of(row), &test);
    }
  }

  void add_always(int number, std::uint32_t action) {
    if (!set_up_numbers_.contains(number)) return add_rule(number, action, nullptr);
    const scmp_arg_cmp knows{kKeyArgument, SCMP_CMP_EQ, key_, 0};
    const scmp_arg_cmp does_not{kKeyArgument, SCMP_CMP_NE, key_, 0};
    add_rule(number, SCMP_ACT_ALLOW, &knows);
    add_rule(number, action, &does_not);
  }

  void add_rule(int number, std::uint32_t action, const scmp_arg_cmp* test) {
    if (action == kDefault) return;  // libseccomp refuses such a rule; it would change nothing
    const unsigned count = test == nullptr ? 0 : 1;
    check_seccomp(::seccomp_rule_add_exact_array(context_.get(), action, number, count, test),
                  "add a rule to the seccomp filter");
  }

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
  std::uint64_t key_;
  std::set<int> set_up_numbers_ = numbers_of(set_up_calls());
  std::set<int> named_;
};

}  // namespace

SeccompProgram build_seccomp_program() {
  FilterBuilder builder;
  for (const SeccompRow& row : seccomp_table()) builder.add(row);
  builder.kill_the_rest();
  return builder.take_program();
}

Layer seccomp_layer(const SeccompProgram& program) {
  return {"seccomp", true, std::to_string(program.code.size()) + " instructions, compiled at start"};
}

}  // namespace rota::sandbox
