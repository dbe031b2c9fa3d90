// What every source and every sink that was built in must do, as far as it can be tried without a
// server: connectors are taken from the generated list, and one that needs a peer is tried against
// its absence.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <string>

#include "connectors/connector_list.h"
#include "row/print.h"

using namespace millrace;

namespace {

// Options with which a connector can be opened here; connectors that are not listed need a peer,
// and get addresses nobody listens on.
std::map<std::string, std::string> OptionsFor(std::string_view name) {
  if (name == "values") return {{"rows", "[[1,\"a\"],[2,null],[3,\"c\"],[4,\"d\"],[5,\"e\"]]"}};
  if (name == "datagen") {
    return {{"number-of-rows", "5000"},
            {"rows-per-second", "0"},
            {"fields.id.kind", "sequence"},
            {"fields.id.start", "1"},
            {"fields.id.end", "5000"}};
  }
  if (name == "print") return {{"standard-error", "true"}};
  return {{"hostname", "127.0.0.1"},   {"port", "1"},
          {"fenodes", "127.0.0.1:1"},  {"query-port", "1"},
          {"username", "nobody"},      {"password", "secret-word"},
          {"database-name", "d"},      {"table-name", "t"},
          {"table.identifier", "d.t"}, {"sink.label-prefix", "conformance"},
          {"connect.timeout", "1 s"}};
}

bool NeedsPeer(std::string_view name) { return name == "mysql-cdc" || name == "doris"; }

Schema TestSchema() {
  return {{{"id", Type::Of(TypeKind::kInt), ""}, {"name", Type::String(), ""}}, {}};
}

struct World {
  std::FILE* sink = std::fopen("/dev/null", "w");
  Log log{LogLevel::kOff, sink};
  StopToken stop{&SystemClock()};
  Environment environment{&SystemClock(), &log, &stop};
  ~World() { std::fclose(sink); }
};

Options OptionsOf(const Connector& connector) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : OptionsFor(connector.name)) {
    for (const OptionSpec& spec : connector.options) {
      const bool pattern =
          spec.key.ends_with('*') && key.starts_with(spec.key.substr(0, spec.key.size() - 1));
      if (spec.key == key || pattern) texts[key] = value;
    }
  }
  return Options::FromTexts(connector.options, texts);
}

struct Read {
  std::vector<std::string> rows;
  std::vector<std::pair<Position, size_t>> positions;  // and the rows before each
};

Read ReadAll(const Connector& connector, const Position& from, World* world) {
  const Options options = OptionsOf(connector);
  SourceRequest request;
  request.table = "t";
  request.options = &options;
  request.schema = TestSchema();
  request.columns = {0, 1};
  request.stride = 3;
  auto source = connector.open_source(request, world->environment);
  REQUIRE(source.ok());
  REQUIRE((*source)->Seek({&from, 1}).ok());
  Read read;
  Batch batch;
  for (int polls = 0; polls < 100'000 && !batch.end_of_input(); ++polls) {
    batch.Reset(3);
    REQUIRE((*source)->Poll(&batch).ok());
    for (uint32_t i = 0; i < batch.rows(); ++i) {
      std::string text;
      AppendCell(&text, batch.row(i)[0]);
      text += batch.row(i)[1].is_null() ? "|NULL" : "|";
      AppendCell(&text, batch.row(i)[1]);
      read.rows.push_back(text);
    }
    if (!batch.position().empty()) read.positions.emplace_back(batch.position(), read.rows.size());
  }
  REQUIRE(batch.end_of_input());
  return read;
}

}  // namespace

TEST_CASE("every connector has a name, a help and a help for every option") {
  for (const Connector* connector : AllConnectors()) {
    CHECK_FALSE(connector->name.empty());
    CHECK_FALSE(connector->help.empty());
    CHECK((connector->is_source || connector->is_sink));
    CHECK((connector->open_source != nullptr) == connector->is_source);
    CHECK((connector->open_sink != nullptr) == connector->is_sink);
    for (const OptionSpec& option : connector->options) {
      CHECK_MESSAGE((option.ignored || !option.help.empty()), connector->name << " " << option.key);
    }
  }
}

TEST_CASE("seeking to any reported position reads exactly the rest") {
  World world;
  for (const Connector* connector : AllConnectors()) {
    if (!connector->is_source || NeedsPeer(connector->name)) continue;
    const Read whole = ReadAll(*connector, Position(), &world);
    CHECK(whole.rows.size() >= 5);
    REQUIRE_FALSE(whole.positions.empty());
    for (const auto& [position, before] : whole.positions) {
      const Read rest = ReadAll(*connector, position, &world);
      const std::vector<std::string> expected(whole.rows.begin() + static_cast<ptrdiff_t>(before),
                                              whole.rows.end());
      CHECK_MESSAGE(rest.rows == expected, connector->name << " from " << position.ToText());
    }
  }
}

TEST_CASE("a position that is none is refused") {
  World world;
  for (const Connector* connector : AllConnectors()) {
    if (!connector->is_source || NeedsPeer(connector->name) || connector->name == "doris") continue;
    const Options options = OptionsOf(*connector);
    SourceRequest request;
    request.options = &options;
    request.schema = TestSchema();
    request.columns = {0, 1};
    request.stride = 2;
    auto source = connector->open_source(request, world.environment);
    REQUIRE(source.ok());
    const Position nonsense(Json::Object({{"nonsense", true}}));
    CHECK_FALSE((*source)->Seek({&nonsense, 1}).ok());
  }
}

TEST_CASE("sinks without a peer take rows, prepare, commit twice and recover") {
  World world;
  for (const Connector* connector : AllConnectors()) {
    if (!connector->is_sink || NeedsPeer(connector->name)) continue;
    const Options options = OptionsOf(*connector);
    SinkRequest request;
    request.table = "t";
    request.job = "j";
    request.options = &options;
    request.schema = TestSchema();
    request.columns = request.slots = {0, 1};
    request.types = {Type::Of(TypeKind::kInt), Type::String()};
    auto sink = connector->open_sink(request, world.environment);
    REQUIRE(sink.ok());
    REQUIRE((*sink)->Open().ok());
    REQUIRE((*sink)->Recover("").ok());
    Batch batch(2);
    Cell* row = batch.AddRow(RowKind::kInsert);
    row[0] = Cell::Int(1);
    row[1] = Cell::Null();
    const uint32_t rows[] = {0};
    CHECK((*sink)->Write(batch, rows).ok());
    const auto token = (*sink)->Prepare(1);
    REQUIRE(token.ok());
    if (!token->empty()) {
      CHECK((*sink)->Commit(*token).ok());
      CHECK((*sink)->Commit(*token).ok());
    }
  }
}

TEST_CASE(
    "a peer that is not there is a transient failure that names the address and no password") {
  World world;
  for (const Connector* connector : AllConnectors()) {
    if (!NeedsPeer(connector->name)) continue;
    const Options options = OptionsOf(*connector);
    Status status;
    if (connector->is_sink) {
      SinkRequest request;
      request.table = "t";
      request.job = "j";
      request.options = &options;
      request.schema = TestSchema();
      request.columns = request.slots = {0, 1};
      request.types = {Type::Of(TypeKind::kInt), Type::String()};
      auto sink = connector->open_sink(request, world.environment);
      status = sink.ok() ? (*sink)->Open() : sink.status();
    } else {
      SourceRequest request;
      request.table = "t";
      request.options = &options;
      request.schema = TestSchema();
      request.columns = {0, 1};
      request.stride = 2;
      auto source = connector->open_source(request, world.environment);
      const Position start;
      status = source.ok() ? (*source)->Seek({&start, 1}) : source.status();
      Batch batch(request.stride);  // a source connects in threads of its own
      for (int polls = 0; status.ok() && polls < 1'000; ++polls) status = (*source)->Poll(&batch);
    }
    CHECK_MESSAGE(status.transient(), connector->name << ": " << status.message());
    CHECK_MESSAGE(status.message().find("127.0.0.1") != std::string::npos, status.message());
    CHECK(status.message().find("secret-word") == std::string::npos);
  }
}
