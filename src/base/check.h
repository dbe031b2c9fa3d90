// Checks that stay on in a release build: promises of our own code to itself. They stand where a
// batch or a phase changes hands, never in a loop over rows. A broken one throws, and the thread
// that meets it (base/thread.h) fails one job with the message, not the process.
#pragma once

#include <stdexcept>

namespace millrace {

class CheckFailure final : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void FailCheck(const char* why, const char* file, int line);

}  // namespace millrace

// `why` says in words what must hold.
#define MR_CHECK(condition, why)                           \
  do {                                                     \
    if (!(condition)) [[unlikely]]                         \
      ::millrace::FailCheck(why, __FILE_NAME__, __LINE__); \
  } while (false)
