#include "sandbox/supervisor.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "base/check.hpp"
#include "sandbox/core_choice.hpp"

namespace rota::sandbox {
namespace {

void append(std::vector<Layer>& layers, std::vector<Layer> more) {
  layers.insert(layers.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// The walls that stand wherever a run is made at all: a run whose step fails does not start.
std::vector<Layer> constant_layers() {
  const std::string fresh = "fresh for each run";
  return {
      {"pid-namespace", true, fresh},
      {"mount-namespace", true, fresh},
      {"network-namespace", true, "of the box, empty: replaced where a run leaves a socket"},
      {"ipc-namespace", true, fresh},
      {"uts-namespace", true, fresh},
      {"root", true, "pivot_root into a read-only root of listed paths"},
      {"work-and-tmp", true, "tmpfs, bounded in size and inodes: replaced unless a run leaves it untouched"},
      {"proc", true, "own, hidepid=invisible, subset=pid"},
      {"capabilities", true, "all sets empty, securebits locked"},
      {"no-new-privs", true, "set"},
      {"cgroup-namespace", true, "what the run is in is the root of what it sees"},
      {"resource-limits", true, "core, file size, open files, stack, CPU"}};
}

// What was only needed to start, the command line's and the libraries' code above all, is not held mapped; what is
// needed again comes back from the page cache.
void drop_start_up_code() {
  extern const char program_start[] asm("__executable_start");
  extern const char program_end[] asm("etext");
  constexpr std::uintptr_t kPageMask = 4095;
  const auto begin = reinterpret_cast<std::uintptr_t>(program_start) & ~kPageMask;
  const auto end = (reinterpret_cast<std::uintptr_t>(program_end) + kPageMask) & ~kPageMask;
  ::madvise(reinterpret_cast<void*>(begin), end - begin,
            MADV_DONTNEED);  // where it is refused, nothing is lost
}

// An ordinary user has those cgroups only that an administrator has delegated, and who switches them off wants none.
// What only stands because it was asked for has to stand.
std::vector<Layer> cgroup_layers(const Cgroup& cgroup, CgroupChoice wanted, const Identity& identity) {
  std::vector<Layer> layers = cgroup.layers();
  const bool may_be_missing = wanted == CgroupChoice::none || !identity.privileged;
  for (Layer& layer : layers) {
    const bool is_asked_for = layer.name == "cpu-quota" || layer.name == "cpu-set";
    layer.expected = layer.active || is_asked_for || !may_be_missing;
  }
  return layers;
}

}  // namespace

Supervisor::Supervisor(const BoxOptions& options) : host_name_(options.root.host_name) {
  basis_.identity = choose_identity(options.uid, options.gid);
  basis_.cores = stay_on_one_core(options.core);
  basis_.cgroup = make_cgroup(options.cgroup);
  filter_ = build_seccomp_program();
  host_proc_.reset(check(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "open /proc"));
  enter_own_namespaces(basis_.identity);
  enter_new_root(options.root, basis_.identity);
  // What judged code could read of us, and who may trace us: nobody.
  check(::prctl(PR_SET_DUMPABLE, 0), "make the supervisor undumpable");
  landlock_ = make_landlock_ruleset();
  basis_.work.emplace(basis_.identity);
  basis_.streams.emplace(basis_.identity);
  zygote_basis_.emplace(ZygoteBasis{basis_.identity, filter_, host_name_, host_proc_.get(), landlock_,
                                    basis_.cores, may_choose_policy(), !basis_.cgroup->counts_cpu()});
  basis_.watchdog.emplace(basis_.cores);
  start_zygote();
  prepare_run();
  require_prepared_run();
  drop_start_up_code();
  collect_layers(options.cgroup.choice);
}

void Supervisor::collect_layers(CgroupChoice wanted) {
  append(layers_, identity_layers(basis_.identity));
  append(layers_, constant_layers());
  layers_.push_back(seccomp_layer(filter_));
  layers_.push_back(landlock_layer(landlock_));
  append(layers_, cgroup_layers(*basis_.cgroup, wanted, basis_.identity));
}

void Supervisor::start_zygote() {
  basis_.zygote = std::make_unique<Zygote>(*zygote_basis_, basis_.cgroup->join_fds());
  network_.emplace(basis_.zygote->take_socket_counts());
}

// A run that could not even begin has left the prepared one as it was.
void Supervisor::prepare_run() {
  if (basis_.zygote->has_next()) return;
  basis_.cgroup->prepare_run();
  basis_.zygote->prepare(basis_.cgroup->birth_fd());
}

// Somebody outside may have ended the zygote or the prepared processes.
void Supervisor::require_prepared_run() {
  if (basis_.zygote->wait_until_prepared()) return;
  basis_.zygote.reset();
  basis_.departing.await_all();
  start_zygote();
  prepare_run();
  if (!basis_.zygote->wait_until_prepared())
    throw std::runtime_error("no run can be prepared: " + basis_.zygote->failure());
}

void Supervisor::prepare_next() {
  basis_.departing.reap();
  basis_.work->clean();
  const bool needs_renewal = basis_.cgroup->needs_renewal();
  if (!basis_.zygote || needs_renewal || network_->has_sockets()) {
    basis_.zygote.reset();
    basis_.departing.await_all();
    if (needs_renewal) basis_.cgroup->renew();
    start_zygote();
  }
  basis_.streams->clean();
  prepare_run();
}

RunReply Supervisor::run(const RunSpec& spec, std::span<const Interruption> interruptions) {
  try {
    return run_prepared(spec, interruptions);
  } catch (const std::exception& error) {
    RunReply reply;
    reply.report.detail = error.what();
    return reply;
  }
}

RunReply Supervisor::run_prepared(const RunSpec& spec, std::span<const Interruption> interruptions) {
  require_prepared_run();
  try {
    return RunSession(basis_, spec, interruptions).execute();
  } catch (const NeverBegan&) {
    prepare_next();
    require_prepared_run();
    return RunSession(basis_, spec, interruptions).execute();
  }
}

}  // namespace rota::sandbox
