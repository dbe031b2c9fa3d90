#include "sql/unparse.h"

#include <fmt/core.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/unparse_parts.h"

namespace millrace::sql {
namespace {

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
                     insert.overwrite ? "OVERWRITE" : "INTO", DottedName(insert.target.parts),
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
    text += " " + DottedName(show.name->parts);
  }
  if (show.like) {
    text += fmt::format("{} {} {}", show.not_like ? " NOT" : "", show.ilike ? "ILIKE" : "LIKE",
                        QuoteText(*show.like));
  }
  return text + PartitionText(show.partition);
}

std::string DescribeText(const Describe& describe) {
  const std::string extended = describe.extended ? "EXTENDED " : "";
  const std::string name = DottedName(describe.name.parts);
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

  std::string operator()(const CreateTable& create) const {
    return CreateTableText(create, is_secret);
  }
  std::string operator()(const CreateView& view) const {
    return fmt::format("CREATE {}{}VIEW {}{}{}{}\nAS {}", view.or_replace ? "OR REPLACE " : "",
                       view.temporary ? "TEMPORARY " : "",
                       view.if_not_exists ? "IF NOT EXISTS " : "", DottedName(view.name.parts),
                       view.columns.empty() ? "" : " (" + QuoteNames(view.columns) + ")",
                       CommentText(view.comment), Unparse(*view.query, is_secret));
  }
  std::string operator()(const CreateDatabase& create) const {
    return fmt::format("CREATE DATABASE {}{}{}{}", create.if_not_exists ? "IF NOT EXISTS " : "",
                       DottedName(create.name.parts), CommentText(create.comment),
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
                       DottedName(drop.name.parts), drop.cascade ? " CASCADE" : "");
  }
  std::string operator()(const Alter& alter) const { return AlterText(alter, is_secret); }
  std::string operator()(const Use& use) const {
    return (use.object == ObjectKind::kCatalog ? "USE CATALOG " : "USE ") +
           DottedName(use.name.parts);
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
        explain.plan_for ? "PLAN FOR"
        : explain.preflight
            ? "PREFLIGHT"
            : PrintList(explain.details, [](const Name& name) { return name.text; });
    if (!details.empty()) details += " ";
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

std::string DottedName(const std::vector<Name>& names) { return QuoteNames(names, "."); }

std::string OptionText(const OptionPair& option, const SecretPredicate& is_secret) {
  const bool secret = is_secret && is_secret(option.key);
  return fmt::format("{} = {}", QuoteText(option.key),
                     QuoteText(secret ? kRedacted : std::string_view(option.value)));
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

std::string ObjectText(ObjectKind kind) {
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
