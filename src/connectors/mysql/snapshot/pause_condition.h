// 'scan.snapshot.pause-when': "threads_running>50, replica_lag>10s". While one of the conditions
// holds a snapshot begins no chunk. Pure.
//
//   conditions ::= condition ("," condition)*
//   condition  ::= name (">" | ">=" | "<" | "<=") value
//   name       ::= "replica_lag" | a status variable of the server
//   value      ::= a whole number; of replica_lag a duration, "10" are seconds
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace millrace::mysql {

struct PauseCondition {
  enum class Comparison : uint8_t { kGreater, kGreaterOrEqual, kLess, kLessOrEqual };

  // How late a replica applies the changes of its source, in seconds. Of a server that is none, or
  // whose replication was stopped, it is not known, and no condition about it holds.
  static constexpr std::string_view kReplicaLag = "replica_lag";

  std::string variable;  // in small letters
  Comparison comparison = Comparison::kGreater;
  int64_t value = 0;

  bool HoldsFor(int64_t seen) const;
  std::string ToString() const;  // "threads_running > 50"

  bool operator==(const PauseCondition&) const = default;
};

// What is wrong, and where in the text.
struct PauseSyntaxError {
  size_t offset = 0;
  std::string message;
  bool operator==(const PauseSyntaxError&) const = default;
};

std::variant<std::vector<PauseCondition>, PauseSyntaxError> ParsePauseConditions(
    std::string_view text);

}  // namespace millrace::mysql
