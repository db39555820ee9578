#pragma once
// The root that judged programs see. It is built once, in the supervisor's own mount namespace, and the
// supervisor goes on living in it and mounts /work and /tmp; each run's init gets a copy of the namespace and
// covers /proc with the run's own.
//
//   /                       tmpfs, read-only once built
//   /usr /bin /sbin /lib…   read-only binds of the host's, or the host's usr-merge symlinks
//   /etc                    a few generated and copied files (root_etc.cpp), no host folder
//   /dev                    null zero full random urandom, symlinks to /proc/self/fd; /dev/shm is /tmp
//   /work /tmp              the tmpfs of work_area.hpp
//   /proc                   the host's, which each run covers with its own
//   extra binds             read-only, where --bind puts them

#include <string>
#include <vector>

#include "sandbox/bind.hpp"
#include "sandbox/identity.hpp"

namespace rota::sandbox {

struct RootOptions {
  std::vector<Bind> binds;
  std::string host_name = "box";  // stands in /etc/hosts
};

// Builds the root and moves this process into it. Throws std::system_error with the step that failed.
void enter_new_root(const RootOptions& options, const Identity& identity);

// One entry of the box's /etc.
struct EtcFile {
  std::string path;  // below /etc
  std::string content;
  bool symlink = false;  // content is the link's target
};

// What is to stand in /etc (root_etc.cpp); enter_new_root writes it. Reads the host's files, so before the
// root changes.
std::vector<EtcFile> collect_etc(const RootOptions& options, const Identity& identity);

}  // namespace rota::sandbox
