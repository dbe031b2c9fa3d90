// The exit statuses of the program.
#pragma once

namespace millrace {

inline constexpr int kExitOk = 0;
inline constexpr int kExitSql = 1;     // the SQL was not accepted, nothing was done
inline constexpr int kExitUsage = 2;   // wrong usage
inline constexpr int kExitFailed = 3;  // a job failed while running

}  // namespace millrace
