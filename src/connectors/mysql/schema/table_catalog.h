// The layouts of tables at one position of the binlog, kept true by the statements that follow
// there. Every table of the captured databases that is known is in it, whether captured or not,
// since a statement may rename or copy one to a captured name. No network.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/status.h"
#include "connectors/mysql/ddl/statement.h"
#include "connectors/mysql/schema/table_key.h"
#include "connectors/mysql/schema/table_layout.h"

namespace millrace::mysql {

// Where a statement was executed.
struct StatementContext {
  std::string database;  // the default one; may be empty
  // Of the session's collation_server: for a new database that names none.
  std::string server_charset;
  // Of collation_database: for a table of a database that is not known.
  std::string database_charset;
  // Its tables have hidden columns for long unique keys, and MySQL's a first column that stays the
  // first.
  bool is_mariadb = false;
  // explicit_defaults_for_timestamp: a TIMESTAMP may be NULL unless it says otherwise.
  bool timestamps_may_be_null = true;
};

// What a statement did to one table. Nothing is said of sequences, temporary tables and statements
// that leave a layout as it was.
struct TableChange {
  enum class Kind : uint8_t {
    kCreated,         // its layout is known now
    kCreatedUnknown,  // LIKE a table that is not known, SELECT: Find gives nothing
    kAltered,         // columns or key; Find gives the new layout
    kDropped,
    kRenamed,  // `from` -> `table`; if `from` was not known the layout is not either
    kTruncated,
    kPartitionsGone,  // DROP, TRUNCATE, EXCHANGE PARTITION, a file: rows went, or others came
  };
  Kind kind = Kind::kAltered;
  ddl::TableName table;  // with its database
  ddl::TableName from;   // kRenamed; kCreated, kCreatedUnknown with LIKE or out of a partition

  bool operator==(const TableChange&) const = default;
};

class TableCatalog final {
 public:
  using Layout = std::shared_ptr<const TableLayout>;

  // lower_case_table_names of the server is not 0: names of tables and databases are in small
  // letters.
  explicit TableCatalog(bool names_in_small_letters = false);

  void PutDatabase(const std::string& database, const std::string& charset);
  void ForgetDatabase(const std::string& database);  // and its tables
  // Empty if it is not known.
  std::string CharsetOf(const std::string& database) const;
  // Tables with equal layouts share one.
  void Put(const ddl::TableName& table, TableLayout layout);
  void Forget(const ddl::TableName& table);
  // Null if the table is not known.
  Layout Find(const ddl::TableName& table) const;
  // All, in the order of their names.
  const std::map<TableKey, Layout>& tables() const { return tables_; }

  // Changes what the statement changes; what it did in its order. A table it needs that is not
  // known, and is not said to be new, stays unknown: kAltered without a layout. Permanent error
  // naming the table if the statement does not fit the layout that is known (a column to be dropped
  // is not there); then nothing is changed.
  Result<std::vector<TableChange>> Apply(const ddl::Statement& statement,
                                         const StatementContext& context);

  // As this server writes the names of tables and databases.
  std::string Spelled(const std::string& name) const;

  // {"databases": {name: charset}, "database_runs": {run: charset}, "layouts": [layout...],
  //  "tables": {database: {table: index of layout}},
  //  "runs": [{"database": name or "databases": run, "table": name or "tables": run,
  //            "layout": index}...],
  //  "names_in_small_letters": true or left out}
  // A run (name_run.h) stands for many names; where there is none, its member is left out.
  Json ToJson() const;
  static Result<TableCatalog> FromJson(const Json& json);

 private:
  Status ReadRuns(const Json& json, const std::vector<Layout>& layouts);

  bool names_in_small_letters_;
  std::map<std::string, std::string> databases_;  // their character sets
  std::map<TableKey, Layout> tables_;
  LayoutPool layouts_;
};

}  // namespace millrace::mysql
