// CREATE TABLE and ALTER back as SQL.
#include <fmt/core.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/unparse_parts.h"

namespace millrace::sql {
namespace {

std::string OptionList(const std::vector<OptionPair>& options, const SecretPredicate& is_secret) {
  return "(" +
         PrintList(options,
                   [&](const OptionPair& option) { return OptionText(option, is_secret); }) +
         ")";
}

std::string KeyList(const std::vector<OptionPair>& keys) {
  return "(" + PrintList(keys, [](const OptionPair& key) { return QuoteText(key.key); }) + ")";
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
  return fmt::format("WATERMARK FOR {} AS {}", DottedName(watermark.column),
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
  std::string text = "\nLIKE " + DottedName(like.table.parts);
  if (like.options.empty()) return text;
  return text + " (" +
         PrintList(
             like.options,
             [](const LikeOption& option) { return option.merging + " " + option.feature; }, " ") +
         ")";
}

std::string ElementsText(const Alter& alter) {
  std::vector<std::string> parts;
  for (const AddedColumn& added : alter.added) {
    parts.push_back(ColumnText(added.column));
    if (added.first) parts.back() += " FIRST";
    if (!added.after.empty()) parts.back() += " AFTER " + DottedName(added.after);
  }
  for (const Watermark& watermark : alter.watermarks) parts.push_back(WatermarkText(watermark));
  for (const KeyDefinition& key : alter.keys) parts.push_back(KeyText(key));
  if (alter.distribution) parts.push_back("DISTRIBUTION" + DistributionText(*alter.distribution));
  const std::string text = Join(parts, ", ");
  return alter.parenthesised || parts.size() > 1 ? "(" + text + ")" : text;
}

std::string DroppedText(const Alter& alter) {
  const std::string text = PrintList(alter.columns, DottedName);
  return "DROP " + (alter.parenthesised ? "(" + text + ")" : text);
}

std::string ActionText(const Alter& alter, const SecretPredicate& is_secret) {
  switch (alter.action) {
    case AlterAction::kRenameTo:
      return "RENAME TO " + DottedName(alter.new_name.parts);
    case AlterAction::kRenameColumn:
      return fmt::format("RENAME {} TO {}", DottedName(alter.column),
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
      return "DROP CONSTRAINT " + DottedName(alter.columns[0]);
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

}  // namespace

std::string CreateTableText(const CreateTable& table, const SecretPredicate& is_secret) {
  std::string text =
      fmt::format("CREATE {}{}TABLE {}{}", table.or_replace ? "OR REPLACE " : "",
                  table.temporary ? "TEMPORARY " : "", table.if_not_exists ? "IF NOT EXISTS " : "",
                  DottedName(table.name.parts));
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
  if (table.connection) text += "\nUSING CONNECTION " + DottedName(table.connection->parts);
  if (table.has_options || !table.options.empty()) text += WithText(table.options, is_secret);
  if (table.like) text += LikeText(*table.like);
  if (table.query != nullptr) text += "\nAS " + Unparse(*table.query, is_secret);
  return text;
}

std::string AlterText(const Alter& alter, const SecretPredicate& is_secret) {
  return fmt::format("ALTER {} {}{} {}", ObjectText(alter.object),
                     alter.if_exists ? "IF EXISTS " : "", DottedName(alter.name.parts),
                     ActionText(alter, is_secret));
}

}  // namespace millrace::sql
