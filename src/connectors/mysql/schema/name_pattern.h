// Names of databases and tables as 'database-name' and 'table-name' describe them.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "connectors/mysql/schema/table_key.h"

namespace millrace::mysql {

// A filter of names: a list of regular expressions separated by commas (outside of brackets and
// braces; \, is a comma), any of which may match the whole name, without regard to case.
class NamePattern final {
 public:
  explicit NamePattern(std::string_view text);
  bool Matches(const std::string& name) const;
  const std::string& text() const { return text_; }  // as the user wrote it

  static std::vector<std::string> SplitAlternatives(std::string_view text);

 private:
  std::string text_;
  // A Regex keeps the state of its latest match: one thread at a time.
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  mutable std::vector<Regex> alternatives_;
};

// The tables that a capture wants.
struct TablePatterns {
  TablePatterns(std::string_view databases_text, std::string_view tables_text)
      : databases(databases_text), tables(tables_text) {}
  bool Matches(const TableKey& table) const {
    return databases.Matches(table.first) && tables.Matches(table.second);
  }

  NamePattern databases;
  NamePattern tables;
};

inline bool AllMatch(const std::vector<TablePatterns>& patterns, const TableKey& table) {
  return std::all_of(patterns.begin(), patterns.end(),
                     [&](const TablePatterns& one) { return one.Matches(table); });
}

}  // namespace millrace::mysql
