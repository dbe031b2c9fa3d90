// What a user may do, from the lines of SHOW GRANTS: those of MySQL and MariaDB, with the roles
// that are active, which both servers list as if they were the user's own.
//
//   line   ::= GRANT privilege [(columns)] {, ...} ON [TABLE] object TO ...
//            | REVOKE privilege {, ...} ON object FROM ...      MySQL's partial revokes
//            | GRANT role {, ...} TO ...
//   object ::= *.* | database.* | database.table
//
// Only a yes can be relied on: the names of databases are patterns, and a server may know more ways
// to a right than these lines say: after a no the server itself is asked.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/mysql/schema/table_key.h"

namespace millrace::mysql {

class Grants final {
 public:
  static Grants Parse(const std::vector<std::string>& lines);

  // On everything; `privilege` in capital letters, such as "REPLICATION SLAVE".
  bool OnAll(std::string_view privilege) const;
  // On a whole table: by a grant on it, on its database or on everything.
  bool OnTable(std::string_view privilege, const TableKey& table) const;
  // Whether information_schema shows all columns of a table: with any right on the whole of it that
  // could be given on single columns.
  bool ShowAllColumns(const TableKey& table) const;

 private:
  struct Grant {
    std::set<std::string> privileges;  // on the whole object
    std::string database;              // a pattern; empty: *.*
    std::string table;                 // empty: database.*
    bool is_revoked = false;
    bool Covers(const TableKey& key) const;
    bool Has(std::string_view privilege) const;
  };
  static bool ParseLine(std::string_view line, Grant* grant);

  std::vector<Grant> grants_;                 // on databases and on everything
  std::multimap<TableKey, Grant> of_tables_;  // there may be one for each of thousands
};

// Whether a name matches the pattern of a grant on a database: _ is any character, % any text, and
// a backslash takes the meaning from both.
bool MatchesGrantPattern(std::string_view pattern, std::string_view name);

}  // namespace millrace::mysql
