// Expressions with the answers that a real Flink gave: one JSON object a line, gzipped or not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

struct Recorded {
  enum class Answer : unsigned char { kValue, kRefused, kFailed };

  std::string expression;
  std::string group;  // what it was made for
  Answer answer = Answer::kValue;
  std::optional<std::string> type;   // nothing if it was refused
  std::optional<std::string> value;  // nothing: NULL
};

millrace::Result<std::vector<Recorded>> ReadRecording(const std::string& path);
