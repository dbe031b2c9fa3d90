#include "plan/describe.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "expr/functions/function_table.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Row = std::vector<std::optional<std::string>>;

std::optional<std::string> ExtrasOf(const DeclaredColumn& column, const Schema& schema) {
  if (column.computed) return "AS " + sql::Unparse(*column.computed);
  const std::string& key = schema.columns[*column.column].metadata_key;
  if (key.empty()) return std::nullopt;
  return fmt::format("METADATA FROM '{}'{}", key, column.is_virtual ? " VIRTUAL" : "");
}

std::optional<std::string> WatermarkOf(const DeclaredColumn& column,
                                       const sql::CreateTable& written) {
  for (const sql::Watermark& watermark : written.watermarks) {
    if (watermark.column.size() == 1 && watermark.column[0].text == column.name) {
      return sql::Unparse(watermark.expression);
    }
  }
  return std::nullopt;
}

void AddColumns(const TableDefinition& table, ResultTable* result) {
  std::vector<std::string> key;
  for (const uint32_t column : table.schema.key) key.push_back(table.schema.columns[column].name);
  const auto& written = table.written.columns;
  const bool comments = std::any_of(written.begin(), written.end(),
                                    [](const auto& column) { return column.comment.has_value(); });
  if (comments) result->headings.push_back("comment");
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const DeclaredColumn& column = table.columns[i];
    Row row = {column.name, ToString(column.type.Nullable()), BooleanText(column.type.nullable)};
    const bool in_key = std::find(key.begin(), key.end(), column.name) != key.end();
    row.push_back(in_key ? std::optional("PRI(" + Join(key, ", ") + ")") : std::nullopt);
    row.push_back(ExtrasOf(column, table.schema));
    row.push_back(WatermarkOf(column, table.written));
    if (comments) row.push_back(written[i].comment);
    result->rows.push_back(std::move(row));
  }
}

void AddOptions(const sql::Describe& describe, const std::map<std::string, std::string>& options,
                ResultTable* table) {
  if (!describe.extended) return;
  for (const auto& [key, value] : options) {
    table->rows.push_back({"option:" + key, IsSecret(key, {}) ? std::string(kRedacted) : value});
  }
}

// What works comes first, then what is accepted without effect, then what is refused.
int RankOf(const OptionSpec& option) {
  if (!option.ignored) return 0;
  return option.instead.empty() ? 1 : 2;
}

std::string DescriptionOf(const OptionSpec& option) {
  if (!option.ignored) return std::string(option.help);
  if (option.instead.empty() && option.help.empty()) return "Has no effect.";
  if (option.instead.empty()) return fmt::format("Has no effect. {}", option.help);
  if (option.harmless.empty()) return fmt::format("Not supported. {}", option.instead);
  return fmt::format("Only {} is accepted. {}", Join(Split(option.harmless, '|'), " or "),
                     option.instead);
}

std::optional<ResultTable> DescribeConnector(const sql::Name& name, const PlanContext& context) {
  for (const Connector* connector : context.connectors) {
    if (connector->name != name.text) continue;
    ResultTable table{{"option", "type", "required", "default", "description"}, {}};
    std::vector<OptionSpec> options(connector->options.begin(), connector->options.end());
    std::stable_sort(options.begin(), options.end(),
                     [](const auto& a, const auto& b) { return RankOf(a) < RankOf(b); });
    for (const OptionSpec& option : options) {
      table.rows.push_back({std::string(option.key), std::string(ToString(option.kind)),
                            BooleanText(option.required), std::string(option.default_value),
                            DescriptionOf(option)});
    }
    return table;
  }
  context.Report(ConnectorNotFound(name.span, name.text, context.connectors));
  return std::nullopt;
}

std::optional<ResultTable> DescribeFunction(const sql::Name& name, const PlanContext& context) {
  ResultTable table{{"info name", "info value"}, {}};
  const std::string wanted = ToUpper(name.text);
  for (const Function& function : Functions()) {
    if (function.name != wanted) continue;
    table.rows.push_back({"signature", std::string(function.signature)});
    table.rows.push_back({"kind", "SCALAR"});
    table.rows.push_back({"is deterministic", BooleanText(function.deterministic)});
    table.rows.push_back({"description", std::string(function.help)});
  }
  if (!table.rows.empty()) return table;
  context.Error(DiagnosticCode::kUnknownFunction, name.span,
                fmt::format("function {} is not known", Quoted(name.text)),
                DidYouMean(ToLower(name.text), FunctionNames()));
  return std::nullopt;
}

std::optional<ResultTable> DescribeCatalog(const sql::Describe& describe,
                                           const PlanContext& context) {
  const sql::Name& name = describe.name.parts.back();
  const Catalog* catalog = context.catalogs.FindCatalog(name, context.diagnostics);
  if (catalog == nullptr) return std::nullopt;
  ResultTable table{{"info name", "info value"}, {}};
  table.rows.push_back({"name", name.text});
  table.rows.push_back({"type", "generic_in_memory"});
  table.rows.push_back({"comment", catalog->comment});
  AddOptions(describe, catalog->options, &table);
  return table;
}

std::optional<ResultTable> DescribeDatabase(const sql::Describe& describe,
                                            const PlanContext& context) {
  const Database* database = context.catalogs.FindDatabase(describe.name, context.diagnostics);
  if (database == nullptr) return std::nullopt;
  ResultTable table{{"info name", "info value"}, {}};
  table.rows.push_back({"name", describe.name.parts.back().text});
  table.rows.push_back({"comment", database->comment});
  AddOptions(describe, database->options, &table);
  return table;
}

}  // namespace

std::string BooleanText(bool value) { return value ? "TRUE" : "FALSE"; }

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const Function& function : Functions()) {
    if (function.is_called()) names.push_back(ToLower(function.name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

ResultTable DescribeColumns(const CatalogObject& object) {
  ResultTable result{{"name", "type", "null", "key", "extras", "watermark"}, {}};
  if (!object.is_view()) {
    AddColumns(*object.table, &result);
    return result;
  }
  for (const Column& column : object.view->schema.columns) {
    result.rows.push_back({column.name, ToString(column.type.Nullable()),
                           BooleanText(column.type.nullable), std::nullopt, std::nullopt,
                           std::nullopt});
  }
  return result;
}

std::optional<ResultTable> RunDescribe(const sql::Describe& describe, const PlanContext& context) {
  switch (describe.kind) {
    case sql::DescribeKind::kTable: {
      const CatalogObject* object = context.catalogs.FindObject(describe.name, context.diagnostics);
      if (object == nullptr) return std::nullopt;
      return DescribeColumns(*object);
    }
    case sql::DescribeKind::kConnector:
      return DescribeConnector(describe.name.parts.back(), context);
    case sql::DescribeKind::kFunction:
      return DescribeFunction(describe.name.parts.back(), context);
    case sql::DescribeKind::kCatalog:
      return DescribeCatalog(describe, context);
    case sql::DescribeKind::kDatabase:
      return DescribeDatabase(describe, context);
    case sql::DescribeKind::kJob:
      break;
  }
  return std::nullopt;
}

}  // namespace millrace
