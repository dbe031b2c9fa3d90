// ALTER TABLE.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "connectors/mysql/ddl/tree_reader.h"

namespace millrace::mysql::ddl {

std::optional<Place> TreeReader::ToPlace(Tree::PlaceContext* tree) const {
  if (tree == nullptr) return std::nullopt;
  if (tree->FIRST() != nullptr) return Place();
  return Place{LastName(tree->fieldName())};
}

std::vector<std::string> TreeReader::Partitions(Tree::PartitionListContext* tree) const {
  if (tree == nullptr || tree->identifiers() == nullptr) return {};
  return Names(tree->identifiers());
}

void TreeReader::AddElement(Tree::IndexContext* index, Tree::PeriodContext* period,
                            std::vector<Alteration>* to) {
  if (index != nullptr) {
    to->push_back(AddIndex{ToIndex(index), index->ifNotExists() != nullptr});
  } else if (period != nullptr) {
    const Period& added = periods_.emplace_back(ToPeriod(period));
    if (EqualsIgnoreCase(added.name, kSystemTime)) to->push_back(added.columns);
  }
}

bool TreeReader::AddOfColumn(Tree::AlterationContext* tree, std::vector<Alteration>* to) {
  if (auto* add = dynamic_cast<Tree::AddColumnContext*>(tree)) {
    to->push_back(
        AddColumn{ToColumn(add->column()), ToPlace(add->place()), add->ifNotExists() != nullptr});
  } else if (auto* adds = dynamic_cast<Tree::AddElementsContext*>(tree)) {
    for (auto* element : adds->tableElements()->tableElement()) {
      AddElement(element->index(), element->period(), to);
      if (element->column() == nullptr) continue;
      to->push_back(AddColumn{ToColumn(element->column()), {}, adds->ifNotExists() != nullptr});
    }
  } else if (auto* change = dynamic_cast<Tree::ChangeColumnContext*>(tree)) {
    to->push_back(ChangeColumn{LastName(change->fieldName()), ToColumn(change->column()),
                               ToPlace(change->place()), change->ifExists() != nullptr});
  } else if (auto* modify = dynamic_cast<Tree::ModifyColumnContext*>(tree)) {
    to->push_back(ChangeColumn{LastName(modify->column()->fieldName()), ToColumn(modify->column()),
                               ToPlace(modify->place()), modify->ifExists() != nullptr});
  } else if (auto* drop = dynamic_cast<Tree::DropColumnContext*>(tree)) {
    to->push_back(DropColumn{LastName(drop->fieldName()), drop->ifExists() != nullptr});
  } else if (auto* rename = dynamic_cast<Tree::RenameColumnContext*>(tree)) {
    to->push_back(RenameColumn{LastName(rename->fieldName()), Name(rename->identifier()),
                               rename->ifExists() != nullptr});
  } else {
    return false;
  }
  return true;
}

bool TreeReader::AddOfIndex(Tree::AlterationContext* tree, std::vector<Alteration>* to) {
  if (auto* add = dynamic_cast<Tree::AddElementContext*>(tree)) {
    AddElement(add->index(), add->period(), to);
  } else if (dynamic_cast<Tree::DropPrimaryKeyContext*>(tree) != nullptr) {
    to->push_back(DropIndex{"PRIMARY"});
  } else if (auto* drop = dynamic_cast<Tree::DropIndexOfContext*>(tree)) {
    to->push_back(DropIndex{Name(drop->identifier())});
  } else if (auto* rename = dynamic_cast<Tree::RenameIndexContext*>(tree)) {
    to->push_back(RenameIndex{Name(rename->identifier(0)), Name(rename->identifier(1))});
  } else {
    return false;
  }
  return true;
}

bool TreeReader::AddOfPartition(Tree::AlterationContext* tree, std::vector<Alteration>* to) {
  using Kind = ChangePartition::Kind;
  if (auto* drop = dynamic_cast<Tree::DropPartitionContext*>(tree)) {
    to->push_back(ChangePartition{Kind::kDrop, Names(drop->identifiers()), {}});
  } else if (auto* truncate = dynamic_cast<Tree::TruncatePartitionContext*>(tree)) {
    to->push_back(ChangePartition{Kind::kTruncate, Partitions(truncate->partitionList()), {}});
  } else if (auto* exchange = dynamic_cast<Tree::ExchangePartitionContext*>(tree)) {
    to->push_back(ChangePartition{
        Kind::kExchange, {Name(exchange->identifier())}, Table(exchange->tableName())});
  } else if (auto* out = dynamic_cast<Tree::ConvertOutContext*>(tree)) {
    to->push_back(
        ChangePartition{Kind::kConvertOut, {Name(out->identifier())}, Table(out->tableName())});
  } else if (auto* in = dynamic_cast<Tree::ConvertInContext*>(tree)) {
    to->push_back(
        ChangePartition{Kind::kConvertIn, {Name(in->identifier())}, Table(in->tableName())});
  } else if (auto* move = dynamic_cast<Tree::MoveTablespaceContext*>(tree)) {
    const bool discards = move->DISCARD() != nullptr;
    to->push_back(ChangePartition{discards ? Kind::kDiscardTablespace : Kind::kImportTablespace,
                                  Partitions(move->partitionList()),
                                  {}});
  } else {
    return false;
  }
  return true;
}

void TreeReader::Add(Tree::AlterationContext* tree, Charsets* charsets,
                     std::vector<Alteration>* to) {
  if (AddOfColumn(tree, to) || AddOfIndex(tree, to) || AddOfPartition(tree, to)) return;
  if (auto* rename = dynamic_cast<Tree::RenameToContext*>(tree)) {
    to->push_back(RenameTo{Table(rename->tableName())});
  } else if (auto* versioning = dynamic_cast<Tree::SetVersioningContext*>(tree)) {
    to->push_back(SetVersioning{versioning->ADD() != nullptr});
  } else if (auto* convert = dynamic_cast<Tree::ConvertToContext*>(tree)) {
    charsets->of_all.convert = true;
    charsets->of_all.charset = CharsetName(convert->charset()->charsetName());
    if (convert->collation() != nullptr) {
      charsets->of_all.collation = CharsetName(convert->collation()->charsetName());
    }
  } else if (auto* options = dynamic_cast<Tree::SetOptionsContext*>(tree)) {
    for (auto* option : options->tableOption()) {
      if (option->charset() != nullptr) {
        charsets->of_new.charset = CharsetName(option->charset()->charsetName());
      } else if (option->collation() != nullptr) {
        charsets->of_new.collation = CharsetName(option->collation()->charsetName());
      }
    }
  }
}

AlterTable TreeReader::ToAlterTable(Tree::AlterTableContext* tree) {
  AlterTable alter;
  alter.table = Table(tree->tableName());
  alter.if_exists = tree->ifExists() != nullptr;
  Charsets charsets;
  std::vector<Alteration> others;
  for (auto* alteration : tree->alteration()) Add(alteration, &charsets, &others);
  for (const SetCharset& charset : {charsets.of_all, charsets.of_new}) {
    if (charset != SetCharset()) alter.alterations.emplace_back(charset);
  }
  std::move(others.begin(), others.end(), std::back_inserter(alter.alterations));
  return alter;
}

}  // namespace millrace::mysql::ddl
