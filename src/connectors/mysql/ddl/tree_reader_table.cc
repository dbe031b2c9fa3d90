// CREATE TABLE, and the definitions of one line.
#include <utility>

#include "base/ascii.h"
#include "connectors/mysql/ddl/literal.h"
#include "connectors/mysql/ddl/tree_reader.h"

namespace millrace::mysql::ddl {

TreeReader::Period TreeReader::ToPeriod(Tree::PeriodContext* tree) const {
  const auto names = tree->identifier();
  return {Name(names[0]), {Name(names[1]), Name(names[2])}};
}

void TreeReader::Add(Tree::TableElementContext* element, CreateTable* table) {
  if (element->column() != nullptr) {
    table->columns.push_back(ToColumn(element->column()));
  } else if (element->index() != nullptr) {
    table->indexes.push_back(ToIndex(element->index()));
  }
}

bool TreeReader::Add(Tree::TableOptionContext* option, CreateTable* table) {
  if (option->charset() != nullptr) {
    table->charset = CharsetName(option->charset()->charsetName());
  } else if (option->collation() != nullptr) {
    table->collation = CharsetName(option->collation()->charsetName());
  } else if (option->VERSIONING() != nullptr) {
    table->is_versioned = true;
  } else if (option->ENGINE() != nullptr) {
    table->engine = ToLower(NameOf(Text(option->optionValue()->getStart())));
  }
  return option->sequence != nullptr && Number(option->NUMBER()) != 0;
}

void TreeReader::AddPeriodTo(const Period& period, CreateTable* table) {
  if (EqualsIgnoreCase(period.name, kSystemTime)) {
    table->period = period.columns;
    return;
  }
  for (Column& column : table->columns) {
    const bool is_of_it = EqualsIgnoreCase(column.name, period.columns.start) ||
                          EqualsIgnoreCase(column.name, period.columns.end);
    if (is_of_it) column.is_nullable = false;
  }
}

Statement TreeReader::ToCreateTable(Tree::CreateTableContext* tree) {
  CreateTable table;
  const auto names = tree->tableName();
  table.table = Table(names[0]);
  table.or_replace = tree->REPLACE() != nullptr;
  table.is_temporary = tree->TEMPORARY() != nullptr;
  table.if_not_exists = tree->ifNotExists() != nullptr;
  table.has_select = tree->query() != nullptr;
  if (names.size() > 1) table.like = Table(names[1]);
  if (tree->tableElements() != nullptr) {
    const auto elements = tree->tableElements()->tableElement();
    for (auto* element : elements) {
      if (element->period() != nullptr) periods_.push_back(ToPeriod(element->period()));
    }
    for (auto* element : elements) Add(element, &table);
  }
  for (const Period& period : periods_) AddPeriodTo(period, &table);
  bool is_sequence = false;
  for (auto* option : tree->tableOption()) is_sequence |= Add(option, &table);
  table.is_versioned |= is_versioned_;
  if (is_sequence) {
    return CreateSequence{table.table, table.is_temporary, table.or_replace, table.if_not_exists};
  }
  // Without any column: the engine finds them, as MariaDB's CONNECT does.
  table.has_select |= table.columns.empty() && !table.like;
  return table;
}

Statement TreeReader::ToSequence(Tree::DefinitionContext* tree) {
  const bool is_temporary = tree->TEMPORARY() != nullptr;
  if (tree->DROP() != nullptr) return DropSequence{Tables(tree->tableNames()), is_temporary};
  return CreateSequence{Table(tree->tableName()), is_temporary, tree->REPLACE() != nullptr,
                        tree->ifNotExists() != nullptr};
}

Statement TreeReader::ToDatabase(Tree::DefinitionContext* tree) {
  std::string name;
  if (tree->identifier() != nullptr) name = Name(tree->identifier());
  if (tree->DROP() != nullptr) return DropDatabase{std::move(name)};
  if (tree->UPGRADE() != nullptr) return Nothing();
  SetDatabaseCharset database;
  database.database = std::move(name);
  database.creates = tree->CREATE() != nullptr;
  database.or_replace = tree->REPLACE() != nullptr;
  database.if_not_exists = tree->ifNotExists() != nullptr;
  for (auto* option : tree->databaseOption()) {
    if (option->charset() != nullptr) {
      database.charset = CharsetName(option->charset()->charsetName());
    } else if (option->collation() != nullptr) {
      database.collation = CharsetName(option->collation()->charsetName());
    }
  }
  return database;
}

CreateIndex TreeReader::ToCreateIndex(Tree::CreateIndexContext* tree) {
  CreateIndex create;
  create.table = Table(tree->tableName());
  create.or_replace = tree->REPLACE() != nullptr;
  create.if_not_exists = tree->ifNotExists() != nullptr;
  create.index.name = Name(tree->identifier());
  if (tree->UNIQUE() != nullptr) create.index.kind = Index::Kind::kUnique;
  create.index.parts = Parts(tree->indexParts());
  create.index.uses_hash = UsesHash(tree->indexType());
  for (Tree::IndexOptionContext* option : tree->indexOption()) {
    create.index.uses_hash |= UsesHash(option->indexType());
  }
  return create;
}

Statement TreeReader::ToDefinition(Tree::DefinitionContext* tree) {
  if (tree->alterTable() != nullptr) return ToAlterTable(tree->alterTable());
  if (tree->createIndex() != nullptr) return ToCreateIndex(tree->createIndex());
  if (tree->SEQUENCE() != nullptr) return ToSequence(tree);
  if (tree->DATABASE() != nullptr || tree->SCHEMA() != nullptr) return ToDatabase(tree);
  if (tree->TRUNCATE() != nullptr) return TruncateTable{Table(tree->tableName())};
  if (tree->INDEX() != nullptr)
    return DropIndexOn{Table(tree->tableName()), Name(tree->identifier())};
  if (tree->DROP() != nullptr)
    return DropTable{Tables(tree->tableNames()), tree->TEMPORARY() != nullptr};
  RenameTable rename;
  for (auto* pair : tree->renaming()) {
    rename.pairs.push_back({Table(pair->tableName(0)), Table(pair->tableName(1))});
  }
  return rename;
}

}  // namespace millrace::mysql::ddl
