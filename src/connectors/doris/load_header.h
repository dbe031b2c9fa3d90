// The headers of a Stream Load that a user may name under 'sink.properties.', and what becomes of
// each.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace millrace::doris {

// What becomes of a Stream Load header that the user gives.
enum class Fate : uint8_t {
  kSend,     // passed on
  kOurs,     // accepted, but the sink decides (the value the user means is what it does anyway)
  kNeutral,  // accepted where it asks for nothing, refused otherwise
  kNever,    // refused
};

struct HeaderRule {
  std::string_view name;
  Fate fate;
  std::string_view neutral = {};  // kNeutral: values that ask for nothing, "a|b"
  std::string_view reason = {};   // kNeutral, kNever
};

std::span<const HeaderRule> HeaderRules();
// By name, in any case; null if Doris knows no such header.
const HeaderRule* FindRule(std::string_view name);

}  // namespace millrace::doris
