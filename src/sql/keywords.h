// Words of the language, read from the grammar: no list of them is written anywhere else.
#pragma once

#include <string_view>

namespace millrace::sql {

// True if `word`, in upper case, can be called without backticks: word(...).
bool IsCallable(std::string_view word);

// True if `word`, in upper case, is reserved and begins a value of more words: CASE, INTERVAL.
bool BeginsValue(std::string_view word);

}  // namespace millrace::sql
