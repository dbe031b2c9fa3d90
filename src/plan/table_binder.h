// CREATE TABLE to the table it means.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "plan/table_definition.h"

namespace millrace {

// Binds one CREATE TABLE without LIKE and AS SELECT: columns, key, connector with its options,
// computed columns, partitions and watermark, in this order. All mistakes are reported, but none
// that only follows from another one.
class TableBinder final {
 public:
  // Both must outlive the binder.
  TableBinder(const sql::CreateTable& create, const PlanContext& context)
      : create_(create), context_(context), errors_before_(context.diagnostics->size()) {}

  // Called once. Nothing, with errors in the diagnostics, if the statement means no table.
  std::optional<TableDefinition> Run(std::string full_name);

 private:
  bool Failed() const { return HasNewErrors(*context_.diagnostics, errors_before_); }
  void Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") const {
    context_.Error(code, span, std::move(message), std::move(hint));
  }
  void RejectUnsupported() const;
  void AddColumns();
  bool AddColumn(const sql::ColumnDefinition& definition);
  void AddKey();
  void AddKeyColumn(const sql::Name& name);
  void MakeNotNull(uint32_t column);
  bool MentionsUntyped(const sql::Expression& expression) const;
  void AddComputedColumns();
  bool FindConnector();
  void CheckOptions();
  void CheckOnlyHere() const;
  void CheckMetadata() const;
  void CheckStructures() const;
  void CheckPartitions() const;
  void CheckWatermark() const;

  const sql::CreateTable& create_;
  const PlanContext& context_;
  const size_t errors_before_;  // diagnostics of earlier statements
  // Columns whose type is wrong, which was reported: naming them is not a second mistake.
  std::set<std::string> untyped_;
  TableDefinition table_;
};

}  // namespace millrace
