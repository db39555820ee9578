#include "tests/integration/node/node_fixture.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "protocol/conversion.hpp"
#include "protocol/job_id.hpp"

namespace rota::test {

void NodeTest::start_node_with_slots(unsigned slots, std::vector<std::string> more_flags) {
  std::vector<std::string> flags{"0",      "--slots",     std::to_string(slots),  "--name",
                                 "node-1", "--state-dir", folder.path() / "state"};
  for (auto& flag : flags_of_test_nodes()) flags.push_back(flag);
  flags.insert(flags.end(), more_flags.begin(), more_flags.end());
  node = std::make_unique<Daemon>(program_path("rota-node"), flags);
}

std::vector<protocol::Event> NodeTest::logged() const {
  std::vector<protocol::Event> events;
  std::ifstream file(log_file());
  for (std::string line; std::getline(file, line);) events.push_back(protocol::from_log_line(line));
  return events;
}

std::vector<protocol::Event> NodeTest::logged(const std::string& name) const {
  std::vector<protocol::Event> events = logged();
  std::erase_if(events, [&](const protocol::Event& event) { return event.name != name; });
  return events;
}

std::vector<std::string> NodeTest::logged_names_of(const std::string& job_id) const {
  std::vector<protocol::Event> events = logged();
  std::erase_if(events, [&](const protocol::Event& event) { return event.job != job_id; });
  return names_of(events);
}

std::string NodeTest::missing_layers() const {
  const auto fields = logged("box.started").at(0).fields;
  const auto missing = fields.find("missing");
  return missing == fields.end() ? "" : std::get<std::string>(missing->second);
}

void NodeTest::expect_that_the_node_is_fine() const {
  const auto result = submit(job("fine.sh", "echo fine"));
  EXPECT_EQ(result.verdict, protocol::Verdict::AC) << result.message;
  EXPECT_EQ(result.stdout_bytes, "fine\n");
}

std::string NodeTest::start_sleeping_job(PacketClient& client) const {
  auto sleeping = sleeping_job();
  sleeping.job = protocol::make_job_id(now().utc);
  client.send(sleeping);
  wait_for_event(client, "run.started");
  const auto sleeps = [](pid_t pid) { return command_line_of(pid).starts_with("sleep 30"); };
  const bool begun = becomes_true([&] {
    const auto processes = descendants_of(node->pid());
    return std::any_of(processes.begin(), processes.end(), sleeps);
  });
  EXPECT_TRUE(begun) << "the sleeper runs";
  return sleeping.job;
}

protocol::Submit job(const std::string& file_name, const std::string& source) {
  protocol::Submit submission;
  submission.file_name = file_name;
  submission.source = source;
  return submission;
}

protocol::Submit example(const std::string& file_name) {
  std::ifstream file(std::filesystem::path(ROTA_SOURCE_DIR) / "examples" / file_name, std::ios::binary);
  if (!file) throw std::runtime_error("no example " + file_name);
  return job(file_name, std::string(std::istreambuf_iterator<char>(file), {}));
}

protocol::Event wait_for_event(PacketClient& client, const std::string& name) {
  while (true) {
    auto event = client.expect<protocol::LiveEvent>().event;
    if (event.name == name) return event;
  }
}

std::vector<std::string> names_of(const std::vector<protocol::Event>& events) {
  std::vector<std::string> names;
  for (const protocol::Event& event : events) names.push_back(event.name);
  return names;
}

protocol::Submit sleeping_job() {
  auto sleeping = job("sleep.sh", "echo begins; sleep 30");
  sleeping.limits.wall_time = std::chrono::seconds(40);
  sleeping.live_events = true;
  return sleeping;
}

}  // namespace rota::test
