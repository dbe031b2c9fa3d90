// CREATE, ALTER and DROP of tables and views.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "plan/catalog.h"
#include "plan/create_as.h"
#include "plan/plan_context.h"
#include "sql/statement.h"

namespace millrace {

// Runs one statement against the catalogs. It applies wholly or, with an error in the diagnostics,
// not at all.
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
  std::optional<Plan> PlanOfCreateAs(const sql::CreateTable& create);

 private:
  using Table = std::shared_ptr<const TableDefinition>;

  void Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") const {
    context_.Error(code, span, std::move(message), std::move(hint));
  }
  // `other`: an object of that name of another kind; null if there is none.
  void NotDefined(const sql::ObjectName& name, const CatalogObject* other,
                  std::string_view kind) const;
  void AlreadyExists(const sql::ObjectName& name, const CatalogObject& old, std::string hint) const;
  // Whether there is nothing of that name yet; an error if not.
  bool IsFree(const sql::ObjectName& name, const CatalogObject* old,
              std::string_view statement) const;
  std::optional<sql::CreateTable> WithLike(const sql::CreateTable& create) const;
  Table Define(const sql::CreateTable& create, const ObjectPath& path) const;
  std::shared_ptr<const ViewDefinition> DefineView(const sql::CreateView& create,
                                                   const ObjectPath& path) const;
  bool Rename(const sql::Alter& alter, const ObjectPath& path, const CatalogObject& object);

  Catalogs& catalogs_;
  const PlanContext& context_;
  const Span span_;
};

}  // namespace millrace
