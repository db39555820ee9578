#include "sandbox/message.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <random>

#include "base/check.hpp"
#include "sandbox/seqpacket.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;

UniqueFd some_file() {
  return UniqueFd(check(::memfd_create("test", MFD_CLOEXEC), "make a memfd"));
}

// As the kernel would hand it over: copies of the descriptors.
IncomingMessage deliver(const OutgoingMessage& sent) {
  IncomingMessage message{sent.bytes, {}};
  for (const int fd : sent.fds)
    message.fds.emplace_back(check(::fcntl(fd, F_DUPFD_CLOEXEC, 3), "copy a descriptor"));
  return message;
}

bool same_file(int left, int right) {
  struct stat first {};
  struct stat second {};
  return ::fstat(left, &first) == 0 && ::fstat(right, &second) == 0 && first.st_ino == second.st_ino;
}

struct FullSpec {
  UniqueFd in = some_file(), out = some_file(), source = some_file(), header = some_file();
  RunSpec spec;

  FullSpec() {
    spec.argv = {"g++", "-o", "main", ""};
    spec.environment = {"A=b", "EMPTY="};
    spec.inputs = {{"main.cpp", source.get(), false}, {"tool", header.get(), true}};
    spec.outputs = {"main", "log"};
    spec.output_file_bytes = 123'456'789'012;
    spec.limits = {1ms, 2ms, 3u << 20, 4, 5u << 12, 6};
    spec.address_space_bytes = 7u << 20;
    spec.stdin_fd = in.get();
    spec.stderr_fd = out.get();
  }
};

TEST(BoxMessage, CarriesARunRequestWhole) {
  const FullSpec full;
  const auto request = decode_request(deliver(encode(full.spec)));
  const RunSpec& spec = std::get<RunRequest>(request).spec;
  EXPECT_EQ(spec.argv, full.spec.argv);
  EXPECT_EQ(spec.environment, full.spec.environment);
  EXPECT_EQ(spec.outputs, full.spec.outputs);
  EXPECT_EQ(spec.output_file_bytes, full.spec.output_file_bytes);
  EXPECT_EQ(spec.limits, full.spec.limits);
  EXPECT_EQ(spec.address_space_bytes, full.spec.address_space_bytes);
  EXPECT_TRUE(same_file(spec.stdin_fd, full.in.get()));
  EXPECT_EQ(spec.stdout_fd, -1);
  EXPECT_TRUE(same_file(spec.stderr_fd, full.out.get()));
  ASSERT_EQ(spec.inputs.size(), 2u);
  EXPECT_EQ(spec.inputs[0].name, "main.cpp");
  EXPECT_FALSE(spec.inputs[0].executable);
  EXPECT_TRUE(same_file(spec.inputs[0].fd, full.source.get()));
  EXPECT_TRUE(spec.inputs[1].executable);
  EXPECT_TRUE(same_file(spec.inputs[1].fd, full.header.get()));
}

TEST(BoxMessage, CarriesARunReplyWhole) {
  RunReply reply;
  reply.report = {
      protocol::Cause::output, std::nullopt, 9, 1ns, 2ns, 3, "cgroup", 4, 5, true, false, true, "words"};
  const UniqueFd file = some_file();
  reply.outputs.push_back({"main", UniqueFd(::dup(file.get())), 77});
  const auto message = decode_box_message(deliver(encode(reply)));
  const auto& received = std::get<RunReply>(message);
  EXPECT_EQ(received.report, reply.report);
  ASSERT_EQ(received.outputs.size(), 1u);
  EXPECT_EQ(received.outputs[0].name, "main");
  EXPECT_EQ(received.outputs[0].size, 77u);
  EXPECT_TRUE(same_file(received.outputs[0].file.get(), file.get()));
}

TEST(BoxMessage, CarriesReadyRefusedAndCancel) {
  const auto ready =
      decode_box_message(deliver(encode(BoxReady{{{"seccomp", true, "how"}, {"x", false, "why", false}}})));
  ASSERT_EQ(std::get<BoxReady>(ready).layers.size(), 2u);
  EXPECT_EQ(std::get<BoxReady>(ready).layers[0].name, "seccomp");
  EXPECT_TRUE(std::get<BoxReady>(ready).layers[0].active);
  EXPECT_TRUE(std::get<BoxReady>(ready).layers[0].expected);
  EXPECT_EQ(std::get<BoxReady>(ready).layers[1].reason, "why");
  EXPECT_FALSE(std::get<BoxReady>(ready).layers[1].expected);
  EXPECT_EQ(std::get<BoxRefused>(decode_box_message(deliver(encode(BoxRefused{"why"})))).reason, "why");
  EXPECT_TRUE(std::holds_alternative<CancelRequest>(decode_request(deliver(encode(CancelRequest{})))));
}

TEST(BoxMessage, RefusesEveryRequestThatIsCutShort) {
  const FullSpec full;
  const OutgoingMessage whole = encode(full.spec);
  for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
    OutgoingMessage cut = whole;
    cut.bytes.resize(size);
    EXPECT_THROW(decode_request(deliver(cut)), MessageError) << size;
  }
}

TEST(BoxMessage, RefusesBytesAndDescriptorsThatAreLeftOver) {
  const FullSpec full;
  OutgoingMessage longer = encode(full.spec);
  longer.bytes.push_back('\0');
  EXPECT_THROW(decode_request(deliver(longer)), MessageError);
  OutgoingMessage more = encode(full.spec);
  more.fds.push_back(full.in.get());
  EXPECT_THROW(decode_request(deliver(more)), MessageError);
  OutgoingMessage fewer = encode(full.spec);
  fewer.fds.pop_back();
  EXPECT_THROW(decode_request(deliver(fewer)), MessageError);
}

TEST(BoxMessage, RefusesAnotherVersionAndUnknownKinds) {
  EXPECT_THROW(decode_request({std::string("\2\1", 2), {}}), MessageError);
  EXPECT_THROW(decode_request({std::string("\3\x63", 2), {}}), MessageError);
  EXPECT_THROW(decode_request(deliver(encode(BoxRefused{"answers are no requests"}))), MessageError);
  EXPECT_THROW(decode_box_message(deliver(encode(CancelRequest{}))), MessageError);
}

TEST(BoxMessage, RefusesALengthPastItsBoundBeforeItMakesRoom) {
  std::string bytes("\3\1", 2);
  bytes += "\xff\xff\xff\xff";
  EXPECT_THROW(decode_request({bytes, {}}), MessageError);
}

TEST(BoxMessage, RefusesAnUnknownCause) {
  RunReply reply;
  OutgoingMessage message = encode(reply);
  message.bytes[2] = 99;
  EXPECT_THROW(decode_box_message(deliver(message)), MessageError);
}

TEST(BoxMessage, RefusesASpecThatPassesItsBounds) {
  FullSpec full;
  full.spec.outputs = {"a/b"};
  EXPECT_THROW(decode_request(deliver(encode(full.spec))), MessageError);
}

TEST(BoxMessage, SurvivesRandomDamage) {
  const FullSpec full;
  const OutgoingMessage whole = encode(full.spec);
  std::mt19937 random(4711);
  int refused = 0;
  for (int round = 0; round < 5'000; ++round) {
    OutgoingMessage damaged = whole;
    for (unsigned hits = 1 + random() % 4; hits > 0; --hits) {
      damaged.bytes[random() % damaged.bytes.size()] = static_cast<char>(random());
    }
    try {
      decode_request(deliver(damaged));
    } catch (const MessageError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1'000);
}

TEST(BoxMessage, CutsWordsForPeopleToTheirBound) {
  const auto message = decode_box_message(deliver(encode(BoxRefused{std::string(100'000, 'x')})));
  EXPECT_EQ(std::get<BoxRefused>(message).reason.size(), 4096u);
}

class BoxSocket : public testing::Test {
 protected:
  BoxSocket() { std::tie(ours_, theirs_) = BoxClient::make_sockets(); }
  UniqueFd ours_, theirs_;
};

TEST_F(BoxSocket, HasNothingToGiveAtFirst) {
  EXPECT_EQ(BoxClient(std::move(ours_)).receive(), std::nullopt);
}

TEST_F(BoxSocket, ReceivesDescriptorsCloseOnExec) {
  const UniqueFd file = some_file();
  send_message(theirs_.get(), {"hello", {file.get()}});
  const auto message = receive_message(ours_.get());
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->bytes, "hello");
  ASSERT_EQ(message->fds.size(), 1u);
  EXPECT_EQ(::fcntl(message->fds[0].get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(BoxSocket, SaysThatTheBoxIsGone) {
  BoxClient client(std::move(ours_));
  theirs_.reset();
  EXPECT_THROW(client.receive(), BoxGone);
  EXPECT_THROW(client.cancel(), BoxGone);
  RunSpec spec;
  spec.argv = {"true"};
  EXPECT_THROW(client.run(spec), BoxGone);
}

TEST_F(BoxSocket, TakesNonsenseForTheEndOfTheBox) {
  BoxClient client(std::move(ours_));
  ASSERT_EQ(::send(theirs_.get(), "nonsense", 8, 0), 8);
  EXPECT_THROW(client.receive(), BoxGone);
}

TEST_F(BoxSocket, CarriesTheLargestRequest) {
  const UniqueFd file = some_file();
  RunSpec spec;
  spec.argv = {std::string(kMaxOneArgumentBytes, 'a'),
               std::string(kMaxArgumentBytes - kMaxOneArgumentBytes - 2, 'b')};
  const std::string filling(kMaxNamesBytes / (kMaxInputs + kMaxOutputs) - 3, 'n');
  for (std::size_t i = 0; i < kMaxInputs; ++i) {
    const std::string name = std::to_string(100 + i) + filling;
    spec.inputs.push_back({name, file.get(), false});
    spec.outputs.push_back(name);
  }
  spec.stdin_fd = spec.stdout_fd = spec.stderr_fd = file.get();
  ASSERT_EQ(find_problem(spec), std::nullopt);
  BoxClient(std::move(ours_)).run(spec);
  auto message = receive_message(theirs_.get());
  ASSERT_TRUE(message.has_value());
  const auto request = decode_request(std::move(*message));
  EXPECT_EQ(std::get<RunRequest>(request).fds.size(), kMaxInputs + 3);
}

}  // namespace
}  // namespace rota::sandbox
