// CREATE, ALTER and DROP of tables and views. Each statement applies wholly or, with an error in
// the diagnostics, not at all.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "plan/catalog.h"
#include "plan/plan.h"
#include "plan/query.h"
#include "sql/statement.h"

namespace millrace {

class Definitions final {
 public:
  // `span` is the statement's. `context` sees the same catalogs; all must outlive the object.
  Definitions(Catalogs* catalogs, const PlanContext& context, Span span)
      : catalogs_(*catalogs), context_(context), span_(span) {}

  // `job`: what fills the table, of CREATE TABLE ... AS SELECT.
  bool CreateTable(const sql::CreateTable& create, std::optional<Plan>* job);
  bool CreateView(const sql::CreateView& create);
  bool Drop(const sql::Drop& drop);
  bool Alter(const sql::Alter& alter);
  // The job of CREATE TABLE ... AS SELECT, without creating the table.
  std::optional<Plan> PlanCreateAs(const sql::CreateTable& create);

 private:
  using Table = std::shared_ptr<const TableDefinition>;

  void Error(Span span, std::string message, std::string hint = "") {
    context_.diagnostics->push_back({span, std::move(message), std::move(hint)});
  }
  // `other`: an object of that name that is not what is wanted; null if there is none.
  void NotDefined(const sql::ObjectName& name, const CatalogObject* other, std::string_view what);
  // What a new object of that name would replace: temporary and permanent ones live side by side.
  const CatalogObject* ObjectAt(const ObjectPath& path, bool temporary) const;
  // Whether there is nothing of that name yet; an error if not.
  bool IsFree(const sql::ObjectName& name, const CatalogObject* old, std::string_view statement);
  std::optional<sql::CreateTable> WithLike(const sql::CreateTable& create);
  Table Define(const sql::CreateTable& create, const ObjectPath& path);
  std::shared_ptr<const ViewDefinition> DefineView(const sql::CreateView& create,
                                                   const ObjectPath& path);
  bool Rename(const sql::Alter& alter, const ObjectPath& path, const CatalogObject& object);
  std::pair<std::optional<Plan>, Table> PlanAs(const sql::CreateTable& create,
                                               const ObjectPath& path);
  bool OrderColumns(const sql::CreateTable& create, sql::CreateTable* whole);

  Catalogs& catalogs_;
  const PlanContext& context_;
  const Span span_;
};

}  // namespace millrace
