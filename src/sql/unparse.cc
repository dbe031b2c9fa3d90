#include "sql/unparse.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace::sql {
namespace {

std::string Dotted(const std::vector<Name>& names) { return QuoteNames(names, "."); }

std::string OptionText(const OptionPair& option, const SecretPredicate& is_secret) {
  const bool secret = is_secret && is_secret(option.key);
  return fmt::format("{} = {}", QuoteText(option.key),
                     QuoteText(secret ? kRedacted : std::string_view(option.value)));
}

std::string OptionList(const std::vector<OptionPair>& options, const SecretPredicate& is_secret) {
  return "(" +
         PrintList(options,
                   [&](const OptionPair& option) { return OptionText(option, is_secret); }) +
         ")";
}

std::string KeyList(const std::vector<OptionPair>& keys) {
  return "(" + PrintList(keys, [](const OptionPair& key) { return QuoteText(key.key); }) + ")";
}

// WITH with an option on each line, as SHOW CREATE TABLE has it.
std::string WithText(const std::vector<OptionPair>& options, const SecretPredicate& is_secret) {
  if (options.empty()) return "\nWITH ()";
  return "\nWITH (\n" +
         PrintList(
             options,
             [&](const OptionPair& option) { return "  " + OptionText(option, is_secret); },
             ",\n") +
         "\n)";
}

std::string CommentText(const std::optional<std::string>& comment) {
  return comment ? "\nCOMMENT " + QuoteText(*comment) : "";
}

std::string ColumnText(const ColumnDefinition& column) {
  std::string text = QuoteIdentifier(column.name.text);
  if (column.kind == ColumnKind::kComputed) {
    text += " AS " + Unparse(*column.computed);
  } else {
    text += " " + Unparse(column.type);
  }
  if (column.kind == ColumnKind::kMetadata) {
    text += " METADATA";
    if (column.metadata_key) text += " FROM " + QuoteText(*column.metadata_key);
    if (column.is_virtual) text += " VIRTUAL";
  }
  if (column.comment) text += " COMMENT " + QuoteText(*column.comment);
  return text;
}

std::string KeyText(const KeyDefinition& key) {
  std::string text = key.name ? fmt::format("CONSTRAINT {} ", QuoteIdentifier(key.name->text)) : "";
  text += fmt::format("{} ({})", key.unique ? "UNIQUE" : "PRIMARY KEY", QuoteNames(key.columns));
  if (key.enforced) text += *key.enforced ? " ENFORCED" : " NOT ENFORCED";
  return text;
}

std::string WatermarkText(const Watermark& watermark) {
  return fmt::format("WATERMARK FOR {} AS {}", Dotted(watermark.column),
                     Unparse(watermark.expression));
}

std::string DistributionText(const Distribution& distribution) {
  std::string text;
  if (!distribution.columns.empty()) {
    text = fmt::format(" BY {}{}({})", distribution.kind, distribution.kind.empty() ? "" : " ",
                       QuoteNames(distribution.columns));
  }
  if (distribution.buckets) text += fmt::format(" INTO {} BUCKETS", *distribution.buckets);
  return text;
}

std::string LikeText(const LikeClause& like) {
  std::string text = "\nLIKE " + Dotted(like.table.parts);
  if (like.options.empty()) return text;
  return text + " (" +
         PrintList(
             like.options,
             [](const LikeOption& option) { return option.merging + " " + option.feature; }, " ") +
         ")";
}

std::string CreateText(const CreateTable& table, const SecretPredicate& is_secret) {
  std::string text =
      fmt::format("CREATE {}{}TABLE {}{}", table.or_replace ? "OR REPLACE " : "",
                  table.temporary ? "TEMPORARY " : "", table.if_not_exists ? "IF NOT EXISTS " : "",
                  Dotted(table.name.parts));
  std::vector<std::string> lines;
  for (const ColumnDefinition& column : table.columns) lines.push_back("  " + ColumnText(column));
  for (const Watermark& mark : table.watermarks) lines.push_back("  " + WatermarkText(mark));
  for (const KeyDefinition& key : table.keys) lines.push_back("  " + KeyText(key));
  if (!lines.empty()) text += " (\n" + Join(lines, ",\n") + "\n)";
  if (!table.bare_columns.empty()) text += " (" + QuoteNames(table.bare_columns) + ")";
  text += CommentText(table.comment);
  if (table.distribution) text += "\nDISTRIBUTED" + DistributionText(*table.distribution);
  if (!table.partitioned_by.empty()) {
    text += "\nPARTITIONED BY (" + QuoteNames(table.partitioned_by) + ")";
  }
  if (table.connection) text += "\nUSING CONNECTION " + Dotted(table.connection->parts);
  if (table.has_options || !table.options.empty()) text += WithText(table.options, is_secret);
  if (table.like) text += LikeText(*table.like);
  if (table.query != nullptr) text += "\nAS " + Unparse(*table.query, is_secret);
  return text;
}

std::string_view ObjectText(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kTable:
      return "TABLE";
    case ObjectKind::kView:
      return "VIEW";
    case ObjectKind::kDatabase:
      return "DATABASE";
    case ObjectKind::kCatalog:
      break;
  }
  return "CATALOG";
}

std::string ElementsText(const Alter& alter) {
  std::vector<std::string> parts;
  for (const AddedColumn& added : alter.added) {
    parts.push_back(ColumnText(added.column));
    if (added.first) parts.back() += " FIRST";
    if (!added.after.empty()) parts.back() += " AFTER " + Dotted(added.after);
  }
  for (const Watermark& watermark : alter.watermarks) parts.push_back(WatermarkText(watermark));
  for (const KeyDefinition& key : alter.keys) parts.push_back(KeyText(key));
  if (alter.distribution) parts.push_back("DISTRIBUTION" + DistributionText(*alter.distribution));
  const std::string text = Join(parts, ", ");
  return alter.parenthesised || parts.size() > 1 ? "(" + text + ")" : text;
}

std::string DroppedText(const Alter& alter) {
  const std::string text = PrintList(alter.columns, Dotted);
  return "DROP " + (alter.parenthesised ? "(" + text + ")" : text);
}

std::string ActionText(const Alter& alter, const SecretPredicate& is_secret) {
  switch (alter.action) {
    case AlterAction::kRenameTo:
      return "RENAME TO " + Dotted(alter.new_name.parts);
    case AlterAction::kRenameColumn:
      return fmt::format("RENAME {} TO {}", Dotted(alter.column),
                         QuoteIdentifier(alter.new_column.text));
    case AlterAction::kSetOptions:
      return "SET " + OptionList(alter.options, is_secret);
    case AlterAction::kResetOptions:
      return "RESET " + KeyList(alter.reset_keys);
    case AlterAction::kComment:
      return "COMMENT " + QuoteText(alter.comment);
    case AlterAction::kAdd:
      return "ADD " + ElementsText(alter);
    case AlterAction::kModify:
      return "MODIFY " + ElementsText(alter);
    case AlterAction::kDropColumns:
      return DroppedText(alter);
    case AlterAction::kDropPrimaryKey:
      return "DROP PRIMARY KEY";
    case AlterAction::kDropConstraint:
      return "DROP CONSTRAINT " + Dotted(alter.columns[0]);
    case AlterAction::kDropWatermark:
      return "DROP WATERMARK";
    case AlterAction::kDropDistribution:
      return "DROP DISTRIBUTION";
    case AlterAction::kSetQuery:
      return "AS " + Unparse(*alter.query, is_secret);
    case AlterAction::kPartitions:
      return alter.text;
    case AlterAction::kSetDistribution:
      break;
  }
  return (alter.add_distribution ? "ADD DISTRIBUTION" : "MODIFY DISTRIBUTION") +
         DistributionText(*alter.distribution);
}

std::string PartitionText(const std::vector<PartitionValue>& partition) {
  if (partition.empty()) return {};
  return " PARTITION (" +
         PrintList(partition,
                   [](const PartitionValue& value) {
                     return QuoteIdentifier(value.column.text) + " = " + Unparse(value.value);
                   }) +
         ")";
}

std::string InsertText(const Insert& insert, const SecretPredicate& is_secret) {
  return fmt::format("{} {} {}{}{}{}\n{}{}", insert.upsert ? "UPSERT" : "INSERT",
                     insert.overwrite ? "OVERWRITE" : "INTO", Dotted(insert.target.parts),
                     Unparse(insert.hints, is_secret), PartitionText(insert.partition),
                     insert.columns ? " (" + QuoteNames(*insert.columns) + ")" : "",
                     Unparse(*insert.query, is_secret),
                     insert.on_conflict.empty() ? "" : " ON CONFLICT DO " + insert.on_conflict);
}

// The statements of a set, each with its semicolon.
std::string SetText(const StatementSet& set, const SecretPredicate& is_secret) {
  std::string text = "STATEMENT SET BEGIN\n";
  for (const Insert& insert : set.inserts) text += InsertText(insert, is_secret) + ";\n";
  return text + "END";
}

// What follows EXPLAIN, COMPILE PLAN ... FOR.
std::string InnerText(const Statement& statement, const SecretPredicate& is_secret) {
  if (const auto* set = std::get_if<StatementSet>(&statement.node)) return SetText(*set, is_secret);
  return Unparse(statement, is_secret);
}

std::string ShowText(const Show& show) {
  std::string text = "SHOW " + show.words;
  if (show.name) {
    const bool list = show.kind != ShowKind::kCreateTable && show.kind != ShowKind::kCreateView &&
                      show.kind != ShowKind::kCreateCatalog && show.kind != ShowKind::kPartitions;
    if (list) text += show.in ? " IN" : " FROM";
    text += " " + Dotted(show.name->parts);
  }
  if (show.like) {
    text += fmt::format("{} {} {}", show.not_like ? " NOT" : "", show.ilike ? "ILIKE" : "LIKE",
                        QuoteText(*show.like));
  }
  return text + PartitionText(show.partition);
}

std::string DescribeText(const Describe& describe) {
  const std::string extended = describe.extended ? "EXTENDED " : "";
  const std::string name = Dotted(describe.name.parts);
  const std::string text = QuoteText(describe.name.parts[0].text);
  switch (describe.kind) {
    case DescribeKind::kTable:
      return "DESCRIBE " + extended + name;
    case DescribeKind::kCatalog:
      return "DESCRIBE CATALOG " + extended + name;
    case DescribeKind::kDatabase:
      return "DESCRIBE DATABASE " + extended + name;
    case DescribeKind::kFunction:
      return "DESCRIBE FUNCTION " + extended + name;
    case DescribeKind::kJob:
      return "DESCRIBE JOB " + text;
    case DescribeKind::kConnector:
      break;
  }
  return "DESCRIBE CONNECTOR " + text;
}

struct StatementText {
  const SecretPredicate& is_secret;

  std::string operator()(const CreateTable& create) const { return CreateText(create, is_secret); }
  std::string operator()(const CreateView& view) const {
    return fmt::format("CREATE {}{}VIEW {}{}{}{}\nAS {}", view.or_replace ? "OR REPLACE " : "",
                       view.temporary ? "TEMPORARY " : "",
                       view.if_not_exists ? "IF NOT EXISTS " : "", Dotted(view.name.parts),
                       view.columns.empty() ? "" : " (" + QuoteNames(view.columns) + ")",
                       CommentText(view.comment), Unparse(*view.query, is_secret));
  }
  std::string operator()(const CreateDatabase& create) const {
    return fmt::format("CREATE DATABASE {}{}{}{}", create.if_not_exists ? "IF NOT EXISTS " : "",
                       Dotted(create.name.parts), CommentText(create.comment),
                       create.options.empty() ? "" : WithText(create.options, is_secret));
  }
  std::string operator()(const CreateCatalog& create) const {
    return fmt::format("CREATE CATALOG {}{}{}{}", create.if_not_exists ? "IF NOT EXISTS " : "",
                       QuoteIdentifier(create.name.text), CommentText(create.comment),
                       create.options.empty() ? "" : WithText(create.options, is_secret));
  }
  std::string operator()(const Drop& drop) const {
    return fmt::format("DROP {}{} {}{}{}", drop.temporary ? "TEMPORARY " : "",
                       ObjectText(drop.object), drop.if_exists ? "IF EXISTS " : "",
                       Dotted(drop.name.parts), drop.cascade ? " CASCADE" : "");
  }
  std::string operator()(const Alter& alter) const {
    return fmt::format("ALTER {} {}{} {}", ObjectText(alter.object),
                       alter.if_exists ? "IF EXISTS " : "", Dotted(alter.name.parts),
                       ActionText(alter, is_secret));
  }
  std::string operator()(const Use& use) const {
    return (use.object == ObjectKind::kCatalog ? "USE CATALOG " : "USE ") + Dotted(use.name.parts);
  }
  std::string operator()(const Set& set) const {
    return set.setting ? "SET " + OptionText(*set.setting, is_secret) : "SET";
  }
  std::string operator()(const Reset& reset) const {
    return reset.key ? "RESET " + QuoteText(reset.key->text) : "RESET";
  }
  std::string operator()(const Insert& insert) const { return InsertText(insert, is_secret); }
  std::string operator()(const StatementSet& set) const {
    return "EXECUTE " + SetText(set, is_secret);
  }
  std::string operator()(const BeginStatementSet&) const { return "BEGIN STATEMENT SET"; }
  std::string operator()(const EndStatementSet&) const { return "END"; }
  std::string operator()(const Select& select) const { return Unparse(select.query, is_secret); }
  std::string operator()(const Explain& explain) const {
    std::string details =
        explain.plan_for ? "PLAN FOR "
                         : PrintList(explain.details, [](const Name& name) { return name.text; });
    if (!explain.plan_for && !details.empty()) details += " ";
    return "EXPLAIN " + details + InnerText(*explain.statement, is_secret);
  }
  std::string operator()(const Show& show) const { return ShowText(show); }
  std::string operator()(const Describe& describe) const { return DescribeText(describe); }
  std::string operator()(const StopJob& stop) const {
    return fmt::format("STOP JOB {}{}{}", QuoteText(stop.job.text),
                       stop.with_savepoint ? " WITH SAVEPOINT" : "",
                       stop.with_drain ? " WITH DRAIN" : "");
  }
  std::string operator()(const CompilePlan& compile) const {
    return fmt::format("COMPILE {}PLAN {}{} FOR {}", compile.execute ? "AND EXECUTE " : "",
                       QuoteText(compile.path), compile.if_not_exists ? " IF NOT EXISTS" : "",
                       InnerText(*compile.statement, is_secret));
  }
  std::string operator()(const ExecutePlan& execute) const {
    return "EXECUTE PLAN " + QuoteText(execute.path);
  }
  std::string operator()(const Unsupported& unsupported) const { return unsupported.text; }
};

std::string TypeArguments(const TypeName& type) {
  std::vector<std::string> parts;
  for (const std::string& text : type.texts) parts.push_back(QuoteText(text));
  for (const TypeName& element : type.elements) parts.push_back(Unparse(element));
  for (const TypeField& field : type.fields) {
    parts.push_back(fmt::format("{} {}{}", QuoteIdentifier(field.name.text), Unparse(field.type),
                                field.comment ? " " + QuoteText(*field.comment) : ""));
  }
  return Join(parts, ", ");
}

}  // namespace

std::string QuoteText(std::string_view value) {
  std::string text = "'";
  for (const char c : value) text.append(c == '\'' ? 2 : 1, c);
  return text + "'";
}

std::string QuoteNames(const std::vector<Name>& names, std::string_view separator) {
  return PrintList(
      names, [](const Name& name) { return QuoteIdentifier(name.text); }, separator);
}

std::string Unparse(const TypeName& type) {
  std::string text = type.name;
  if (!type.parameters.empty()) {
    text += "(" +
            PrintList(type.parameters, [](int64_t value) { return fmt::format("{}", value); }) +
            ")";
  }
  const std::string arguments = TypeArguments(type);
  if (type.name == "RAW") {
    text += "(" + arguments + ")";
  } else if (!arguments.empty() || type.name == "ROW") {
    text += "<" + arguments + ">";
  }
  if (!type.nullable) return text + " NOT NULL";
  return text + (type.nullable_written ? " NULL" : "");
}

std::string Unparse(const Statement& statement, const SecretPredicate& is_secret) {
  return std::visit(StatementText{is_secret}, statement.node);
}

}  // namespace millrace::sql
