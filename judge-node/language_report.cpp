#include "judge-node/language_report.hpp"

#include <fmt/format.h>

namespace rota::node {

std::string language_report(const LanguageTable& languages) {
  std::string report;
  std::size_t missing = 0;
  for (const Language& language : languages.all()) {
    const auto& [version, path, problem] = language.toolchain;
    report += fmt::format("{:<18} {:<26} ", language.id, language.name);
    report += problem.empty() ? fmt::format("{} {}\n", version.empty() ? "?" : version, path)
                              : fmt::format("MISSING: {}\n", problem);
    missing += problem.empty() ? 0 : 1;
  }
  return report + fmt::format("{} languages, {} missing\n", languages.all().size() - missing, missing);
}

}  // namespace rota::node
