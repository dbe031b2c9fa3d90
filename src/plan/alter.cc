#include "plan/alter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/suggest.h"
#include "plan/errors.h"
#include "plan/option_list.h"
#include "plan/plan_context.h"
#include "plan/statement_span.h"

namespace millrace {
namespace {

using sql::AlterAction;

std::string Dotted(const std::vector<sql::Name>& names) {
  std::string text;
  for (const sql::Name& name : names) text += (text.empty() ? "" : ".") + name.text;
  return text;
}

// Applies one action. What it needs of the table (a column, a key, a watermark) must be there.
class TableAlterer final {
 public:
  TableAlterer(const TableDefinition& table, const sql::Alter& alter, Span span,
               Diagnostics* diagnostics)
      : alter_(alter), diagnostics_(diagnostics), changed_(table.written) {
    SetSpans(&changed_, span);
  }

  std::optional<sql::CreateTable> Run() {
    const size_t before = diagnostics_->size();
    Apply();
    if (HasNewErrors(*diagnostics_, before)) return std::nullopt;
    return std::move(changed_);
  }

 private:
  using Columns = std::vector<sql::ColumnDefinition>;

  void Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") {
    diagnostics_->emplace_back(code, span, std::move(message), std::move(hint));
  }
  void RejectAction(std::string_view what) {
    diagnostics_->push_back(NotSupported(alter_.action_span, what));
  }

  void Apply() {
    switch (alter_.action) {
      case AlterAction::kSetOptions:
        return SetOptions();
      case AlterAction::kResetOptions:
        return ResetOptions();
      case AlterAction::kRenameColumn:
        return RenameColumn();
      case AlterAction::kAdd:
      case AlterAction::kModify:
        return AddOrModify();
      case AlterAction::kDropColumns:
        for (const auto& column : alter_.columns) DropColumn(column);
        return;
      case AlterAction::kDropPrimaryKey:
      case AlterAction::kDropConstraint:
        return DropKey();
      case AlterAction::kDropWatermark:
        if (changed_.watermarks.empty()) {
          Error(DiagnosticCode::kUnknownObject, alter_.action_span, "the table has no watermark");
        }
        changed_.watermarks.clear();
        return;
      case AlterAction::kPartitions:
        return RejectAction("PARTITION");
      default:
        return RejectAction("DISTRIBUTION");
    }
  }

  void SetOptions() {
    for (const sql::OptionPair& option : LastOfEach(alter_.options, diagnostics_)) {
      std::erase_if(changed_.options, [&](const auto& old) { return old.key == option.key; });
      changed_.options.push_back(option);
    }
    changed_.has_options = true;
  }

  void ResetOptions() {
    for (const sql::OptionPair& option : alter_.reset_keys) {
      if (option.key == "connector") {
        Error(DiagnosticCode::kInvalidValue, option.key_span,
              "the option \"connector\" cannot be reset", "Drop the table and create it again.");
        continue;
      }
      std::erase_if(changed_.options, [&](const auto& old) { return old.key == option.key; });
    }
  }

  Columns::iterator Find(const std::vector<sql::Name>& name) {
    const auto found = std::find_if(
        changed_.columns.begin(), changed_.columns.end(),
        [&](const auto& column) { return name.size() == 1 && column.name.text == name[0].text; });
    if (found != changed_.columns.end()) return found;
    std::vector<std::string> names;
    for (const sql::ColumnDefinition& column : changed_.columns) names.push_back(column.name.text);
    Error(DiagnosticCode::kUnknownColumn, name.front().span,
          fmt::format("column {} is not defined", Quoted(Dotted(name))),
          DidYouMean(name.back().text, names));
    return found;
  }

  // The key, a computed column, the partitions or the watermark need this column.
  bool IsUsed(const std::string& name) const {
    const auto names_it = [&](const sql::Name& other) { return other.text == name; };
    for (const sql::KeyDefinition& key : changed_.keys) {
      if (std::any_of(key.columns.begin(), key.columns.end(), names_it)) return true;
    }
    for (const sql::ColumnDefinition& column : changed_.columns) {
      if (column.computed && Mentions(*column.computed, name)) return true;
    }
    for (const sql::Watermark& watermark : changed_.watermarks) {
      if (watermark.column.front().text == name || Mentions(watermark.expression, name))
        return true;
    }
    return std::any_of(changed_.partitioned_by.begin(), changed_.partitioned_by.end(), names_it);
  }

  static bool Mentions(const sql::Expression& expression, const std::string& name) {
    if (expression.kind == sql::ExpressionKind::kColumn && expression.text == name) return true;
    return std::any_of(expression.children.begin(), expression.children.end(),
                       [&](const sql::Expression& child) { return Mentions(child, name); });
  }

  // The column of that name, if nothing else in the table needs it.
  Columns::iterator FindUnused(const std::vector<sql::Name>& name) {
    const auto column = Find(name);
    if (column == changed_.columns.end() || !IsUsed(column->name.text)) return column;
    Error(DiagnosticCode::kInUse, name.front().span,
          fmt::format("column {} is used by the key, the watermark or a computed column",
                      Quoted(column->name.text)),
          "Change these first.");
    return changed_.columns.end();
  }

  void RenameColumn() {
    const auto column = FindUnused(alter_.column);
    if (column == changed_.columns.end()) return;
    column->name.text = alter_.new_column.text;
    column->name.span = alter_.new_column.span;
  }

  void DropColumn(const std::vector<sql::Name>& name) {
    const auto column = FindUnused(name);
    if (column != changed_.columns.end()) changed_.columns.erase(column);
  }

  void AddOrModify() {
    const bool modify = alter_.action == AlterAction::kModify;
    for (const sql::AddedColumn& added : alter_.added) {
      auto at = changed_.columns.end();
      if (modify) {
        const auto old = Find({added.column.name});
        if (old == changed_.columns.end()) continue;
        at = changed_.columns.erase(old);
      }
      if (added.first) at = changed_.columns.begin();
      if (!added.after.empty()) {
        at = Find(added.after);
        if (at == changed_.columns.end()) continue;
        ++at;
      }
      changed_.columns.insert(at, added.column);
    }
    if (!alter_.keys.empty()) {
      if (modify == changed_.keys.empty()) {
        Error(modify ? DiagnosticCode::kUnknownObject : DiagnosticCode::kAlreadyExists,
              alter_.keys[0].span,
              modify ? "the table has no primary key to modify"
                     : "the table already has a primary key",
              modify ? "Write ADD PRIMARY KEY." : "Write MODIFY PRIMARY KEY.");
      }
      changed_.keys = alter_.keys;
    }
    if (!alter_.watermarks.empty()) {
      if (modify == changed_.watermarks.empty()) {
        Error(modify ? DiagnosticCode::kUnknownObject : DiagnosticCode::kAlreadyExists,
              alter_.watermarks[0].span,
              modify ? "the table has no watermark to modify" : "the table already has a watermark",
              modify ? "Write ADD WATERMARK." : "Write MODIFY WATERMARK.");
      }
      changed_.watermarks = alter_.watermarks;
    }
    if (alter_.distribution) RejectAction("DISTRIBUTION");
  }

  void DropKey() {
    if (changed_.keys.empty()) {
      Error(DiagnosticCode::kUnknownObject, alter_.action_span, "the table has no primary key");
      return;
    }
    if (alter_.action == AlterAction::kDropConstraint) {
      const sql::Name& wanted = alter_.columns.front().front();
      const sql::KeyDefinition& key = changed_.keys[0];
      std::string name = key.name ? key.name->text : "PK";
      if (!key.name) {
        for (const sql::Name& column : key.columns) name += "_" + column.text;
      }
      if (name != wanted.text) {
        Error(DiagnosticCode::kUnknownObject, wanted.span,
              fmt::format("the table has no constraint {}", Quoted(wanted.text)),
              fmt::format("Its primary key is called \"{}\".", name));
        return;
      }
    }
    changed_.keys.clear();
  }

  const sql::Alter& alter_;
  Diagnostics* diagnostics_;
  sql::CreateTable changed_;
};

}  // namespace

std::optional<sql::CreateTable> AlteredTable(const TableDefinition& table, const sql::Alter& alter,
                                             Span span, Diagnostics* diagnostics) {
  return TableAlterer(table, alter, span, diagnostics).Run();
}

}  // namespace millrace
