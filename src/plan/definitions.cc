#include "plan/definitions.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "plan/alter.h"
#include "plan/like.h"
#include "plan/option_list.h"
#include "plan/query.h"
#include "plan/settings.h"

namespace millrace {
namespace {

std::string_view KindOf(const CatalogObject& object) { return object.is_view() ? "view" : "table"; }

}  // namespace

void Definitions::NotDefined(const sql::ObjectName& name, const CatalogObject* other,
                             std::string_view kind) const {
  const std::string& last = name.parts.back().text;
  if (other == nullptr) {
    context_.Report(TableNotFound(name.span, last, catalogs_.NamesOf(true), kind));
    return;
  }
  Error(DiagnosticCode::kWrongObject, name.span,
        fmt::format("{} is a {}, not a {}", Quoted(last), KindOf(*other), kind));
}

void Definitions::AlreadyExists(const sql::ObjectName& name, const CatalogObject& old,
                                std::string hint) const {
  Error(DiagnosticCode::kAlreadyExists, name.span,
        fmt::format("{} {} already exists", KindOf(old), Quoted(name.parts.back().text)),
        std::move(hint));
}

bool Definitions::IsFree(const sql::ObjectName& name, const CatalogObject* old,
                         std::string_view statement) const {
  if (old == nullptr) return true;
  AlreadyExists(name, *old, fmt::format("Drop it first, or write {} IF NOT EXISTS.", statement));
  return false;
}

bool Definitions::CreateTable(const sql::CreateTable& create, std::optional<Plan>* job) {
  const auto path = catalogs_.Resolve(create.name, context_.diagnostics);
  if (!path) return false;
  const CatalogObject* old = catalogs_.Find(*path, create.temporary);
  if (old != nullptr && create.if_not_exists) return true;
  // Without a query OR REPLACE has no meaning, as in Flink.
  const bool replaces =
      create.or_replace && create.query != nullptr && old != nullptr && !old->is_view();
  if (old != nullptr && create.or_replace && create.query == nullptr) {
    AlreadyExists(create.name, *old,
                  "OR REPLACE replaces a table with AS SELECT only: drop it first.");
    return false;
  }
  if (!replaces && !IsFree(create.name, old, "CREATE TABLE")) return false;
  const std::optional<sql::CreateTable> whole = WithLike(create);
  if (!whole) return false;
  Table table;
  if (create.query == nullptr) {
    table = Define(*whole, *path);
    if (table == nullptr) return false;
  } else {
    std::optional<TableAndJob> made = PlanCreateAs(*whole, *path, span_, context_);
    if (!made) return false;
    table = std::move(made->table);
    *job = std::move(made->job);
  }
  catalogs_.Put(*path, {std::move(table), nullptr, create.temporary});
  return true;
}

bool Definitions::CreateView(const sql::CreateView& create) {
  const auto path = catalogs_.Resolve(create.name, context_.diagnostics);
  if (!path) return false;
  const CatalogObject* old = catalogs_.Find(*path, create.temporary);
  if (old != nullptr && create.if_not_exists) return true;
  const bool replaces = create.or_replace && old != nullptr && old->is_view();
  if (replaces && context_.settings.Boolean("millrace.strict-flink")) {
    AlreadyExists(create.name, *old, "Flink does not replace views: write ALTER VIEW ... AS.");
    return false;
  }
  if (!replaces && !IsFree(create.name, old, "CREATE VIEW")) return false;
  auto view = DefineView(create, *path);
  if (view == nullptr) return false;
  catalogs_.Put(*path, {nullptr, std::move(view), create.temporary});
  return true;
}

bool Definitions::Drop(const sql::Drop& drop) {
  Diagnostics missing;
  const auto path = catalogs_.Resolve(drop.name, drop.if_exists ? &missing : context_.diagnostics);
  if (!path) return drop.if_exists;
  const CatalogObject* object = catalogs_.Find(*path);
  const bool wants_view = drop.object == sql::ObjectKind::kView;
  const bool fits = object != nullptr && object->is_view() == wants_view &&
                    (!drop.temporary || object->temporary);
  if (!fits) {
    if (drop.if_exists) return true;
    if (object != nullptr && object->is_view() == wants_view) {
      Error(DiagnosticCode::kWrongObject, drop.name.span,
            fmt::format("{} {} is not temporary", KindOf(*object), Quoted(path->name)),
            fmt::format("Write DROP {}.", wants_view ? "VIEW" : "TABLE"));
    } else {
      NotDefined(drop.name, object, wants_view ? "view" : "table");
    }
    return false;
  }
  if (object->temporary && !drop.temporary) {
    Error(DiagnosticCode::kWrongObject, drop.name.span,
          fmt::format("{} {} is temporary", KindOf(*object), Quoted(path->name)),
          fmt::format("Write DROP TEMPORARY {}.", wants_view ? "VIEW" : "TABLE"));
    return false;
  }
  catalogs_.Remove(*path, object->temporary);
  return true;
}

bool Definitions::Alter(const sql::Alter& alter) {
  Diagnostics missing;
  const auto path =
      catalogs_.Resolve(alter.name, alter.if_exists ? &missing : context_.diagnostics);
  if (!path) return alter.if_exists;
  const CatalogObject* object = catalogs_.Find(*path);
  const bool wants_view = alter.object == sql::ObjectKind::kView;
  if (object == nullptr || object->is_view() != wants_view) {
    if (alter.if_exists) return true;
    NotDefined(alter.name, object, wants_view ? "view" : "table");
    return false;
  }
  if (alter.action == sql::AlterAction::kRenameTo) return Rename(alter, *path, *object);
  CatalogObject changed{nullptr, nullptr, object->temporary};
  if (wants_view) {
    sql::CreateView view = object->view->written;
    view.query = alter.query;
    view.columns.clear();
    changed.view = DefineView(view, *path);
    if (changed.view == nullptr) return false;
  } else {
    const auto create = AlteredTable(*object->table, alter, span_, context_.diagnostics);
    if (create) changed.table = Define(*create, *path);
    if (changed.table == nullptr) return false;
  }
  catalogs_.Put(*path, std::move(changed));
  return true;
}

bool Definitions::Rename(const sql::Alter& alter, const ObjectPath& path,
                         const CatalogObject& object) {
  const auto new_path =
      catalogs_.Resolve(alter.new_name, path.catalog, path.database, context_.diagnostics);
  if (!new_path) return false;
  if (catalogs_.Find(*new_path, object.temporary) != nullptr) {
    Error(DiagnosticCode::kAlreadyExists, alter.new_name.span,
          fmt::format("{} already exists", Quoted(new_path->name)));
    return false;
  }
  CatalogObject renamed{nullptr, nullptr, object.temporary};
  if (object.is_view()) {
    auto view = std::make_shared<ViewDefinition>(*object.view);
    view->path = *new_path;
    renamed.view = std::move(view);
  } else {
    auto table = std::make_shared<TableDefinition>(*object.table);
    table->name = new_path->ToString();
    table->written.name = alter.new_name;
    renamed.table = std::move(table);
  }
  catalogs_.Remove(path, object.temporary);
  catalogs_.Put(*new_path, std::move(renamed));
  return true;
}

// The statement with each option once, and with what its LIKE clause adds.
std::optional<sql::CreateTable> Definitions::WithLike(const sql::CreateTable& create) const {
  sql::CreateTable whole = create;
  whole.options = LastOfEach(create.options, context_.diagnostics);
  if (!whole.like) return whole;
  const auto path = catalogs_.Resolve(whole.like->table, context_.diagnostics);
  if (!path) return std::nullopt;
  const CatalogObject* base = catalogs_.Find(*path);
  if (base != nullptr && !base->is_view()) {
    return MergeLike(whole, *base->table, context_.diagnostics);
  }
  NotDefined(whole.like->table, base, "table");
  return std::nullopt;
}

Definitions::Table Definitions::Define(const sql::CreateTable& create,
                                       const ObjectPath& path) const {
  auto table = DefineTable(create, path.ToString(), context_);
  return table ? std::make_shared<TableDefinition>(std::move(*table)) : nullptr;
}

std::shared_ptr<const ViewDefinition> Definitions::DefineView(const sql::CreateView& create,
                                                              const ObjectPath& path) const {
  JobSources sources;
  const std::optional<Relation> relation = QueryPlanner(context_, &sources).Plan(*create.query);
  if (!relation) return nullptr;
  if (relation->limit) {
    context_.Report(NotSupported(relation->limit_span, "LIMIT inside of a view",
                                 "Write it in the query that uses the view."));
    return nullptr;
  }
  if (!create.columns.empty() && create.columns.size() != relation->names.size()) {
    Error(DiagnosticCode::kColumnCountMismatch, create.columns.back().span,
          fmt::format("VIEW definition and input fields not match: the query has {} column(s), "
                      "the list names {}",
                      relation->names.size(), create.columns.size()));
    return nullptr;
  }
  auto view = std::make_shared<ViewDefinition>();
  view->path = path;
  view->written = create;
  view->catalog = catalogs_.current_catalog();
  view->database = catalogs_.current_database();
  std::vector<std::string> names;
  for (size_t i = 0; i < relation->names.size(); ++i) {
    const std::string& name = create.columns.empty() ? relation->names[i] : create.columns[i].text;
    view->schema.columns.push_back({name, relation->type(i), ""});
    names.push_back(name);
  }
  if (const std::optional<size_t> repeated = RepeatedName(names)) {
    Error(DiagnosticCode::kAlreadyExists,
          create.columns.empty() ? relation->spans[*repeated] : create.columns[*repeated].span,
          fmt::format("the view has two columns named {}", Quoted(names[*repeated])),
          "Give one of them another name.");
    return nullptr;
  }
  return view;
}

std::optional<Plan> Definitions::PlanOfCreateAs(const sql::CreateTable& create) {
  const auto path = catalogs_.Resolve(create.name, context_.diagnostics);
  const std::optional<sql::CreateTable> whole = path ? WithLike(create) : std::nullopt;
  if (!whole || whole->query == nullptr) return std::nullopt;
  std::optional<TableAndJob> made = PlanCreateAs(*whole, *path, span_, context_);
  if (!made) return std::nullopt;
  return std::move(made->job);
}

}  // namespace millrace
