// What TAB offers: statement words, keywords, functions, tables, columns of the tables named in the
// statement, option keys and values inside of WITH (...), setting keys after SET and RESET, ids of
// jobs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plan/compiler.h"

namespace millrace {

struct Candidate {
  std::string text;
  std::string closing;  // what is inserted after it if it is the only one: a blank, "(", "' = '"
};

struct Completion {
  size_t replaced = 0;                // bytes before the cursor that a candidate replaces
  std::vector<Candidate> candidates;  // sorted, each text once
};

// `text` is everything typed before the cursor, lines before it included.
Completion Complete(std::string_view text, const Session& session,
                    const std::vector<std::string>& job_ids);

}  // namespace millrace
