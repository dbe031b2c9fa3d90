// The headers of a Stream Load: those a user may name under 'sink.properties.', what becomes of
// each, and all that a load is sent with.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::doris {

// What becomes of a Stream Load header that the user names.
enum class Fate : uint8_t {
  kSend,     // passed on
  kOurs,     // accepted, but the sink decides (the value the user means is what it does anyway)
  kNeutral,  // accepted if the value changes nothing, refused otherwise
  kNever,    // refused
};

struct HeaderRule {
  std::string_view name;
  Fate fate;
  std::string_view neutral = {};  // kNeutral: values that change nothing, "a|b"
  std::string_view reason = {};   // of a refusal, kNeutral and kNever
};

std::span<const HeaderRule> HeaderRules();
// By name, in any case; null if Doris knows no such header.
const HeaderRule* FindRule(std::string_view name);

// "Name: value" of every load: `body` (those of the body's format), what exactly-once needs, and
// the `user`'s own, which may replace our defaults of strict mode and timeout. A load may last for
// several checkpoint intervals.
std::vector<std::string> LoadHeaders(std::vector<std::string> body,
                                     const std::map<std::string, std::string>& user,
                                     int64_t checkpoint_interval_ms);

}  // namespace millrace::doris
