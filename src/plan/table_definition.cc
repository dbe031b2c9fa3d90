#include "plan/table_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/units.h"
#include "plan/binder.h"

namespace millrace {
namespace {

struct TypeRule {
  std::string_view name;
  TypeKind kind;
  size_t parameters_max = 0;
  int64_t first_least = 0;
  int64_t first_most = 0;
  int64_t first_default = 0;
};

constexpr TypeRule kTypeRules[] = {
    {"BOOLEAN", TypeKind::kBoolean},
    {"TINYINT", TypeKind::kTinyInt},
    {"SMALLINT", TypeKind::kSmallInt},
    {"INT", TypeKind::kInt},
    {"INTEGER", TypeKind::kInt},
    {"BIGINT", TypeKind::kBigInt},
    {"FLOAT", TypeKind::kFloat},
    {"DOUBLE", TypeKind::kDouble},
    {"DATE", TypeKind::kDate},
    {"STRING", TypeKind::kVarChar, 0, 0, 0, Type::kLengthMax},
    {"BYTES", TypeKind::kVarBinary, 0, 0, 0, Type::kLengthMax},
    {"CHAR", TypeKind::kChar, 1, 1, Type::kLengthMax, 1},
    {"VARCHAR", TypeKind::kVarChar, 1, 1, Type::kLengthMax, Type::kLengthMax},
    {"BINARY", TypeKind::kBinary, 1, 1, Type::kLengthMax, 1},
    {"VARBINARY", TypeKind::kVarBinary, 1, 1, Type::kLengthMax, Type::kLengthMax},
    {"DECIMAL", TypeKind::kDecimal, 2, 1, 38, 10},
    {"DEC", TypeKind::kDecimal, 2, 1, 38, 10},
    {"NUMERIC", TypeKind::kDecimal, 2, 1, 38, 10},
    {"TIME", TypeKind::kTime, 1, 0, 9, 0},
    {"TIMESTAMP", TypeKind::kTimestamp, 1, 0, 9, 6},
    {"TIMESTAMP_LTZ", TypeKind::kTimestampLtz, 1, 0, 9, 6},
};

void Complain(Diagnostics* diagnostics, Span span, std::string message, std::string hint = "") {
  diagnostics->push_back({span, std::move(message), std::move(hint)});
}

void ComplainUnknownType(const sql::TypeName& name, Diagnostics* diagnostics) {
  constexpr std::string_view kKnown[] = {"ARRAY", "MAP", "ROW", "MULTISET", "RAW", "INTERVAL"};
  if (std::find(std::begin(kKnown), std::end(kKnown), name.name) != std::end(kKnown)) {
    Complain(diagnostics, name.span,
             fmt::format("type {} is not supported by this engine", name.name),
             "Declare the column as STRING.");
    return;
  }
  std::vector<std::string> names;
  for (const TypeRule& rule : kTypeRules) names.emplace_back(rule.name);
  std::string hint = DidYouMean(name.name, names);
  if (name.name == "TEXT" || name.name == "LONGTEXT") hint = "Write STRING.";
  if (name.name == "DATETIME") hint = "Write TIMESTAMP(0) or TIMESTAMP(6).";
  Complain(diagnostics, name.span, fmt::format("type {} is not known", Quoted(name.name)), hint);
}

// Fills the parameters into a type; false and an error if they are out of range.
bool ApplyParameters(const sql::TypeName& name, const TypeRule& rule, Type* type,
                     Diagnostics* diagnostics) {
  if (name.parameters.size() > rule.parameters_max) {
    Complain(diagnostics, name.span,
             rule.parameters_max == 0 ? fmt::format("type {} takes no parameter", name.name)
                                      : fmt::format("type {} takes at most {} parameter(s)",
                                                    name.name, rule.parameters_max),
             rule.parameters_max == 0 ? fmt::format("Write {}.", name.name) : "");
    return false;
  }
  const int64_t first = name.parameters.empty() ? rule.first_default : name.parameters[0];
  if (!name.parameters.empty() && (first < rule.first_least || first > rule.first_most)) {
    Complain(diagnostics, name.span,
             fmt::format("the parameter of {} must be between {} and {}", name.name,
                         rule.first_least, rule.first_most));
    return false;
  }
  if (type->is_text() || type->is_binary()) {
    type->length = static_cast<uint32_t>(first);
    return true;
  }
  type->precision = static_cast<uint8_t>(first);
  if (type->kind == TypeKind::kDecimal && name.parameters.size() == 2) {
    if (name.parameters[1] > first) {
      Complain(
          diagnostics, name.span,
          fmt::format("the scale of {} must be between 0 and its precision {}", name.name, first));
      return false;
    }
    type->scale = static_cast<uint8_t>(name.parameters[1]);
  }
  return true;
}

class Definer final {
 public:
  Definer(const sql::CreateTable& create, std::span<const Connector* const> connectors,
          const Settings& settings, Diagnostics* diagnostics)
      : create_(create),
        connectors_(connectors),
        settings_(settings),
        diagnostics_(diagnostics),
        before_(diagnostics->size()) {}

  std::optional<TableDefinition> Run(std::string full_name) {
    table_.name = std::move(full_name);
    table_.written = create_;
    RefuseUnsupported();
    AddColumns();
    AddKey();
    if (FindConnector()) CheckOptions();
    AddComputedColumns();
    CheckPartitions();
    CheckWatermarks();
    if (!AcceptedSoFar()) return std::nullopt;
    return std::move(table_);
  }

 private:
  bool AcceptedSoFar() const {
    return !HasErrors(
        {diagnostics_->begin() + static_cast<ptrdiff_t>(before_), diagnostics_->end()});
  }

  void Error(Span span, std::string message, std::string hint = "") {
    Complain(diagnostics_, span, std::move(message), std::move(hint));
  }

  void RefuseUnsupported() {
    const auto refuse = [&](Span span, std::string_view what, std::string hint = "") {
      Error(span, fmt::format("{} is not supported by this engine", what), std::move(hint));
    };
    for (const sql::KeyDefinition& key : create_.keys) {
      if (key.unique) {
        Error(key.span, "UNIQUE constraint is not supported yet", "Declare a PRIMARY KEY.");
      }
    }
    if (create_.distribution) refuse(create_.distribution->span, "DISTRIBUTED");
    if (create_.connection) {
      refuse(create_.connection->span, "USING CONNECTION", "Write the options into WITH (...).");
    }
    if (create_.columns.empty()) {
      Error(create_.name.span, "the table has no columns",
            "Add ( column type, ... ) after its name.");
    }
  }

  void CheckPartitions() {
    for (const sql::Name& name : create_.partitioned_by) {
      const std::vector<std::string> names = ColumnNames();
      if (std::find(names.begin(), names.end(), name.text) != names.end()) continue;
      if (untyped_.contains(name.text)) continue;
      Error(name.span, fmt::format("partition column {} is not defined", Quoted(name.text)),
            DidYouMean(name.text, names));
    }
  }

  void CheckWatermarks() {
    if (create_.watermarks.empty()) return;
    const sql::Watermark& watermark = create_.watermarks[0];
    if (create_.watermarks.size() > 1) {
      Error(create_.watermarks[1].span, "Multiple WATERMARK definitions are not supported yet",
            "A table has one WATERMARK.");
      return;
    }
    const sql::Name& name = watermark.column.front();
    const auto column =
        std::find_if(table_.columns.begin(), table_.columns.end(),
                     [&](const DeclaredColumn& declared) { return declared.name == name.text; });
    if (untyped_.contains(name.text)) return;
    if (column == table_.columns.end()) {
      Error(name.span,
            fmt::format("the column {} of the watermark is not defined", Quoted(name.text)),
            DidYouMean(name.text, ColumnNames()));
      return;
    }
    const bool timestamp =
        column->type.kind == TypeKind::kTimestamp || column->type.kind == TypeKind::kTimestampLtz;
    constexpr uint8_t kDigitsMax = 3;
    if (!timestamp || column->type.precision > kDigitsMax) {
      Error(name.span,
            fmt::format("the column of a watermark must be TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p "
                        "from 0 to {}, not {}",
                        kDigitsMax, ToString(column->type.Nullable())));
      return;
    }
    diagnostics_->push_back(
        {watermark.span, "WATERMARK has no effect here", "", Severity::kWarning});
  }

  void AddColumns() {
    std::set<std::string> names;
    for (const sql::ColumnDefinition& definition : create_.columns) {
      if (!names.insert(definition.name.text).second) {
        Error(definition.name.span,
              fmt::format("column {} is declared twice", Quoted(definition.name.text)));
        continue;
      }
      DeclaredColumn declared;
      declared.name = definition.name.text;
      if (definition.kind == sql::ColumnKind::kComputed) {
        declared.computed = definition.computed;
      } else {
        const std::optional<Type> type = ResolveType(definition.type, diagnostics_);
        if (!type) {
          untyped_.insert(definition.name.text);
          continue;
        }
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
    }
  }

  void AddKey() {
    std::vector<const sql::KeyDefinition*> keys;
    for (const sql::KeyDefinition& key : create_.keys) {
      if (!key.unique) keys.push_back(&key);
    }
    if (keys.empty()) return;
    if (keys.size() > 1) {
      Error(keys[1]->span, "Duplicate primary key definition",
            "A table has one PRIMARY KEY; put all its columns into it.");
    }
    const sql::KeyDefinition& key = *keys[0];
    if (key.enforced.value_or(true)) {
      Error(key.span, "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint",
            "Write PRIMARY KEY (...) NOT ENFORCED.");
    }
    for (const sql::Name& name : key.columns) {
      const auto column = table_.schema.Find(name.text);
      if (!column) {
        if (untyped_.contains(name.text)) continue;
        const bool computed =
            std::any_of(table_.columns.begin(), table_.columns.end(),
                        [&](const DeclaredColumn& declared) { return declared.name == name.text; });
        Error(name.span,
              computed ? fmt::format("column {} of the PRIMARY KEY must be a physical column",
                                     Quoted(name.text))
                       : fmt::format("Primary key column {} is not defined in the schema",
                                     Quoted(name.text)),
              computed ? "" : DidYouMean(name.text, ColumnNames()));
        continue;
      }
      if (!table_.schema.columns[*column].metadata_key.empty()) {
        Error(name.span, fmt::format("column {} of the PRIMARY KEY must be a physical column",
                                     Quoted(name.text)));
        continue;
      }
      if (std::find(table_.schema.key.begin(), table_.schema.key.end(), *column) !=
          table_.schema.key.end()) {
        Error(name.span, fmt::format("column {} is in the PRIMARY KEY twice", Quoted(name.text)));
        continue;
      }
      table_.schema.key.push_back(*column);
      MakeNotNull(*column);
    }
  }

  void MakeNotNull(uint32_t column) {
    table_.schema.columns[column].type.nullable = false;
    for (DeclaredColumn& declared : table_.columns) {
      if (declared.column == column) declared.type.nullable = false;
    }
  }

  bool MentionsUntyped(const sql::Expression& expression) const {
    if (expression.kind == sql::ExpressionKind::kColumn) return untyped_.contains(expression.text);
    return std::any_of(expression.children.begin(), expression.children.end(),
                       [&](const sql::Expression& child) { return MentionsUntyped(child); });
  }

  std::vector<std::string> ColumnNames() const {
    std::vector<std::string> names;
    for (const DeclaredColumn& column : table_.columns) names.push_back(column.name);
    return names;
  }

  bool FindConnector() {
    const auto option =
        std::find_if(create_.options.begin(), create_.options.end(),
                     [](const sql::OptionPair& pair) { return pair.key == "connector"; });
    std::vector<std::string> names;
    for (const Connector* connector : connectors_) names.emplace_back(connector->name);
    if (option == create_.options.end()) {
      return false;  // told where the table is used
    }
    for (const Connector* connector : connectors_) {
      if (connector->name == option->value) table_.connector = connector;
    }
    if (table_.connector == nullptr) {
      const std::string hint = DidYouMean(option->value, names);
      Error(option->value_span, fmt::format("connector {} is not known", Quoted(option->value)),
            hint.empty() ? fmt::format("There are {}.", Join(names, ", ")) : hint);
      return false;
    }
    return true;
  }

  void CheckOptions() {
    std::vector<OptionText> written;
    for (const sql::OptionPair& pair : create_.options) {
      written.push_back({pair.key, pair.value, pair.key_span, pair.value_span});
    }
    table_.options = Options::Check(table_.connector->options, written, table_.connector->name,
                                    create_.options_span, diagnostics_);
    CheckMetadata();
    if (AcceptedSoFar() && table_.connector->check != nullptr) {
      table_.connector->check(table_.options, table_.schema, create_.options_span, diagnostics_);
    }
  }

  void CheckMetadata() {
    std::vector<std::string> keys;
    for (const Column& column : table_.connector->metadata) keys.push_back(column.name);
    for (const sql::ColumnDefinition& definition : create_.columns) {
      if (definition.kind != sql::ColumnKind::kMetadata) continue;
      const std::string key = definition.metadata_key.value_or(definition.name.text);
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      const Span span = definition.metadata_key ? definition.metadata_span : definition.name.span;
      const std::string hint = DidYouMean(key, keys);
      Error(span,
            fmt::format("connector {} has no metadata {}", Quoted(table_.connector->name),
                        Quoted(key)),
            !hint.empty() || keys.empty() ? hint : fmt::format("There are {}.", Join(keys, ", ")));
    }
  }

  void AddComputedColumns() {
    Scope scope;
    scope.path = {create_.name.parts.back().text};
    for (const DeclaredColumn& declared : table_.columns) {
      ScopeColumn column{declared.name, {}};
      column.visible = !declared.computed;
      if (declared.column) column.value = SlotOf(declared);
      scope.columns.push_back(std::move(column));
    }
    Binder binder(scope, settings_, diagnostics_);
    for (DeclaredColumn& declared : table_.columns) {
      if (!declared.computed || MentionsUntyped(*declared.computed)) continue;
      auto bound = binder.Bind(*declared.computed);
      if (!bound) continue;
      declared.type = bound->type;
      declared.computed_value = std::move(*bound);
    }
  }

  const sql::CreateTable& create_;
  const std::span<const Connector* const> connectors_;
  const Settings& settings_;
  Diagnostics* diagnostics_;
  const size_t before_;  // diagnostics of others
  // Columns whose type is wrong, which was told: what names them is no error of its own.
  std::set<std::string> untyped_;
  TableDefinition table_;
};

}  // namespace

std::optional<TableDefinition> WithOptions(const TableDefinition& table,
                                           std::span<const sql::OptionPair> options,
                                           std::span<const Connector* const> connectors,
                                           const Settings& settings, Diagnostics* diagnostics) {
  if (options.empty()) return table;
  sql::CreateTable changed = table.written;
  PlaceAt(&changed, options.front().key_span);
  for (const sql::OptionPair& option : options) {
    std::erase_if(changed.options,
                  [&](const sql::OptionPair& old) { return old.key == option.key; });
    changed.options.push_back(option);
  }
  return DefineTable(changed, table.name, connectors, settings, diagnostics);
}

BoundExpression SlotOf(const DeclaredColumn& column) {
  BoundExpression slot;
  slot.kind = BoundExpression::Kind::kSlot;
  slot.slot = *column.column;
  slot.type = column.type;
  return slot;
}

std::optional<Type> ResolveType(const sql::TypeName& name, Diagnostics* diagnostics) {
  for (const TypeRule& rule : kTypeRules) {
    if (rule.name != name.name) continue;
    Type type = Type::Of(rule.kind);
    type.nullable = name.nullable;
    if (!ApplyParameters(name, rule, &type, diagnostics)) return std::nullopt;
    return type;
  }
  ComplainUnknownType(name, diagnostics);
  return std::nullopt;
}

sql::TypeName ToTypeName(const Type& type, Span span) {
  sql::TypeName name;
  name.name = ToString(type.Nullable());  // "DECIMAL(10, 2)", "STRING"
  name.nullable = type.nullable;
  name.nullable_written = !type.nullable;
  name.span = span;
  const size_t parenthesis = name.name.find('(');
  if (parenthesis == std::string::npos) return name;
  const std::string inside = name.name.substr(parenthesis + 1, name.name.size() - parenthesis - 2);
  name.name.resize(parenthesis);
  for (const std::string& number : Split(inside, ',')) {
    name.parameters.push_back(ParseInteger(Trim(number)).value_or(0));
  }
  // The text '' has no length that a column could have.
  if (type.is_text() || type.is_binary())
    name.parameters[0] = std::max<int64_t>(1, name.parameters[0]);
  return name;
}

std::optional<TableDefinition> DefineTable(const sql::CreateTable& create, std::string full_name,
                                           std::span<const Connector* const> connectors,
                                           const Settings& settings, Diagnostics* diagnostics) {
  return Definer(create, connectors, settings, diagnostics).Run(std::move(full_name));
}

}  // namespace millrace
