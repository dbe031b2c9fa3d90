#include "expr/functions/java_zone.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace millrace {
namespace {

struct ShortName {
  std::string_view name;
  std::string_view zone;
};
constexpr std::array<ShortName, 28> kShortNames = {{{"ACT", "Australia/Darwin"},
                                                    {"AET", "Australia/Sydney"},
                                                    {"AGT", "America/Argentina/Buenos_Aires"},
                                                    {"ART", "Africa/Cairo"},
                                                    {"AST", "America/Anchorage"},
                                                    {"BET", "America/Sao_Paulo"},
                                                    {"BST", "Asia/Dhaka"},
                                                    {"CAT", "Africa/Harare"},
                                                    {"CNT", "America/St_Johns"},
                                                    {"CST", "America/Chicago"},
                                                    {"CTT", "Asia/Shanghai"},
                                                    {"EAT", "Africa/Addis_Ababa"},
                                                    {"ECT", "Europe/Paris"},
                                                    {"EST", "-05:00"},
                                                    {"HST", "-10:00"},
                                                    {"IET", "America/Indiana/Indianapolis"},
                                                    {"IST", "Asia/Kolkata"},
                                                    {"JST", "Asia/Tokyo"},
                                                    {"MIT", "Pacific/Apia"},
                                                    {"MST", "-07:00"},
                                                    {"NET", "Asia/Yerevan"},
                                                    {"NST", "Pacific/Auckland"},
                                                    {"PLT", "Asia/Karachi"},
                                                    {"PNT", "America/Phoenix"},
                                                    {"PRT", "America/Puerto_Rico"},
                                                    {"PST", "America/Los_Angeles"},
                                                    {"SST", "Pacific/Guadalcanal"},
                                                    {"VST", "Asia/Ho_Chi_Minh"}}};

bool IsSign(char c) { return c == '+' || c == '-'; }

// "+8", "-0530", "+08:00" with the colon that TimeZone::Parse wants.
std::string WithColon(std::string_view offset) {
  constexpr size_t kPlain = 4;  // sign and three digits
  const bool plain = offset.find(':') == offset.npos && offset.size() >= kPlain;
  if (!plain) return std::string(offset);
  return std::string(offset.substr(0, offset.size() - 2)) + ":" +
         std::string(offset.substr(offset.size() - 2));
}

}  // namespace

std::optional<TimeZone> ParseJavaZone(std::string_view name) {
  const auto* found = std::find_if(kShortNames.begin(), kShortNames.end(),
                                   [&](const ShortName& known) { return known.name == name; });
  if (found != kShortNames.end()) return TimeZone::Parse(found->zone);
  const std::string_view prefix = name.substr(0, 3);
  if (prefix == "GMT" && name.size() > prefix.size() && IsSign(name[prefix.size()])) {
    return TimeZone::Parse(WithColon(name.substr(prefix.size())));
  }
  const bool utc = EqualsIgnoreCase(prefix, "UTC") || EqualsIgnoreCase(prefix, "GMT");
  const std::string_view rest = utc ? name.substr(prefix.size()) : name;
  if (name.empty() || (!rest.empty() && IsSign(rest.front()))) return TimeZone();
  if (EqualsIgnoreCase(name, "default")) return std::nullopt;
  return TimeZone::Parse(name);
}

}  // namespace millrace
