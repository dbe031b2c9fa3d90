// Any script is refused with diagnostics inside of it or changes a session; whatever plan comes out
// is the same when it is read back from its JSON.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "plan/compiler.h"
#include "sql/splitter.h"

namespace {

constexpr millrace::OptionSpec kOptions[] = {{.key = "path", .help = "Where the rows are."}};
const millrace::Column kMetadata[] = {{"database_name", millrace::Type::String(), "database_name"}};

const millrace::Connector kLog = {.name = "mysql-cdc",
                                  .options = kOptions,
                                  .metadata = kMetadata,
                                  .is_source = true,
                                  .emits_updates = [](const millrace::Options&) { return true; }};
const millrace::Connector kTable = {.name = "doris",
                                    .options = kOptions,
                                    .is_source = true,
                                    .is_sink = true,
                                    .accepts_updates = true};
const millrace::Connector kMadeUp = {.name = "datagen", .options = kOptions, .is_source = true};
const millrace::Connector kValues = {.name = "values", .is_source = true};
const millrace::Connector kPrint = {.name = "print", .options = kOptions, .is_sink = true};
const millrace::Connector* const kConnectors[] = {&kLog, &kTable, &kMadeUp, &kValues, &kPrint};

// So that most of what is tried names something.
constexpr std::string_view kTables = R"(
CREATE TABLE t (id INT NOT NULL, name STRING, price DECIMAL(10, 2), at_time TIMESTAMP(3), total AS price * 2,
PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'mysql-cdc');
CREATE TABLE s (id BIGINT, name STRING) WITH ('connector' = 'doris');
CREATE TABLE p (id BIGINT, name VARCHAR(5)) WITH ('connector' = 'print');
CREATE TABLE d (id INT, name STRING, data BYTES, happy BOOLEAN, born DATE) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT id, UPPER(name) AS name FROM t WHERE price > 1;
)";

[[noreturn]] void Fail(const char* what, const std::string& detail) {
  std::fprintf(stderr, "%s\n%s\n", what, detail.c_str());
  std::abort();
}

void CheckPlan(const millrace::Plan& plan) {
  const std::string json = millrace::ToJson(plan, true);
  const auto again = millrace::PlanFromJson(json, kConnectors);
  if (!again.ok()) Fail("a plan is not read again", again.status().message() + "\n" + json);
  if (!(*again == plan)) Fail("a plan is another one when it is read again", json);
  millrace::Explain(plan, kConnectors, {.changelog_mode = true});
}

void Run(millrace::Session* session, std::string_view script) {
  for (const auto& piece : millrace::sql::Split(script).statements) {
    millrace::Diagnostics diagnostics;
    const auto outcome = session->Execute(script.substr(piece.begin, piece.end - piece.begin),
                                          piece.begin, &diagnostics);
    for (const millrace::Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.span.begin > diagnostic.span.end || diagnostic.span.end > script.size() + 1) {
        Fail("a place outside of the script", diagnostic.message);
      }
      millrace::Render(diagnostic, "fuzz.sql", script);
    }
    if (!outcome) {
      if (!millrace::HasErrors(diagnostics)) Fail("refused without a reason", std::string(script));
      continue;
    }
    if (const millrace::Plan* plan = millrace::PlanOf(*outcome)) CheckPlan(*plan);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  millrace::Session session(kConnectors);
  Run(&session, kTables);
  Run(&session, script);
  return 0;
}
