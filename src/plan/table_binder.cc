#include "plan/table_binder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "plan/binder.h"
#include "plan/catalog.h"
#include "plan/type_name.h"

namespace millrace {

std::optional<TableDefinition> TableBinder::Run(std::string full_name) {
  table_.name = std::move(full_name);
  table_.written = create_;
  RejectUnsupported();
  AddColumns();
  AddKey();
  if (FindConnector()) CheckOptions();
  AddComputedColumns();
  CheckPartitions();
  CheckWatermark();
  if (Failed()) return std::nullopt;
  return std::move(table_);
}

void TableBinder::RejectUnsupported() const {
  for (const sql::KeyDefinition& key : create_.keys) {
    if (key.unique) {
      Error(DiagnosticCode::kNotSupported, key.span, "UNIQUE constraint is not supported yet",
            "Declare a PRIMARY KEY.");
    }
  }
  if (create_.distribution) {
    context_.Report(NotSupported(create_.distribution->span, "DISTRIBUTED"));
  }
  if (create_.connection) {
    context_.Report(NotSupported(create_.connection->span, "USING CONNECTION",
                                 "Write the options into WITH (...)."));
  }
  if (create_.columns.empty()) {
    Error(DiagnosticCode::kInvalidDefinition, create_.name.span, "the table has no columns",
          "Add ( column type, ... ) after its name.");
  }
}

void TableBinder::AddColumns() {
  std::set<std::string> names;
  for (const sql::ColumnDefinition& definition : create_.columns) {
    if (!names.insert(definition.name.text).second) {
      Error(DiagnosticCode::kAlreadyExists, definition.name.span,
            fmt::format("column {} is declared twice", Quoted(definition.name.text)));
    } else if (!AddColumn(definition)) {
      untyped_.insert(definition.name.text);
    }
  }
}

// False, with an error, if its type means nothing.
bool TableBinder::AddColumn(const sql::ColumnDefinition& definition) {
  DeclaredColumn declared;
  declared.name = definition.name.text;
  if (definition.kind == sql::ColumnKind::kComputed) {
    declared.computed = definition.computed;
  } else {
    const std::optional<Type> type = ResolveType(definition.type, context_.diagnostics);
    if (!type) return false;
    Column column{definition.name.text, *type, ""};
    if (definition.kind == sql::ColumnKind::kMetadata) {
      column.metadata_key = definition.metadata_key.value_or(definition.name.text);
      declared.is_virtual = definition.is_virtual;
    }
    declared.type = *type;
    declared.column = static_cast<uint32_t>(table_.schema.columns.size());
    table_.schema.columns.push_back(std::move(column));
  }
  table_.columns.push_back(std::move(declared));
  return true;
}

void TableBinder::AddKey() {
  std::vector<const sql::KeyDefinition*> keys;
  for (const sql::KeyDefinition& key : create_.keys) {
    if (!key.unique) keys.push_back(&key);
  }
  if (keys.empty()) return;
  if (keys.size() > 1) {
    Error(DiagnosticCode::kInvalidDefinition, keys[1]->span, "Duplicate primary key definition",
          "A table has one PRIMARY KEY; put all its columns into it.");
  }
  const sql::KeyDefinition& key = *keys[0];
  if (key.enforced.value_or(true)) {
    Error(DiagnosticCode::kNotSupported, key.span,
          "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint",
          "Write PRIMARY KEY (...) NOT ENFORCED.");
  }
  for (const sql::Name& name : key.columns) AddKeyColumn(name);
}

void TableBinder::AddKeyColumn(const sql::Name& name) {
  const auto column = table_.schema.Find(name.text);
  if (!column && untyped_.contains(name.text)) return;
  const std::vector<std::string> names = table_.ColumnNames();
  if (!column && std::find(names.begin(), names.end(), name.text) == names.end()) {
    Error(DiagnosticCode::kUnknownColumn, name.span,
          fmt::format("Primary key column {} is not defined in the schema", Quoted(name.text)),
          DidYouMean(name.text, names));
    return;
  }
  std::vector<uint32_t>& key = table_.schema.key;
  if (!column || !table_.schema.columns[*column].metadata_key.empty()) {
    Error(DiagnosticCode::kInvalidDefinition, name.span,
          fmt::format("column {} of the PRIMARY KEY must be a physical column", Quoted(name.text)));
  } else if (std::find(key.begin(), key.end(), *column) != key.end()) {
    Error(DiagnosticCode::kAlreadyExists, name.span,
          fmt::format("column {} is in the PRIMARY KEY twice", Quoted(name.text)));
  } else {
    key.push_back(*column);
    MakeNotNull(*column);
  }
}

void TableBinder::MakeNotNull(uint32_t column) {
  table_.schema.columns[column].type.nullable = false;
  for (DeclaredColumn& declared : table_.columns) {
    if (declared.column == column) declared.type.nullable = false;
  }
}

bool TableBinder::MentionsUntyped(const sql::Expression& expression) const {
  if (expression.kind == sql::ExpressionKind::kColumn) return untyped_.contains(expression.text);
  return std::any_of(expression.children.begin(), expression.children.end(),
                     [&](const sql::Expression& child) { return MentionsUntyped(child); });
}

void TableBinder::AddComputedColumns() {
  ColumnScope scope;
  scope.path = {create_.name.parts.back().text};
  for (const DeclaredColumn& declared : table_.columns) {
    ScopeColumn column{declared.name, {}};
    column.visible = !declared.computed;
    if (declared.column) column.value = SlotOf(declared);
    scope.columns.push_back(std::move(column));
  }
  Binder binder(scope, context_.settings, context_.catalogs.current_database(),
                context_.diagnostics);
  for (DeclaredColumn& declared : table_.columns) {
    if (!declared.computed || MentionsUntyped(*declared.computed)) continue;
    auto bound = binder.Bind(*declared.computed);
    if (!bound) continue;
    declared.type = bound->type;
    declared.computed_value = std::move(*bound);
  }
}

// A table without the option is a template for LIKE: using it is reported where it is used.
bool TableBinder::FindConnector() {
  const auto option =
      std::find_if(create_.options.begin(), create_.options.end(),
                   [](const sql::OptionPair& pair) { return pair.key == "connector"; });
  if (option == create_.options.end()) return false;
  for (const Connector* connector : context_.connectors) {
    if (connector->name == option->value) table_.connector = connector;
  }
  if (table_.connector != nullptr) return true;
  context_.Report(ConnectorNotFound(option->value_span, option->value, context_.connectors));
  return false;
}

void TableBinder::CheckOptions() {
  std::vector<OptionText> written;
  for (const sql::OptionPair& pair : create_.options) {
    written.push_back({pair.key, pair.value, pair.key_span, pair.value_span});
  }
  table_.options = Options::Check(table_.connector->options, written, table_.connector->name,
                                  create_.options_span, context_.diagnostics);
  CheckOnlyHere();
  CheckMetadata();
  CheckStructures();
  if (!Failed() && table_.connector->check != nullptr) {
    table_.connector->check(table_.options, table_.schema, create_.options_span,
                            context_.diagnostics);
  }
}

// Options that Flink's connector of the same name would refuse.
void TableBinder::CheckOnlyHere() const {
  const bool strict = context_.settings.Boolean("millrace.strict-flink");
  for (const OptionSpec& spec : table_.connector->options) {
    if (!spec.only_here || !table_.options.Given(spec.key)) continue;
    context_.Report({strict ? DiagnosticCode::kNotFlinkSql : DiagnosticCode::kOtherOnFlink,
                     table_.options.KeySpan(spec.key),
                     fmt::format("Flink's connector {} does not know the option {}",
                                 Quoted(table_.connector->name), Quoted(spec.key)),
                     "Leave it out of a script that is to run on Flink.",
                     strict ? Severity::kError : Severity::kWarning});
  }
}

void TableBinder::CheckMetadata() const {
  std::vector<std::string> keys;
  for (const Column& column : table_.connector->metadata) keys.push_back(column.name);
  for (const sql::ColumnDefinition& definition : create_.columns) {
    if (definition.kind != sql::ColumnKind::kMetadata) continue;
    const std::string key = definition.metadata_key.value_or(definition.name.text);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    std::string hint = DidYouMean(key, keys);
    if (hint.empty() && !keys.empty()) hint = fmt::format("Available: {}.", Join(keys, ", "));
    Error(
        DiagnosticCode::kUnknownColumn,
        definition.metadata_key ? definition.metadata_span : definition.name.span,
        fmt::format("connector {} has no metadata {}", Quoted(table_.connector->name), Quoted(key)),
        std::move(hint));
  }
}

void TableBinder::CheckStructures() const {
  if (table_.connector->takes_structures) return;
  for (const sql::ColumnDefinition& definition : create_.columns) {
    const auto column = table_.schema.Find(definition.name.text);
    if (definition.kind == sql::ColumnKind::kComputed || !column) continue;
    const Type& type = table_.schema.columns[*column].type;
    if (!type.is_structured()) continue;
    Error(DiagnosticCode::kNotSupported, definition.type.span,
          fmt::format("a table of connector {} has no columns of type {}",
                      Quoted(table_.connector->name), ToString(type.Nullable())),
          "Declare the column as STRING.");
  }
}

void TableBinder::CheckPartitions() const {
  const std::vector<std::string> names = table_.ColumnNames();
  for (const sql::Name& name : create_.partitioned_by) {
    if (std::find(names.begin(), names.end(), name.text) != names.end()) continue;
    if (untyped_.contains(name.text)) continue;
    Error(DiagnosticCode::kUnknownColumn, name.span,
          fmt::format("partition column {} is not defined", Quoted(name.text)),
          DidYouMean(name.text, names));
  }
}

void TableBinder::CheckWatermark() const {
  if (create_.watermarks.empty()) return;
  if (create_.watermarks.size() > 1) {
    Error(DiagnosticCode::kInvalidDefinition, create_.watermarks[1].span,
          "Multiple WATERMARK definitions are not supported yet", "A table has one WATERMARK.");
    return;
  }
  const sql::Watermark& watermark = create_.watermarks[0];
  const sql::Name& name = watermark.column.front();
  if (untyped_.contains(name.text)) return;
  const auto column =
      std::find_if(table_.columns.begin(), table_.columns.end(),
                   [&](const DeclaredColumn& declared) { return declared.name == name.text; });
  if (column == table_.columns.end()) {
    Error(DiagnosticCode::kUnknownColumn, name.span,
          fmt::format("the column {} of the watermark is not defined", Quoted(name.text)),
          DidYouMean(name.text, table_.ColumnNames()));
    return;
  }
  const bool timestamp =
      column->type.kind == TypeKind::kTimestamp || column->type.kind == TypeKind::kTimestampLtz;
  constexpr uint8_t kDigitsMax = 3;
  if (!timestamp || column->type.precision > kDigitsMax) {
    Error(DiagnosticCode::kTypeMismatch, name.span,
          fmt::format("the column of a watermark must be TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p "
                      "from 0 to {}, not {}",
                      kDigitsMax, ToString(column->type.Nullable())));
    return;
  }
  context_.Report(NoEffect(watermark.span, "WATERMARK"));
}

}  // namespace millrace
