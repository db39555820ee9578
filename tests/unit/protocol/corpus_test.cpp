// The fuzzers' properties for the files of their corpus and for small changes of them, with any compiler.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/properties.hpp"

namespace rota::fuzz {
namespace {

std::vector<std::string> corpus(const char* name) {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(ROTA_FUZZ_CORPUS) / name)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(files.begin(), files.end());  // the folder's own order differs between machines
  EXPECT_FALSE(files.empty());
  return files;
}

std::string changed(std::string input, std::mt19937& random) {
  for (unsigned changes = 1 + random() % 3; changes > 0 && !input.empty(); --changes) {
    const std::size_t at = random() % input.size();
    const auto byte = static_cast<char>(random());
    switch (random() % 3) {
      case 0:
        input[at] = byte;
        break;
      case 1:
        input.insert(at, 1, byte);
        break;
      default:
        input.erase(at, 1 + random() % 4);
    }
  }
  return input;
}

void check_corpus(const char* name, void (*check)(std::string_view)) {
  std::mt19937 random(2026);
  for (const std::string& input : corpus(name)) {
    check(input);
    for (int i = 0; i < 100; ++i) check(changed(input, random));
  }
}

TEST(FuzzCorpus, HoldsForTheDecoder) {
  check_corpus("decoder", check_decoder);
}
TEST(FuzzCorpus, HoldsForTheConversion) {
  check_corpus("conversion", check_conversion);
}
TEST(FuzzCorpus, HoldsForWriting) {
  check_corpus("writing", check_writing);
}

}  // namespace
}  // namespace rota::fuzz
