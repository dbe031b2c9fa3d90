// docs/settings.md is the table of settings, to the letter. REWRITE=1 writes it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "base/ascii.h"
#include "plan/settings.h"
#include "unit/generated_page.h"

using namespace millrace;

namespace {

constexpr const char* kBeginning =
    "# Settings\n\n"
    "Made from the table of settings in `src/plan` by its test; do not edit it by hand.\n"
    "`SET 'key' = 'value';` changes a setting for the statements that follow, `RESET` restores the "
    "default.\n"
    "`-D key=value` sets it for the whole run: `SET` and `RESET` in the script do not change it, "
    "and "
    "a `SET`\n"
    "that would warns once. A key that is not listed here is kept with a warning.\n\n"
    "| setting | default | description |\n| --- | --- | --- |\n";

constexpr const char* kWithoutEffect =
    "\n## Without effect\n\n"
    "Flink settings that Millrace accepts but ignores. Where a value is shown, it is the only "
    "behavior Millrace\n"
    "has. Other values are kept, with one warning.\n\n";

std::string OtherSpellings(std::string_view key) {
  std::string names;
  for (const SettingSpec& other : SettingSpecs()) {
    if (other.alias_of == key) names += fmt::format(" Also `{}`.", other.key);
  }
  return names;
}

std::string Page() {
  std::string page = kBeginning;
  std::string without_effect;
  for (const SettingSpec& spec : SettingSpecs()) {
    if (!spec.alias_of.empty()) continue;
    if (spec.ignored || !spec.satisfied_by.empty()) {
      without_effect += fmt::format("- `{}`{}{}\n", spec.key, spec.satisfied_by.empty() ? "" : ": ",
                                    spec.satisfied_by);
      continue;
    }
    std::string choices = spec.choices.empty() ? "" : " One of ";
    choices += Join(Split(spec.choices, '|'), ", ") + (spec.choices.empty() ? "" : ".");
    page += fmt::format("| `{}` | {} | {}{}{} |\n", spec.key, EscapedCell(spec.default_value),
                        EscapedCell(spec.help), choices, OtherSpellings(spec.key));
  }
  return page + kWithoutEffect + without_effect;
}

}  // namespace

TEST_CASE("the page of settings is their table") { CheckPage("settings.md", Page()); }

TEST_CASE("every setting says what it is") {
  for (const SettingSpec& spec : SettingSpecs()) {
    const bool silent = spec.ignored || !spec.satisfied_by.empty() || !spec.alias_of.empty();
    CHECK_MESSAGE((silent || !spec.help.empty()), spec.key);
  }
}
