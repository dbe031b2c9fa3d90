// The statements of the query port. One engine per connection, used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "minidoris/frontend/mysql_wire.h"
#include "minidoris/query/sql_rewrite.h"
#include "minidoris/query/sql_text.h"
#include "minidoris/service.h"

namespace millrace::minidoris {

class QueryEngine final {
 public:
  QueryEngine(Service* service, uint32_t connection, std::string user);

  // Answers one statement, exactly once.
  void Run(std::string_view sql, ResultWriter* out);
  // False if there is no such database; the current one stays.
  bool UseDatabase(const std::string& database);

 private:
  using Rows = std::vector<std::vector<std::optional<std::string>>>;
  using Values = std::vector<std::optional<std::string>>;

  bool Definition(std::string_view sql, TokenCursor* cursor);  // CREATE, DROP, TRUNCATE, USE
  void CreateDatabase(TokenCursor* cursor);
  void CreateTable(std::string_view sql);
  void Drop(TokenCursor* cursor);
  void Truncate(TokenCursor* cursor);

  void Select(const std::vector<Token>& tokens);
  void Insert(TokenCursor* cursor, const std::vector<Token>& tokens);
  bool InsertTarget(TokenCursor* cursor, std::shared_ptr<const Table>* table,
                    std::vector<std::string>* names);
  bool ReadValues(TokenCursor* cursor, size_t count, Rows* rows);
  bool SelectValues(const std::vector<Token>& tokens, size_t from, size_t count, Rows* rows);
  void Load(std::shared_ptr<const Table> table, std::vector<std::string> names, const Rows& rows);
  void Delete(const std::vector<Token>& tokens);

  bool Show(TokenCursor* cursor);
  void Describe(TokenCursor* cursor);
  void ShowColumns(TokenCursor* cursor, bool full);
  void ShowCreateTable(TokenCursor* cursor);
  void ShowTables(TokenCursor* cursor, bool full);
  void ShowTransactions(TokenCursor* cursor);
  void ShowStreamLoads(TokenCursor* cursor);
  void ShowNodes(bool frontends);
  void ShowVariables(TokenCursor* cursor);
  void ShowConfig(TokenCursor* cursor);

  // The table of `[database.]table`, or null after an error was answered.
  std::shared_ptr<const Table> TableOf(TokenCursor* cursor);
  std::string DatabaseOf(TokenCursor* cursor);  // after FROM or IN, else the current one
  void SendTable(const std::vector<std::string>& names, const Rows& rows);
  void Fail(const SqlError& error);
  void Fail(uint16_t code, std::string_view state, std::string_view message);
  void SyntaxError(const Token& near);
  Sqlite* Reader();  // null after an error was answered

  Service& service_;
  QueryContext context_;
  std::optional<Sqlite> reader_;
  int64_t inserts_ = 0;          // so far, for their labels
  ResultWriter* out_ = nullptr;  // of the statement that runs
};

// `LIKE 'pattern'` of SHOW: % and _.
bool MatchesPattern(std::string_view text, std::string_view pattern);

}  // namespace millrace::minidoris
