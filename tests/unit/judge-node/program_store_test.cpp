#include "judge-node/program_store.hpp"

#include <sys/stat.h>

#include "tests/unit/judge-node/program_store_fixture.hpp"

namespace rota::node {
namespace {

using protocol::Cause;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777u;
}

std::string refusal_of(const std::filesystem::path& folder) {
  try {
    ProgramStore(folder, {}, [](const std::string&) {});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no refusal";
}

TEST_F(ProgramStoreTest, GivesBackWhatWasSaved) {
  CompiledProgram program = program_of(std::string("\x7f\0ELF", 5), std::string("warning: \xff\0\n", 12));
  program.artifacts.push_back({"empty", MemoryFile::sealed(""), 0});
  ProgramStore store = open();
  store.save(key_of('a'), program);
  const auto loaded = store.load(key_of('a'));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->output, program.output);
  ASSERT_EQ(loaded->artifacts.size(), 2u);
  EXPECT_EQ(loaded->artifacts[0].name, "program");
  EXPECT_EQ(loaded->artifacts[0].file.read(100), std::string("\x7f\0ELF", 5));
  EXPECT_EQ(loaded->artifacts[0].size, 5u);
  EXPECT_EQ(loaded->artifacts[1].name, "empty");
  EXPECT_EQ(loaded->artifacts[1].file.size(), 0u);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, EveryFieldOfReportAndLimitsSurvives) {
  CompiledProgram program = program_of("program");
  program.report = {.cause = Cause::exited,
                    .exit_code = 0,
                    .signal = 15,
                    .cpu_time = std::chrono::nanoseconds(123'456'789'012),
                    .wall_time = std::chrono::nanoseconds(-1),
                    .memory_bytes = ~std::uint64_t{0},
                    .memory_basis = "cgroup",
                    .stdout_bytes = 1ull << 40,
                    .stderr_bytes = 7,
                    .stdout_cut = true,
                    .stderr_cut = true,
                    .process_limit_hit = true,
                    .detail = "for people: ä"};
  program.limits = {.cpu_time = std::chrono::milliseconds(1),
                    .wall_time = std::chrono::milliseconds(2),
                    .memory_bytes = 3,
                    .output_bytes = 4,
                    .file_bytes = 5,
                    .processes = 6};
  ProgramStore store = open();
  store.save(key_of('a'), program);
  const auto loaded = store.load(key_of('a'));
  EXPECT_EQ(loaded.value().report, program.report);
  EXPECT_EQ(loaded.value().limits, program.limits);
}

TEST_F(ProgramStoreTest, AProgramThatIsOnlyCheckedHasNoFiles) {
  CompiledProgram program;
  program.report = {.cause = Cause::exited, .exit_code = 0};
  ProgramStore store = open();
  store.save(key_of('a'), program);
  EXPECT_THAT(store.load(key_of('a')).value().artifacts, IsEmpty());
}

TEST_F(ProgramStoreTest, LoadedFilesCanNeverBeChanged) {
  ProgramStore store = open();
  store.save(key_of('a'), program_of("program"));
  const auto loaded = store.load(key_of('a'));
  EXPECT_LT(::pwrite(loaded.value().artifacts.at(0).file.fd(), "x", 1, 0), 0);
  EXPECT_EQ(first_artifact(loaded), "program");
}

TEST_F(ProgramStoreTest, AKeyThatWasNeverSavedIsAMissWithoutAWarning) {
  ProgramStore store = open();
  EXPECT_FALSE(store.load(key_of('a')));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, KeepsItsProgramsAcrossARestart) {
  std::uint64_t bytes = 0;
  {
    ProgramStore store = open();
    store.save(key_of('a'), program_of("first"));
    store.save(key_of('b'), program_of("second"));
    bytes = store.bytes();
  }
  ProgramStore store = open();
  EXPECT_EQ(store.entries(), 2u);
  EXPECT_EQ(store.bytes(), bytes);
  EXPECT_EQ(first_artifact(store.load(key_of('a'))), "first");
  EXPECT_EQ(first_artifact(store.load(key_of('b'))), "second");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, KeepsTheOrderOfUseAcrossARestart) {
  {
    ProgramStore store = open();
    for (const char digit : {'a', 'b', 'c', 'd'}) store.save(key_of(digit), program_of({digit}));
    EXPECT_TRUE(store.load(key_of('b')));
    EXPECT_TRUE(store.load(key_of('a')));
  }
  ProgramStore store = open({.max_entries = 2});
  EXPECT_EQ(store.entries(), 2u);
  EXPECT_EQ(first_artifact(store.load(key_of('a'))), "a");
  EXPECT_EQ(first_artifact(store.load(key_of('b'))), "b");
  EXPECT_FALSE(std::filesystem::exists(file_of('c')));
  EXPECT_FALSE(std::filesystem::exists(file_of('d')));
}

TEST_F(ProgramStoreTest, DropsTheLeastRecentlyUsedPastItsEntries) {
  ProgramStore store = open({.max_entries = 2});
  store.save(key_of('a'), program_of("a"));
  store.save(key_of('b'), program_of("b"));
  EXPECT_TRUE(store.load(key_of('a')));
  store.save(key_of('c'), program_of("c"));
  EXPECT_EQ(store.entries(), 2u);
  EXPECT_TRUE(store.load(key_of('a')));
  EXPECT_FALSE(store.load(key_of('b')));
  EXPECT_TRUE(store.load(key_of('c')));
  EXPECT_FALSE(std::filesystem::exists(file_of('b')));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, StaysWithinItsBytes) {
  const std::uint64_t one = entry_bytes(1000);
  ProgramStore store = open({.max_bytes = 3 * one});
  for (const char digit : {'a', 'b', 'c'}) store.save(key_of(digit), program_of(std::string(1000, digit)));
  EXPECT_EQ(store.bytes(), 3 * one);
  store.save(key_of('d'), program_of(std::string(1001, 'd')));
  EXPECT_EQ(store.entries(), 2u) << "a byte more takes the room of two";
  EXPECT_LE(store.bytes(), 3 * one);
  EXPECT_FALSE(store.load(key_of('b')));
  EXPECT_TRUE(store.load(key_of('c')));
}

TEST_F(ProgramStoreTest, ReplacesWhatAKeyHad) {
  ProgramStore store = open();
  store.save(key_of('a'), program_of(std::string(5000, 'x')));
  store.save(key_of('a'), program_of(std::string(1000, 'y')));
  EXPECT_EQ(store.entries(), 1u);
  EXPECT_EQ(store.bytes(), entry_bytes(1000));
  EXPECT_EQ(first_artifact(store.load(key_of('a'))), std::string(1000, 'y'));
}

TEST_F(ProgramStoreTest, DoesNotEmptyItselfForAProgramThatIsTooLarge) {
  for (const ProgramStoreBounds bounds :
       {ProgramStoreBounds{.max_entry_bytes = 2000}, ProgramStoreBounds{.max_bytes = 2000},
        ProgramStoreBounds{.max_entry_bytes = entry_bytes(3000) - 1}}) {
    ProgramStore store = open(bounds);
    store.save(key_of('a'), program_of("small"));
    store.save(key_of('b'), program_of(std::string(3000, 'x')));
    EXPECT_TRUE(store.load(key_of('a')));
    EXPECT_FALSE(store.load(key_of('b')));
  }
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, WithRoomForNoEntriesItKeepsNone) {
  ProgramStore store = open({.max_entries = 0});
  store.save(key_of('a'), program_of("a"));
  EXPECT_EQ(store.entries(), 0u);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, KeepsOnlyProgramsThatWereMade) {
  ProgramStore store = open();
  CompiledProgram refused = program_of("a");
  refused.report.exit_code = 1;
  store.save(key_of('a'), refused);
  CompiledProgram killed = program_of("b");
  killed.report.cause = Cause::memory;
  store.save(key_of('b'), killed);
  CompiledProgram without_file = program_of("c");
  without_file.problem = "it made no file";
  store.save(key_of('c'), without_file);
  EXPECT_EQ(store.entries(), 0u);
}

TEST_F(ProgramStoreTest, TakesNoKeyThatIsNot64LowerCaseHexDigits) {
  ProgramStore store = open();
  for (const std::string& key : {std::string(), std::string("a"), std::string(63, 'a'), std::string(65, 'a'),
                                 std::string(64, 'A'), std::string(64, 'g'), "../" + std::string(61, 'a')}) {
    store.save(key, program_of("program"));
    EXPECT_FALSE(store.load(key)) << key;
  }
  EXPECT_EQ(store.entries(), 0u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}), 1) << "the folder itself";
}

TEST_F(ProgramStoreTest, FolderAndFilesAreForItsUserOnly) {
  folder_ = dir_.path() / "not" / "there" / "yet" / "";
  ProgramStore store = open();
  store.save(key_of('a'), program_of("a"));
  EXPECT_EQ(mode_of(folder_.parent_path()), 0700u);
  EXPECT_EQ(mode_of(file_of('a')), 0600u);
}

TEST_F(ProgramStoreTest, LeavesNoTemporaryFiles) {
  ProgramStore store = open();
  store.save(key_of('a'), program_of("a"));
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder_))
    names.push_back(file.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre(key_of('a'), StoreFolder::kLock));
}

TEST_F(ProgramStoreTest, ATemporaryFileOfOneThatWasKilledIsRemovedWithoutAWord) {
  open();
  put_content(folder_ / StoreFolder::kTemporary, "half a prog");
  ProgramStore store = open();
  EXPECT_FALSE(std::filesystem::exists(folder_ / StoreFolder::kTemporary));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ProgramStoreTest, ForeignFilesAreRemovedFoldersAreLeftAlone) {
  open().save(key_of('a'), program_of("a"));
  put_content(folder_ / "README", "foreign");
  put_content(folder_ / std::string(64, 'A'), "foreign");
  std::filesystem::create_symlink(file_of('a'), file_of('b'));
  std::filesystem::create_directory(folder_ / "lost+found");
  ProgramStore store = open();
  EXPECT_EQ(store.entries(), 1u);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "README"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / std::string(64, 'A')));
  EXPECT_FALSE(std::filesystem::is_symlink(file_of('b')));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "lost+found"));
  EXPECT_TRUE(store.load(key_of('a')));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("3 files that are no programs were removed")));
}

TEST_F(ProgramStoreTest, AnEntryThatPassesItsBoundIsRemovedAtTheStart) {
  open().save(key_of('a'), program_of(std::string(3000, 'x')));
  ProgramStore store = open({.max_entry_bytes = 1000});
  EXPECT_EQ(store.entries(), 0u);
  EXPECT_FALSE(std::filesystem::exists(file_of('a')));
}

TEST_F(ProgramStoreTest, RefusesAFolderOfOtherFilesAndTouchesNoneOfThem) {
  put_content(dir_.path() / "thesis.tex", "ten years");
  EXPECT_THAT(refusal_of(dir_.path()), HasSubstr("is no program store: name an empty or a new folder"));
  EXPECT_EQ(content_of(dir_.path() / "thesis.tex"), "ten years");
}

TEST_F(ProgramStoreTest, RefusesAFolderThatOthersMayWriteTo) {
  std::filesystem::create_directory(folder_);
  for (const auto others : {std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all | others);
    EXPECT_THAT(refusal_of(folder_), HasSubstr("others may write to the folder"));
  }
}

TEST_F(ProgramStoreTest, RefusesAFolderThatAnotherStoreUses) {
  {
    ProgramStore store = open();
    EXPECT_THAT(refusal_of(folder_), HasSubstr("another process uses the folder"));
    store.save(key_of('a'), program_of("a"));
  }
  EXPECT_EQ(refusal_of(folder_), "no refusal");
}

TEST_F(ProgramStoreTest, RefusesAFileInItsFoldersPlace) {
  put_content(folder_, "a file");
  EXPECT_THAT(refusal_of(folder_), HasSubstr(folder_.string()));
  EXPECT_THAT(refusal_of(folder_ / "below"), HasSubstr(folder_.string()));
}

}  // namespace
}  // namespace rota::node
