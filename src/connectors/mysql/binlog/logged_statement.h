// The words of a statement in the binlog, for what needs no parser: which statement it is, and
// which names may be in one that is not understood (ddl/parser.h understands the others).
#pragma once

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

}  // namespace millrace::mysql
