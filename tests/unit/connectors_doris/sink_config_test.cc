#include "connectors/doris/sink_config.h"

#include <doctest/doctest.h>

#include "connectors/doris/label.h"
#include "connectors/doris/token.h"

namespace millrace::doris {
namespace {

// Messages of the check, warnings marked, one per line.
std::string Complaints(const std::vector<std::pair<std::string, std::string>>& given) {
  std::vector<OptionText> written = {{"fenodes", "fe:8030", {}, {}},
                                     {"table.identifier", "demo.t", {}, {}}};
  for (const auto& [key, value] : given) {
    std::erase_if(written, [&](const OptionText& each) { return each.key == key; });
    written.push_back({key, value, {}, {}});
  }
  Diagnostics diagnostics;
  const Options options = Options::Check(OptionTable(), written, "doris", {}, &diagnostics);
  CheckOptions(options, {}, {}, &diagnostics);
  std::string text;
  for (const Diagnostic& each : diagnostics) {
    text += (each.severity == Severity::kWarning ? "warning: " : "") + each.message + " | " +
            each.hint + "\n";
  }
  return text;
}

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("options of the scenario and of old scripts are accepted") {
  CHECK(Complaints({{"sink.properties.two_phase_commit", "true"},
                    {"sink.label-prefix", "doris_demo_emp_001"},
                    {"username", "root"},
                    {"password", ""}}) == "");
  CHECK(Complaints({{"sink.enable-2pc", "true"},
                    {"sink.enable-delete", "true"},
                    {"sink.buffer-size", "262144"},
                    {"sink.properties.format", "json"},
                    {"sink.properties.read_json_by_line", "true"},
                    {"sink.properties.strip_outer_array", "true"},
                    {"fenodes", "a:8030, b:8030"}}) == "");
  CHECK(Complaints({{"sink.batch.size", "100"}}).starts_with("warning: "));
}

TEST_CASE("what would lose or double rows is refused with the reason") {
  CHECK(Says(Complaints({{"sink.enable-2pc", "false"}}), "twice after a restart"));
  CHECK(
      Says(Complaints({{"sink.enable-2pc", "false"}, {"sink.properties.two_phase_commit", "true"}}),
           "never commit it"));
  CHECK(Says(Complaints({{"sink.properties.two_phase_commit", "false"}}), "is refused"));
  CHECK(Says(Complaints({{"sink.properties.group_commit", "sync_mode"}}), "drops labels"));
  CHECK(Complaints({{"sink.properties.group_commit", "off_mode"}}) == "");
  CHECK(Says(Complaints({{"sink.properties.label", "x"}}), "sink.label-prefix"));
  CHECK(Says(Complaints({{"sink.properties.max_filter_ratio", "0.5"}}), "disappear"));
  CHECK(Says(Complaints({{"sink.properties.format", "parquet"}}), "not supported"));
  CHECK(Says(Complaints({{"sink.properties.enclose", "\""}}), "no quotes"));
  CHECK(Says(Complaints({{"sink.ignore.commit-error", "true"}}), "lose rows"));
  CHECK(Says(Complaints({{"sink.write-mode", "copy"}}), "not exactly once"));
  CHECK(Says(Complaints({{"sink.properties.strict_mode", "false"}}), "warning: without strict"));
}

TEST_CASE("slips of the hand") {
  const std::string near = Complaints({{"sink.properties.colunm_separator", ","}});
  CHECK(Says(near, "warning: Stream Load knows no header \"colunm_separator\""));
  CHECK(Says(near, "Did you mean \"sink.properties.column_separator\"?"));
  CHECK(Says(Complaints({{"fenodes", "host"}}), "is not host:port"));
  CHECK(Says(Complaints({{"table.identifier", "t"}}), "Write database.table"));
  CHECK(Says(Complaints({{"sink.label-prefix", "a b"}}), "cannot begin a label"));
  CHECK(Says(Complaints({{"jdbc-url", "jdbc:postgresql://x"}}), "jdbc:mysql://host:9030"));
  CHECK(Says(Complaints({{"sink.properties.format", "csv"},
                         {"sink.properties.column_separator", "\\x01"},
                         {"sink.properties.line_delimiter", "\\x01"}}),
             "cannot be told apart"));
  CHECK(Says(Complaints({{"sink.properties.comment", "a\r\nb: c"}}), "HTTP header"));
}

TEST_CASE("config") {
  const Options options =
      Options::FromTexts(OptionTable(), {{"fenodes", "http://a:8030, b:8031"},
                                         {"table.identifier", "demo.t"},
                                         {"jdbc-url", "jdbc:mysql://q:9999/demo?x=y"},
                                         {"sink.properties.format", "csv"},
                                         {"sink.properties.column_separator", "\\x01"},
                                         {"sink.properties.timeout", "77"},
                                         {"sink.properties.compress_type", "gz"}});
  const SinkConfig config = MakeSinkConfig(options);
  CHECK(config.frontends == std::vector<std::string>{"a:8030", "b:8031"});
  CHECK(config.database == "demo");
  CHECK(config.table == "t");
  CHECK(config.query_host == "q");
  CHECK(config.query_port == 9999);
  CHECK(config.format == BodyFormat::kCsv);
  CHECK(config.column_separator == "\x01");
  CHECK(config.headers == std::map<std::string, std::string>{{"timeout", "77"}});
}

TEST_CASE("separators are spelled as in Doris") {
  CHECK(DecodeSeparator("\\x01") == "\x01");
  CHECK(DecodeSeparator("\\t") == "\t");
  CHECK(DecodeSeparator("||") == "||");
  CHECK(DecodeSeparator("\\x0") == "\\x0");
  CHECK(DecodeSeparator("a\\x0Ab") == "a\nb");
}

TEST_CASE("labels are legal, told apart and always the same") {
  const Labels labels("doris_demo_emp_001", "demo", "all_employees_info", "job", "sink");
  CHECK(labels.Of({1, 12, 3, 1}).starts_with("doris_demo_emp_001_demo_all_employees_info_"));
  CHECK(labels.Of({1, 12, 3, 1}).ends_with("-1_12_3"));
  CHECK(labels.Of({1, 12, 3, 2}).ends_with("-1_12_3_2"));
  CHECK(Labels("p", "d", "t", "job", "sink").Of({}) == Labels("p", "d", "t", "job", "sink").Of({}));
  CHECK(Labels("p", "d", "t", "job", "sink").Of({}) != Labels("p", "d", "t", "jab", "sink").Of({}));
  const uint64_t most = ~uint64_t{0};
  for (const auto& [prefix, table] : std::vector<std::pair<std::string, std::string>>{
           {"p", "täble"}, {std::string(64, 'p'), std::string(64, 't')}, {"", "t"}}) {
    const std::string label = Labels(prefix, "db", table, "insert-into_default.x y", "s")
                                  .Of({most / 4, most / 4, 31, 10'000});
    CHECK(label.size() <= kLabelMax);
    CHECK(label.find_first_not_of("-_:0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
  }
}

TEST_CASE("tokens survive being written down") {
  const Token token{2, 17, 4, {{"demo", "l_1", 99, 5, 1234}, {"demo", "l_2", 100, 6, 7}}};
  const auto parsed = ParseToken(ToText(token));
  REQUIRE(parsed.ok());
  CHECK(*parsed == token);
  CHECK(ParseToken("")->sequence == 0);
  CHECK(!ParseToken("{}").ok());
  CHECK(!ParseToken("{").status().transient());
}

}  // namespace
}  // namespace millrace::doris
