// Time comes in through the constructor, so that a test can be the clock.
#pragma once

#include <cstdint>

namespace millrace {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t NowMs() = 0;   // monotonic, milliseconds since an arbitrary start
  virtual int64_t WallMs() = 0;  // milliseconds since 1970-01-01 00:00:00 UTC
  virtual void SleepMs(int64_t duration_ms) = 0;  // waits; a simulated clock just moves on
};

// The machine's clock. Lives for the whole process.
Clock& SystemClock();

}  // namespace millrace
