#pragma once
// Where in the hierarchy of version 2 a box makes its folder (kernel: Documentation/admin-guide/cgroup-v2.rst).
//
// Two rules of the kernel decide. A cgroup hands controllers on to its children, by cgroup.subtree_control, only while
// no process lives in it itself; the hierarchy's real root alone is exempt. And only who may write to a folder may
// make others in it; systemd adds that one should do so only in what it has handed on (Delegate=yes).
//
//   our cgroup                                   boxes' folders go to        processes that have to move
//   handed on to us, or a container's root       our cgroup itself           all of it, to the leaf rota-host below
//   rota-host: an earlier box has been there     the cgroup above            none
//   somebody else's, and we are root             /rota, which we make        none
//   somebody else's, and we are not              nowhere: refused            none

#include <stdexcept>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/cgroup_text.hpp"

namespace rota::sandbox {

// Why there is no place, in words for the operator.
class NoCgroupPlace : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct PlaceFacts {
  HierarchyMount mount;
  std::string own;                 // the folder of our own cgroup
  bool is_hierarchy_root = false;  // it is the real root, which no rule binds
  bool is_delegated = false;       // it has been handed on to us
  bool is_root_user = false;
};

struct CgroupPlace {
  std::string home;                // where boxes' folders go
  std::vector<std::string> above;  // folders that have to hand controllers on first, outermost first
  std::string leaf;                // for the processes that live in home; empty where none may
  bool is_made_by_us = false;      // home is, and is removed when it is empty
  bool operator==(const CgroupPlace&) const = default;
};

// The table above. Throws NoCgroupPlace.
CgroupPlace choose_place(const PlaceFacts& facts);

// Looks at this process and the host. Throws NoCgroupPlace.
PlaceFacts find_place_facts();

// Whether the kernel has the controller in this hierarchy and whoever is above us lets us have it.
bool has_controller(const CgroupPlace& place, const std::string& controller);

// Makes home (and leaf) where they are missing. Throws std::system_error.
void make_home(const CgroupPlace& place);

// Lets home's children have the controller. Returns why that cannot be, or nothing.
std::string hand_on(const CgroupPlace& place, const std::string& controller);

}  // namespace rota::sandbox
