#pragma once
// The whole node: what it is made of, how it starts and how it ends.
//
//   bind (so that the port is known) ─▶ start a box a slot ─▶ all ready: self-test ─▶ passed: which toolchains are
//   there? ─▶ listen, say so ─▶ … ─▶ stop()
//
// drain(): no new jobs; stop() once those in hand have been answered, and the clusters' results stored.
//
// stop(): no new connections, the boxes clear up and end, the loop ends. A box that cannot be had, or that refuses since
// a layer is missing, and a self-test that fails take the same way, with a reason.

#include <memory>
#include <optional>
#include <string>

#include "judge-node/box_pool.hpp"
#include "judge-node/cluster_jobs.hpp"
#include "judge-node/descriptor_limit.hpp"
#include "judge-node/event_log.hpp"
#include "judge-node/job_service.hpp"
#include "judge-node/joiner.hpp"
#include "judge-node/language_table.hpp"
#include "judge-node/options.hpp"
#include "judge-node/program_store.hpp"
#include "judge-node/server.hpp"
#include "judge-node/toolchain_probe.hpp"
#include "judge-node/warm_ups.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "protocol/stdin_blobs.hpp"

namespace rota::node {

class Node {
 public:
  // Throws where the address cannot be bound, the log cannot be opened, or the language table is bad.
  Node(net::Loop& loop, Options options, const DescriptorShares& descriptors);

  // What a first signal asks for: ends once nothing is in hand, or after the drain time. A second call ends it at once.
  void drain();

  // Ends; then the loop stops.
  void stop();

  // Why the node had to end by itself, once the loop has stopped.
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  void box_started(unsigned slot, int pid, const std::vector<sandbox::Layer>& layers);
  void test_boxes(const std::vector<sandbox::Layer>& layers);
  void find_toolchains();
  void report_languages();
  void box_idle();
  void became_ready();
  void fail(const std::string& reason);
  protocol::Hello hello() const;
  void progressed();
  bool stop_if_done();

  net::Loop& loop_;
  Options options_;
  LanguageTable languages_;
  std::unique_ptr<net::Listener> listener_;  // gone once the node stops
  std::string address_;
  EventLog log_;
  std::filesystem::path host_cache_;
  SelfTest self_test_;
  SelfTestDesk self_tests_;
  protocol::StdinBlobs stdin_blobs_;
  BoxPool boxes_;
  ToolchainProbe toolchains_;
  WarmUps warm_ups_;
  ProgramStore programs_;
  const std::string session_;  // UUID of this life of the process
  net::Timer drain_end_;
  net::Timer turn_;  // looks whether all is done; jobs that end with their connections still want it
  JobService jobs_;
  ClusterJobs clusters_;
  Server server_;
  Joiner joiner_;
  std::optional<std::string> failure_;
  bool ready_ = false;
  bool finding_toolchains_ = false;
  bool tested_ = false;  // or being tested
  bool draining_ = false;
};

}  // namespace rota::node
