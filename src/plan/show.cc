#include "plan/show.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "expr/functions/function_table.h"
#include "expr/text.h"
#include "plan/not_found.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Row = std::vector<std::optional<std::string>>;

ResultTable OneColumn(std::string heading, std::vector<std::string> values) {
  ResultTable table{{std::move(heading)}, {}};
  for (std::string& value : values) table.rows.push_back({std::move(value)});
  return table;
}

template <typename Map>
std::vector<std::string> Keys(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const Function& function : Functions()) {
    if (function.is_called()) names.push_back(ToLower(function.name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string Bool(bool value) { return value ? "TRUE" : "FALSE"; }

class Shower final {
 public:
  Shower(const PlanContext& context, Span span) : context_(context), span_(span) {}

  std::optional<ResultTable> Show(const sql::Show& show) {
    switch (show.kind) {
      case sql::ShowKind::kCatalogs:
        return Filtered(show, OneColumn("catalog name", Keys(context_.catalogs.all())));
      case sql::ShowKind::kDatabases:
        return Databases(show);
      case sql::ShowKind::kCurrentCatalog:
        return OneColumn("current catalog name", {context_.catalogs.current_catalog()});
      case sql::ShowKind::kCurrentDatabase:
        return OneColumn("current database name", {context_.catalogs.current_database()});
      case sql::ShowKind::kTables:
      case sql::ShowKind::kViews:
        return Objects(show);
      case sql::ShowKind::kColumns:
        return Columns(show);
      case sql::ShowKind::kCreateTable:
        return CreateTable(*show.name);
      case sql::ShowKind::kCreateView:
        return CreateView(*show.name);
      case sql::ShowKind::kCreateCatalog:
        return CreateCatalog(*show.name);
      case sql::ShowKind::kFunctions:
        return Filtered(show, OneColumn("function name", show.words.starts_with("USER")
                                                             ? std::vector<std::string>()
                                                             : FunctionNames()));
      case sql::ShowKind::kJars:
        return OneColumn("jars", {});
      case sql::ShowKind::kModules:
        if (show.words.starts_with("FULL")) {
          return ResultTable{{"module name", "used"}, {{"core", Bool(true)}}};
        }
        return OneColumn("module name", {"core"});
      case sql::ShowKind::kConnectors:
        return Connectors();
      default:
        break;
    }
    Error(span_, fmt::format("SHOW {} is not supported by this engine", show.words));
    return std::nullopt;
  }

  std::optional<ResultTable> Describe(const sql::Describe& describe) {
    switch (describe.kind) {
      case sql::DescribeKind::kTable:
        return DescribeObject(describe.name);
      case sql::DescribeKind::kConnector:
        return DescribeConnector(describe.name.parts.back());
      case sql::DescribeKind::kFunction:
        return DescribeFunction(describe.name.parts.back());
      case sql::DescribeKind::kCatalog:
        return DescribeCatalog(describe);
      case sql::DescribeKind::kDatabase:
        return DescribeDatabase(describe);
      case sql::DescribeKind::kJob:
        break;
    }
    return std::nullopt;
  }

 private:
  void Error(Span span, std::string message, std::string hint = "") {
    context_.diagnostics->push_back({span, std::move(message), std::move(hint)});
  }

  // Rows whose first column the LIKE of a SHOW takes.
  static ResultTable Filtered(const sql::Show& show, ResultTable table) {
    if (!show.like) return table;
    std::erase_if(table.rows, [&](const Row& row) {
      const std::string name = show.ilike ? ToLower(row[0].value()) : row[0].value();
      const std::string pattern = show.ilike ? ToLower(*show.like) : *show.like;
      return Like(name, pattern, "") == show.not_like;
    });
    return table;
  }

  std::optional<ResultTable> Databases(const sql::Show& show) {
    const auto& catalogs = context_.catalogs.all();
    std::string name = context_.catalogs.current_catalog();
    if (show.name) {
      name = show.name->parts.back().text;
      if (!catalogs.contains(name)) {
        context_.diagnostics->push_back(CatalogNotFound(show.name->span, name, Keys(catalogs)));
        return std::nullopt;
      }
    }
    return Filtered(show, OneColumn("database name", Keys(catalogs.find(name)->second.databases)));
  }

  const Database* DatabaseOf(const sql::Show& show) {
    if (show.name) return context_.catalogs.FindDatabase(*show.name, context_.diagnostics);
    sql::ObjectName current;
    current.parts.push_back({context_.catalogs.current_database(), {}});
    return context_.catalogs.FindDatabase(current, context_.diagnostics);
  }

  std::optional<ResultTable> Objects(const sql::Show& show) {
    const Database* database = DatabaseOf(show);
    if (database == nullptr) return std::nullopt;
    const bool views_only = show.kind == sql::ShowKind::kViews;
    std::vector<std::string> names;
    for (const auto* objects : {&database->objects, &database->temporary}) {
      for (const auto& [name, object] : *objects) {
        if (!views_only || object.is_view()) names.push_back(name);
      }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return Filtered(show, OneColumn(views_only ? "view name" : "table name", std::move(names)));
  }

  const CatalogObject* Find(const sql::ObjectName& name) {
    const auto path = context_.catalogs.Resolve(name, context_.diagnostics);
    if (!path) return nullptr;
    const CatalogObject* object = context_.catalogs.Find(*path);
    if (object != nullptr) return object;
    context_.diagnostics->push_back(
        TableNotFound(name.span, path->name, context_.catalogs.NamesOf(true)));
    return nullptr;
  }

  std::optional<ResultTable> Columns(const sql::Show& show) {
    std::optional<ResultTable> table = DescribeObject(*show.name);
    if (!table) return std::nullopt;
    return Filtered(show, std::move(*table));
  }

  std::optional<ResultTable> CreateTable(const sql::ObjectName& name) {
    const CatalogObject* object = Find(name);
    if (object == nullptr) return std::nullopt;
    if (object->is_view()) {
      Error(name.span, fmt::format("{} is a view", Quoted(name.parts.back().text)),
            "Write SHOW CREATE VIEW.");
      return std::nullopt;
    }
    sql::CreateTable written = object->table->written;
    const auto path = context_.catalogs.Resolve(name, context_.diagnostics);
    written.name.parts = {{path->catalog, {}}, {path->database, {}}, {path->name, {}}};
    written.temporary = object->temporary;
    written.if_not_exists = written.or_replace = false;
    sql::Statement statement;
    statement.node = std::move(written);
    const Connector* connector = object->table->connector;
    const auto is_secret = [&](std::string_view key) {
      return IsSecret(key,
                      connector == nullptr ? std::span<const OptionSpec>() : connector->options);
    };
    return OneColumn("result", {sql::Unparse(statement, is_secret)});
  }

  std::optional<ResultTable> CreateView(const sql::ObjectName& name) {
    const CatalogObject* object = Find(name);
    if (object == nullptr) return std::nullopt;
    if (!object->is_view()) {
      Error(name.span, fmt::format("{} is a table", Quoted(name.parts.back().text)),
            "Write SHOW CREATE TABLE.");
      return std::nullopt;
    }
    sql::CreateView written = object->view->written;
    const ObjectPath& path = object->view->path;
    written.name.parts = {{path.catalog, {}}, {path.database, {}}, {path.name, {}}};
    written.if_not_exists = written.or_replace = false;
    sql::Statement statement;
    statement.node = std::move(written);
    return OneColumn("result", {sql::Unparse(statement)});
  }

  std::optional<ResultTable> CreateCatalog(const sql::ObjectName& name) {
    const auto catalog = FindCatalog(name.parts.back());
    if (catalog == context_.catalogs.all().end()) return std::nullopt;
    sql::CreateCatalog written;
    written.name = name.parts.back();
    for (const auto& [key, value] : catalog->second.options) {
      written.options.push_back({key, value, {}, {}});
    }
    if (!catalog->second.comment.empty()) written.comment = catalog->second.comment;
    sql::Statement statement;
    statement.node = std::move(written);
    return OneColumn("result", {sql::Unparse(statement)});
  }

  ResultTable Connectors() {
    ResultTable table{{"connector name", "source", "sink", "description"}, {}};
    for (const Connector* connector : context_.connectors) {
      table.rows.push_back({std::string(connector->name), Bool(connector->is_source),
                            Bool(connector->is_sink), std::string(connector->help)});
    }
    return table;
  }

  std::optional<ResultTable> DescribeObject(const sql::ObjectName& name) {
    const CatalogObject* object = Find(name);
    if (object == nullptr) return std::nullopt;
    ResultTable result{{"name", "type", "null", "key", "extras", "watermark"}, {}};
    if (object->is_view()) {
      for (const Column& column : object->view->schema.columns) {
        result.rows.push_back({column.name, ToString(column.type.Nullable()),
                               Bool(column.type.nullable), std::nullopt, std::nullopt,
                               std::nullopt});
      }
      return result;
    }
    DescribeColumns(*object->table, &result);
    return result;
  }

  static void DescribeColumns(const TableDefinition& table, ResultTable* result) {
    std::vector<std::string> key;
    for (const uint32_t column : table.schema.key) key.push_back(table.schema.columns[column].name);
    const auto& written = table.written.columns;
    const bool comments = std::any_of(written.begin(), written.end(), [](const auto& column) {
      return column.comment.has_value();
    });
    if (comments) result->headings.push_back("comment");
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const DeclaredColumn& column = table.columns[i];
      Row row = {column.name, ToString(column.type.Nullable()), Bool(column.type.nullable)};
      const bool in_key = std::find(key.begin(), key.end(), column.name) != key.end();
      row.push_back(in_key ? std::optional("PRI(" + Join(key, ", ") + ")") : std::nullopt);
      row.push_back(ExtrasOf(column, table.schema));
      row.push_back(WatermarkOf(column, table.written));
      if (comments) row.push_back(written[i].comment);
      result->rows.push_back(std::move(row));
    }
  }

  static std::optional<std::string> ExtrasOf(const DeclaredColumn& column, const Schema& schema) {
    if (column.computed) return "AS " + sql::Unparse(*column.computed);
    const std::string& key = schema.columns[*column.column].metadata_key;
    if (key.empty()) return std::nullopt;
    return fmt::format("METADATA FROM '{}'{}", key, column.is_virtual ? " VIRTUAL" : "");
  }

  static std::optional<std::string> WatermarkOf(const DeclaredColumn& column,
                                                const sql::CreateTable& written) {
    for (const sql::Watermark& watermark : written.watermarks) {
      if (watermark.column.size() == 1 && watermark.column[0].text == column.name) {
        return sql::Unparse(watermark.expression);
      }
    }
    return std::nullopt;
  }

  std::optional<ResultTable> DescribeConnector(const sql::Name& name) {
    std::vector<std::string> names;
    for (const Connector* connector : context_.connectors) {
      names.emplace_back(connector->name);
      if (connector->name != name.text) continue;
      ResultTable table{{"option", "type", "required", "default", "description"}, {}};
      for (const OptionSpec& option : connector->options) {
        table.rows.push_back({std::string(option.key), std::string(ToString(option.kind)),
                              Bool(option.required), std::string(option.default_value),
                              option.ignored ? "Has no effect here." : std::string(option.help)});
      }
      return table;
    }
    Error(name.span, fmt::format("connector {} is not known", Quoted(name.text)),
          DidYouMean(name.text, names));
    return std::nullopt;
  }

  std::optional<ResultTable> DescribeFunction(const sql::Name& name) {
    ResultTable table{{"info name", "info value"}, {}};
    const std::string wanted = ToUpper(name.text);
    for (const Function& function : Functions()) {
      if (function.name != wanted) continue;
      table.rows.push_back({"signature", std::string(function.signature)});
      table.rows.push_back({"kind", "SCALAR"});
      table.rows.push_back({"is deterministic", Bool(function.deterministic)});
      table.rows.push_back({"description", std::string(function.help)});
    }
    if (!table.rows.empty()) return table;
    Error(name.span, fmt::format("function {} is not known", Quoted(name.text)),
          DidYouMean(ToLower(name.text), FunctionNames()));
    return std::nullopt;
  }

  std::map<std::string, Catalog, std::less<>>::const_iterator FindCatalog(const sql::Name& name) {
    const auto& catalogs = context_.catalogs.all();
    const auto catalog = catalogs.find(name.text);
    if (catalog == catalogs.end()) {
      context_.diagnostics->push_back(CatalogNotFound(name.span, name.text, Keys(catalogs)));
    }
    return catalog;
  }

  std::optional<ResultTable> DescribeCatalog(const sql::Describe& describe) {
    const auto catalog = FindCatalog(describe.name.parts.back());
    if (catalog == context_.catalogs.all().end()) return std::nullopt;
    ResultTable table{{"info name", "info value"}, {}};
    table.rows.push_back({"name", catalog->first});
    table.rows.push_back({"type", "generic_in_memory"});
    table.rows.push_back({"comment", catalog->second.comment});
    AddOptions(describe, catalog->second.options, &table);
    return table;
  }

  std::optional<ResultTable> DescribeDatabase(const sql::Describe& describe) {
    const Database* database = context_.catalogs.FindDatabase(describe.name, context_.diagnostics);
    if (database == nullptr) return std::nullopt;
    ResultTable table{{"info name", "info value"}, {}};
    table.rows.push_back({"name", describe.name.parts.back().text});
    table.rows.push_back({"comment", database->comment});
    AddOptions(describe, database->options, &table);
    return table;
  }

  static void AddOptions(const sql::Describe& describe,
                         const std::map<std::string, std::string>& options, ResultTable* table) {
    if (!describe.extended) return;
    for (const auto& [key, value] : options) {
      table->rows.push_back({"option:" + key, IsSecret(key, {}) ? std::string(kRedacted) : value});
    }
  }

  const PlanContext& context_;
  const Span span_;
};

}  // namespace

std::optional<ResultTable> RunShow(const sql::Show& show, Span span, const PlanContext& context) {
  return Shower(context, span).Show(show);
}

std::optional<ResultTable> RunDescribe(const sql::Describe& describe, Span span,
                                       const PlanContext& context) {
  return Shower(context, span).Describe(describe);
}

}  // namespace millrace
