// What an error number of MySQL or MariaDB means for a job.
#pragma once

#include <string_view>

namespace millrace::mysql {

// Whether the same statement may succeed later: the server is starting, stopping, full, overloaded
// or gone, its disk or its memory is, or a table was replaced after the read view was opened.
bool IsTransient(unsigned code);

// What to do about it, to be put after the server's own words; empty if they say enough.
std::string_view HintFor(unsigned code);

}  // namespace millrace::mysql
