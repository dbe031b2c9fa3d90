#include "plan/show.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "expr/text.h"
#include "plan/catalog.h"
#include "plan/describe.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Row = std::vector<std::optional<std::string>>;

ResultTable OneColumn(std::string heading, std::vector<std::string> values) {
  ResultTable table{{std::move(heading)}, {}};
  for (std::string& value : values) table.rows.push_back({std::move(value)});
  return table;
}

// Runs one SHOW against the catalogs and connectors of a session.
class ShowStatements final {
 public:
  ShowStatements(const PlanContext& context, Span span) : context_(context), span_(span) {}

  std::optional<ResultTable> Show(const sql::Show& show) {
    switch (show.kind) {
      case sql::ShowKind::kCatalogs:
        return Filtered(show, OneColumn("catalog name", KeysOf(context_.catalogs.all())));
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
        if (!CheckParts(show, 2)) return std::nullopt;
        return Filtered(show, OneColumn("function name", show.words.starts_with("USER")
                                                             ? std::vector<std::string>()
                                                             : FunctionNames()));
      case sql::ShowKind::kJars:
        return OneColumn("jars", {});
      case sql::ShowKind::kModules:
        if (show.words.starts_with("FULL")) {
          return ResultTable{{"module name", "used"}, {{"core", BooleanText(true)}}};
        }
        return OneColumn("module name", {"core"});
      case sql::ShowKind::kConnectors:
        return Connectors();
      default:
        break;
    }
    context_.Report(NotSupported(span_, "SHOW " + show.words));
    return std::nullopt;
  }

 private:
  // The rows whose first column matches the LIKE of a SHOW.
  static ResultTable Filtered(const sql::Show& show, ResultTable table) {
    if (!show.like) return table;
    std::erase_if(table.rows, [&](const Row& row) {
      const std::string name = show.ilike ? ToLower(row[0].value()) : row[0].value();
      const std::string pattern = show.ilike ? ToLower(*show.like) : *show.like;
      return Like(name, pattern, "") == show.not_like;
    });
    return table;
  }

  // False, with an error, if the name after FROM or IN has too many parts.
  bool CheckParts(const sql::Show& show, size_t parts_max) const {
    if (!show.name || show.name->parts.size() <= parts_max) return true;
    context_.Error(DiagnosticCode::kInvalidValue, show.name->span,
                   fmt::format("SHOW {} from/in identifier [ {} ] format error", show.words,
                               sql::QuoteNames(show.name->parts, ".")));
    return false;
  }

  std::optional<ResultTable> Databases(const sql::Show& show) const {
    if (!CheckParts(show, 1)) return std::nullopt;
    sql::Name name;
    name.text = context_.catalogs.current_catalog();
    if (show.name) name = show.name->parts.back();
    const Catalog* catalog = context_.catalogs.FindCatalog(name, context_.diagnostics);
    if (catalog == nullptr) return std::nullopt;
    return Filtered(show, OneColumn("database name", KeysOf(catalog->databases)));
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

  std::optional<ResultTable> Columns(const sql::Show& show) const {
    const CatalogObject* object = Find(*show.name);
    if (object == nullptr) return std::nullopt;
    return Filtered(show, DescribeColumns(*object));
  }

  const CatalogObject* Find(const sql::ObjectName& name) const {
    return context_.catalogs.FindObject(name, context_.diagnostics);
  }

  // Null, with an error, if it is of the other kind.
  const CatalogObject* FindKind(const sql::ObjectName& name, bool view) const {
    const CatalogObject* object = Find(name);
    if (object == nullptr || object->is_view() == view) return object;
    context_.Error(
        DiagnosticCode::kWrongObject, name.span,
        fmt::format("{} is a {}", Quoted(name.parts.back().text), view ? "table" : "view"),
        view ? "Write SHOW CREATE TABLE." : "Write SHOW CREATE VIEW.");
    return nullptr;
  }

  std::optional<ResultTable> CreateTable(const sql::ObjectName& name) {
    const CatalogObject* object = FindKind(name, false);
    if (object == nullptr) return std::nullopt;
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
    const CatalogObject* object = FindKind(name, true);
    if (object == nullptr) return std::nullopt;
    sql::CreateView written = object->view->written;
    const ObjectPath& path = object->view->path;
    written.name.parts = {{path.catalog, {}}, {path.database, {}}, {path.name, {}}};
    written.if_not_exists = written.or_replace = false;
    sql::Statement statement;
    statement.node = std::move(written);
    return OneColumn("result", {sql::Unparse(statement)});
  }

  std::optional<ResultTable> CreateCatalog(const sql::ObjectName& name) {
    const Catalog* catalog = context_.catalogs.FindCatalog(name.parts.back(), context_.diagnostics);
    if (catalog == nullptr) return std::nullopt;
    sql::CreateCatalog written;
    written.name = name.parts.back();
    for (const auto& [key, value] : catalog->options) {
      written.options.push_back({key, value, {}, {}});
    }
    if (!catalog->comment.empty()) written.comment = catalog->comment;
    sql::Statement statement;
    statement.node = std::move(written);
    return OneColumn("result", {sql::Unparse(statement)});
  }

  ResultTable Connectors() {
    ResultTable table{{"connector name", "source", "sink", "description"}, {}};
    for (const Connector* connector : context_.connectors) {
      table.rows.push_back({std::string(connector->name), BooleanText(connector->is_source),
                            BooleanText(connector->is_sink), std::string(connector->help)});
    }
    return table;
  }

  const PlanContext& context_;
  const Span span_;
};

}  // namespace

std::optional<ResultTable> RunShow(const sql::Show& show, Span span, const PlanContext& context) {
  return ShowStatements(context, span).Show(show);
}

}  // namespace millrace
