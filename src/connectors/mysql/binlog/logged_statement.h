// What the text of a statement in the binlog says about rows. Rows are logged as rows, but a
// session that writes with another binlog_format leaves only its statements, and that must be
// noticed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::mysql {

// The words of a statement without comments, numbers and strings: names without their quotes, and
// every other sign as it is. What stands in double quotes may be a name (ANSI_QUOTES) and counts as
// one.
std::vector<std::string> WordsOf(std::string_view statement);

// The first word, in capital letters.
std::string FirstWordOf(std::string_view statement);

// Whether it wrote rows that do not follow as rows: INSERT, UPDATE, ..., SELECT f(),
// CREATE TABLE ... SELECT.
bool WritesRows(std::string_view statement);

// Whether it names a table, with its database, for which `wanted` is true.
bool NamesTable(
    std::string_view statement,
    const std::function<bool(const std::string& database, const std::string& table)>& wanted);

}  // namespace millrace::mysql
