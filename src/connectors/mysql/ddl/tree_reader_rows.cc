// Which tables a statement writes.
#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "connectors/mysql/ddl/tree_reader.h"

namespace millrace::mysql::ddl {
namespace {

using Tree = grammar::MySqlDdl;

void AddOnce(TableName table, std::vector<TableName>* tables) {
  if (std::find(tables->begin(), tables->end(), table) == tables->end()) {
    tables->push_back(std::move(table));
  }
}

}  // namespace

void TreeReader::AddSources(Tree::TableFactorContext* tree, std::vector<Source>* sources) const {
  if (auto* named = dynamic_cast<Tree::NamedTableContext*>(tree)) {
    Source source{Table(named->tableName()), ""};
    if (named->identifier() != nullptr) source.alias = Name(named->identifier());
    sources->push_back(std::move(source));
  } else if (auto* nested = dynamic_cast<Tree::NestedTablesContext*>(tree)) {
    AddSources(nested->tableReferences(), sources);
  } else if (auto* odbc = dynamic_cast<Tree::OdbcTableContext*>(tree)) {
    AddSources(odbc->tableReference(), sources);
  }
}

void TreeReader::AddSources(Tree::TableReferenceContext* tree, std::vector<Source>* sources) const {
  AddSources(tree->tableFactor(), sources);
  for (auto* joined : tree->joinedTable()) AddSources(joined->tableFactor(), sources);
}

void TreeReader::AddSources(Tree::TableReferencesContext* tree,
                            std::vector<Source>* sources) const {
  for (auto* reference : tree->tableReference()) AddSources(reference, sources);
}

void TreeReader::AddWritten(const TableName& name, const std::vector<Source>& sources,
                            std::vector<TableName>* tables) {
  bool is_found = false;
  for (const Source& source : sources) {
    const std::string& called = source.alias.empty() ? source.table.table : source.alias;
    const bool fits = name.database.empty() || name.database == source.table.database ||
                      source.table.database.empty();
    // Names of tables may be in any case on some servers: one too many does no harm.
    if (!fits || !EqualsIgnoreCase(called, name.table)) continue;
    AddOnce(source.table, tables);
    is_found = true;
  }
  if (!is_found) AddOnce(name, tables);
}

std::vector<TableName> TreeReader::Written(Tree::UpdateContext* tree) const {
  std::vector<Source> sources;
  AddSources(tree->tableReferences(), &sources);
  std::vector<TableName> tables;
  for (auto* assignment : tree->assignment()) {
    auto* const field = assignment->fieldName();
    const auto words = field->anyWord();
    if (words.empty() || field->identifier() == nullptr) {  // no table: any may have the column
      for (const Source& source : sources) AddOnce(source.table, &tables);
    } else if (words.size() == 1) {
      AddWritten({"", Name(field->identifier())}, sources, &tables);
    } else {
      AddWritten({Name(field->identifier()), Name(words[0])}, sources, &tables);
    }
  }
  return tables;
}

std::vector<TableName> TreeReader::Written(Tree::DeleteRowsContext* tree) const {
  if (auto* from = dynamic_cast<Tree::DeleteFromContext*>(tree)) return {Table(from->tableName())};
  auto& from = dynamic_cast<Tree::DeleteTargetsContext&>(*tree);
  std::vector<Source> sources;
  AddSources(from.tableReferences(), &sources);
  std::vector<TableName> tables;
  for (auto* target : from.deleteTarget()) {
    AddWritten(Table(target->tableName()), sources, &tables);
  }
  return tables;
}

WriteRows TreeReader::ToWriteRows(Tree::RowsContext* tree) const {
  WriteRows rows;
  rows.may_write_others = tree->CALL() != nullptr || tree->EXECUTE() != nullptr;
  if (tree->insert() != nullptr) rows.tables = {Table(tree->insert()->tableName())};
  if (tree->load() != nullptr) rows.tables = {Table(tree->load()->tableName())};
  if (tree->update() != nullptr) rows.tables = Written(tree->update());
  if (tree->deleteRows() != nullptr) rows.tables = Written(tree->deleteRows());
  return rows;
}

}  // namespace millrace::mysql::ddl
