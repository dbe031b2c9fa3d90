#include "connectors/options.h"

#include <doctest/doctest.h>

using namespace millrace;

namespace {

constexpr OptionSpec kSpecs[] = {
    {.key = "hostname", .required = true, .help = "The server."},
    {.key = "password", .kind = OptionKind::kSecret},
    {.key = "port", .kind = OptionKind::kInteger, .default_value = "3306"},
    {.key = "timeout", .kind = OptionKind::kDuration, .default_value = "30 s"},
    {.key = "mode",
     .kind = OptionKind::kChoice,
     .default_value = "initial",
     .choices = "initial|snapshot"},
    {.key = "pattern", .kind = OptionKind::kRegex},
    {.key = "old", .ignored = true},
    {.key = "sink.properties.*"},
};

Options Check(std::vector<OptionText> written, Diagnostics* diagnostics) {
  return Options::Check(kSpecs, written, "test", {1, 2}, diagnostics);
}

}  // namespace

TEST_CASE("checked options have values, defaults and places") {
  Diagnostics diagnostics;
  const Options options = Check({{"connector", "test", {}, {}},
                                 {"hostname", "db", {3, 5}, {6, 8}},
                                 {"timeout", "2 min", {}, {}},
                                 {"sink.properties.format", "json", {}, {}}},
                                &diagnostics);
  CHECK(diagnostics.empty());
  CHECK(options.Text("hostname") == "db");
  CHECK(options.ValueSpan("hostname") == Span{6, 8});
  CHECK(options.Integer("port") == 3306);
  CHECK_FALSE(options.Given("port"));
  CHECK(options.DurationMs("timeout") == 120'000);
  CHECK(options.WithPrefix("sink.properties.") ==
        std::map<std::string, std::string>{{"format", "json"}});
}

TEST_CASE("every mistake is named with its place") {
  const auto finding = [](std::vector<OptionText> written) {
    Diagnostics diagnostics;
    Check(std::move(written), &diagnostics);
    REQUIRE_FALSE(diagnostics.empty());
    return diagnostics[0];
  };
  CHECK(finding({}).message == "connector \"test\" needs the option \"hostname\"");
  CHECK(finding({{"hostnam", "x", {3, 4}, {}}}).message ==
        "connector \"test\" has no option \"hostnam\"");
  CHECK(finding({{"hostnam", "x", {3, 4}, {}}}).hint == "Did you mean \"hostname\"?");
  CHECK(finding({{"port", "x", {}, {7, 9}}}).span == Span{7, 9});
  CHECK(finding({{"mode", "snapshots", {}, {}}}).hint == "Did you mean \"snapshot\"?");
  CHECK(finding({{"pattern", "[a", {}, {}}}).message ==
        "the value \"[a\" of option \"pattern\" is not a valid regular expression");
  CHECK(finding({{"old", "x", {}, {}}}).severity == Severity::kWarning);
}

TEST_CASE("secrets are known by kind and by name") {
  CHECK(IsSecret("password", kSpecs));
  CHECK(IsSecret("sink.properties.Authorization", kSpecs));
  CHECK_FALSE(IsSecret("hostname", kSpecs));
}

TEST_CASE("an option of a connector without options has a hint that says so") {
  Diagnostics diagnostics;
  const std::vector<OptionText> written = {{"path", "/x", {3, 9}, {12, 16}}};
  Options::Check({}, written, "blackhole", {}, &diagnostics);
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].message == "connector \"blackhole\" has no option \"path\"");
  CHECK(diagnostics[0].hint == "It has no options.");
}
