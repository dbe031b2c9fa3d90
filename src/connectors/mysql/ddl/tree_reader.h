// ANTLR's tree of a statement -> Statement. One reader for one statement.
#pragma once

#include <MySqlDdl.h>
#include <antlr4-runtime.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/mysql/ddl/parser.h"
#include "connectors/mysql/ddl/scanner.h"
#include "connectors/mysql/ddl/statement.h"

namespace millrace::mysql::ddl {

// The period of a system-versioned table; others are of the application.
inline constexpr std::string_view kSystemTime = "SYSTEM_TIME";

class TreeReader final {
 public:
  using Tree = grammar::MySqlDdl;

  TreeReader(std::string_view text, antlr4::TokenStream* tokens, const Dialect& dialect)
      : text_(text), tokens_(tokens), dialect_(dialect) {}

  // Of `rows` without what it calls. Not to be used if there is a mistake afterwards.
  Statement ToStatement(Tree::SingleStatementContext* tree);
  const std::optional<Mistake>& mistake() const { return mistake_; }

 private:
  // Parts.
  std::string_view Text(const antlr4::Token* token) const;
  std::string Name(antlr4::ParserRuleContext* identifier_or_word) const;
  std::string LastName(Tree::FieldNameContext* tree) const;
  TableName Table(Tree::TableNameContext* tree) const;
  std::vector<TableName> Tables(Tree::TableNamesContext* tree) const;
  std::vector<std::string> Names(Tree::IdentifiersContext* tree) const;
  std::vector<std::string> Partitions(Tree::PartitionListContext* tree) const;
  // Bytes with an introducer that is not of UTF-8 are a mistake.
  std::string String(Tree::TextContext* tree);
  uint32_t Number(antlr4::tree::TerminalNode* number) const;
  std::string CharsetName(Tree::CharsetNameContext* tree);
  void Fail(const antlr4::Token* at, std::string what);

  // Columns and indexes.
  DataType Type(Tree::DataTypeContext* tree);
  DataType NamedType(Tree::DataTypeContext* tree);
  std::string Label(Tree::LabelContext* tree);
  void FinishLabels(Tree::DataTypeContext* tree, DataType* type);
  Column ToColumn(Tree::ColumnContext* tree);
  void Add(Tree::ColumnAttributeContext* attribute, Column* column);
  bool AddTypeAttribute(Tree::ColumnAttributeContext* attribute, DataType* type);
  Index ToIndex(Tree::IndexContext* tree);
  bool UsesHash(Tree::IndexTypeContext* tree) const;  // null: false
  std::vector<IndexPart> Parts(Tree::IndexPartsContext* tree);

  // Definitions.
  Statement ToCreateTable(Tree::CreateTableContext* tree);
  void Add(Tree::TableElementContext* element, CreateTable* table);
  bool Add(Tree::TableOptionContext* option, CreateTable* table);  // whether it is a sequence
  Statement ToDefinition(Tree::DefinitionContext* tree);
  Statement ToSequence(Tree::DefinitionContext* tree);
  Statement ToDatabase(Tree::DefinitionContext* tree);
  CreateIndex ToCreateIndex(Tree::CreateIndexContext* tree);
  AlterTable ToAlterTable(Tree::AlterTableContext* tree);
  struct Charsets {
    SetCharset of_all;  // CONVERT TO
    SetCharset of_new;
  };
  void Add(Tree::AlterationContext* tree, Charsets* charsets, std::vector<Alteration>* to);
  bool AddOfColumn(Tree::AlterationContext* tree, std::vector<Alteration>* to);
  bool AddOfIndex(Tree::AlterationContext* tree, std::vector<Alteration>* to);
  bool AddOfPartition(Tree::AlterationContext* tree, std::vector<Alteration>* to);
  void AddElement(Tree::IndexContext* index, Tree::PeriodContext* period,
                  std::vector<Alteration>* to);
  struct Period {
    std::string name;
    AddPeriod columns;
  };
  Period ToPeriod(Tree::PeriodContext* tree) const;
  static void AddPeriodTo(const Period& period, CreateTable* table);
  // Of a period WITHOUT OVERLAPS.
  void AddPeriodParts(const std::string& name, std::vector<IndexPart>* parts) const;
  std::optional<Place> ToPlace(Tree::PlaceContext* tree) const;

  // Statements that write rows.
  struct Source {
    TableName table;
    std::string alias;  // empty: none
  };
  WriteRows ToWriteRows(Tree::RowsContext* tree) const;
  std::vector<TableName> Written(Tree::UpdateContext* tree) const;
  std::vector<TableName> Written(Tree::DeleteRowsContext* tree) const;
  void AddSources(Tree::TableReferencesContext* tree, std::vector<Source>* sources) const;
  void AddSources(Tree::TableReferenceContext* tree, std::vector<Source>* sources) const;
  void AddSources(Tree::TableFactorContext* tree, std::vector<Source>* sources) const;
  // `name` is as the statement calls one of its tables.
  static void AddWritten(const TableName& name, const std::vector<Source>& sources,
                         std::vector<TableName>* tables);

  std::string_view text_;
  antlr4::TokenStream* tokens_;
  const Dialect& dialect_;
  std::optional<Mistake> mistake_;
  std::vector<Period> periods_;  // that the statement defines
  bool is_versioned_ = false;    // a column is WITH SYSTEM VERSIONING
};

}  // namespace millrace::mysql::ddl
