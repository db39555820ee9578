#pragma once
// The steps that a run's processes take between clone and exec. A step that
// fails is reported as {step, errno}.

#include <cstdint>
#include <string>

namespace rota::sandbox {

enum class Step : std::uint32_t {
  die_with_supervisor,
  join_cgroup,
  unshare_cgroup_namespace,
  set_host_name,
  set_constant_limit,
  open_socket_counts,
  prefer_for_oom,
  reset_signals,
  let_others_go_on,
  drop_bounding_set,
  lock_securebits,
  set_groups,
  clear_ambient_set,
  clear_capabilities,
  forbid_new_privileges,
  load_filter,
  start_init,
  mount_proc,
  start_payload,
  drop_init_capabilities,
  wait_for_payload,
  new_session,
  set_gid,
  set_uid,
  enter_work,
  enter_landlock,
  close_on_exec,
  create_input,
  copy_input,
  set_standard_streams,
  set_resource_limit,
  use_all_cores,
  schedule_normally,
  start_program,
  count_,
};

// "mount /proc: No space left on device"
std::string describe_failure(Step step, int error);

// Of Step::start_program, with what exec(2)'s errno leaves open. program: argv[0], of which at most 256 bytes are shown.
std::string describe_start_failure(std::string_view program, int error);

}  // namespace rota::sandbox
