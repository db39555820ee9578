#pragma once
// The placeholders of a language's argv and environment: lower-case words between braces.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rota::node {

namespace placeholder {
inline constexpr std::string_view kSource = "{source}";      // the source's file name in /work
inline constexpr std::string_view kStem = "{stem}";          // the same without its last extension
inline constexpr std::string_view kOutput = "{output}";      // the first of the compile step's outputs
inline constexpr std::string_view kMemory = "{memory_mib}";  // the memory limit
inline constexpr std::string_view kHeap = "{heap_mib}";      // the step's share of it
inline constexpr std::string_view kWarm = "{warm}";  // folder of what was prepared for the fast compile

// These are whole elements of argv, in whose place several may stand, or none:
inline constexpr std::string_view kArguments = "{arguments}";  // the submission's; in run's argv, once
inline constexpr std::string_view kSources =
    "{sources}";  // the source, and files of the same extension beside it
inline constexpr std::string_view kFlags = "{flags}";  // of the compiler, that the submission asks for
inline constexpr std::string_view kLinkFlags = "{link_flags}";  // likewise, of the linker
}  // namespace placeholder

// Whether it stands for a list, and so for an element of its own.
bool is_list(std::string_view placeholder);

// By placeholder, braces included.
struct PlaceholderValues {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
};

// Texts with their placeholders filled in; one that has no value becomes nothing. What was put in is not looked at
// again: a file named "{output}" is just that.
std::vector<std::string> expand(const std::vector<std::string>& texts, const PlaceholderValues& values);

// The "{word}" parts (lower-case letters, digits and '_' between braces, a letter first) of a text, in order.
std::vector<std::string> placeholders_in(std::string_view text);

bool mentions(const std::vector<std::string>& texts, std::string_view placeholder);

}  // namespace rota::node
