#include "base/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/units.h"
#include "base/zone_rule.h"

namespace millrace {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kMinuteUs = 60 * kSecondUs;
constexpr int64_t kHourUs = 60 * kMinuteUs;
constexpr int64_t kHoursMax = 18;  // as java.time
// Instants beyond are shown with the offset at these limits, far outside the years of SQL.
constexpr int64_t kSecondsMax = int64_t{30'000} * 365 * 86'400;

// A zone of the database: its known transitions, and the rule for all later ones.
struct ZoneRules {
  const date::time_zone* zone = nullptr;
  std::optional<ZoneRule> later;  // none: the last offset stays
};

const ZoneRules& Rules(const void* zone) { return *static_cast<const ZoneRules*>(zone); }

int64_t FloorSeconds(int64_t us) { return us / kSecondUs - (us % kSecondUs < 0 ? 1 : 0); }

int64_t ToMicroseconds(date::sys_seconds time) {
  const int64_t count = time.time_since_epoch().count();
  if (count >= kSecondsMax) return INT64_MAX;
  if (count <= -kSecondsMax) return INT64_MIN;
  return count * kSecondUs;
}

// "+08:00", "+8", "-03:30".
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int64_t sign = text[0] == '-' ? -1 : 1;
  const std::vector<std::string> parts = Split(text.substr(1), ':');
  if (parts.size() > 3) return std::nullopt;
  int64_t offset = 0;
  int64_t unit = kHourUs;
  for (const std::string& part : parts) {
    const bool digits =
        !part.empty() && part.size() <= 2 && part.find_first_not_of("0123456789") == part.npos;
    if (!digits) return std::nullopt;
    const int64_t value = *ParseInteger(part);
    if (value > (unit == kHourUs ? kHoursMax : 59)) return std::nullopt;
    offset += value * unit;
    unit /= 60;
  }
  if (offset > kHoursMax * kHourUs) return std::nullopt;
  return sign * offset;
}

// The library reads its files at the first call, in whichever thread.
std::mutex& LibraryMutex() {
  static std::mutex mutex;
  return mutex;
}

const date::time_zone* Locate(const std::string& name) {
  const std::lock_guard lock(LibraryMutex());
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

const date::time_zone* SystemZone() {
  if (const char* variable = std::getenv("TZ"); variable != nullptr && *variable != '\0') {
    if (const date::time_zone* zone = Locate(variable + (*variable == ':' ? 1 : 0))) return zone;
  }
  const std::lock_guard lock(LibraryMutex());
  try {
    return date::current_zone();
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool IsLast(const date::sys_info& info) { return ToMicroseconds(info.end) == INT64_MAX; }

// The library reads transitions up to 2037; the last line of the file has the rule for the years
// after.
std::optional<ZoneRule> LaterRule(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::string line;
  std::string last;
  while (std::getline(file, line)) last = line;
  return ZoneRule::Parse(last);
}

// The rules of a zone, made once and kept until the process ends.
const ZoneRules* RulesOf(const date::time_zone* zone) {
  static auto* const kept = new std::map<const date::time_zone*, ZoneRules>;
  const std::lock_guard lock(LibraryMutex());
  const auto [entry, added] = kept->try_emplace(zone);
  if (added) entry->second = {zone, LaterRule(zone->name())};
  return &entry->second;
}

bool NeverChanges(const ZoneRules& rules) {
  const date::sys_info info = rules.zone->get_info(date::sys_seconds(seconds(0)));
  return ToMicroseconds(info.begin) == INT64_MIN && IsLast(info) && !rules.later;
}

}  // namespace

std::optional<TimeZone> TimeZone::Parse(std::string_view name) {
  name = Trim(name);
  if (EqualsIgnoreCase(name, "UTC") || EqualsIgnoreCase(name, "Z") ||
      EqualsIgnoreCase(name, "GMT")) {
    return TimeZone();
  }
  std::string_view offset_text = name;
  for (const std::string_view prefix : {"UTC", "GMT"}) {
    if (EqualsIgnoreCase(name.substr(0, prefix.size()), prefix)) {
      offset_text.remove_prefix(prefix.size());
      break;
    }
  }
  if (const std::optional<int64_t> offset = ParseOffset(offset_text)) return Fixed(*offset);
  const bool of_machine = name.empty() || EqualsIgnoreCase(name, "default");
  const date::time_zone* zone = of_machine ? SystemZone() : Locate(std::string(name));
  if (zone == nullptr) {
    // A machine that does not say where it is keeps UTC.
    return of_machine ? std::optional(TimeZone()) : std::nullopt;
  }
  TimeZone result;
  const ZoneRules* rules = RulesOf(zone);
  result.zone_ = rules;
  result.Find(0);
  if (NeverChanges(*rules)) return Fixed(result.offset_us_);
  return result;
}

void TimeZone::Find(int64_t instant_us) const {
  if (zone_ == nullptr) return;  // INT64_MAX itself
  const int64_t second = std::clamp(FloorSeconds(instant_us), -kSecondsMax, kSecondsMax);
  const ZoneRules& rules = Rules(zone_);
  const date::sys_info info = rules.zone->get_info(date::sys_seconds(seconds(second)));
  begin_us_ = ToMicroseconds(info.begin);
  end_us_ = ToMicroseconds(info.end);
  offset_us_ = microseconds(info.offset).count();
  if (!rules.later || !IsLast(info)) return;
  const ZoneRule::Stretch stretch = rules.later->At(second);
  begin_us_ = std::max(begin_us_, stretch.begin * kSecondUs);
  end_us_ = second == kSecondsMax ? INT64_MAX : stretch.end * kSecondUs;
  offset_us_ = stretch.offset * kSecondUs;
}

int64_t TimeZone::FindInstant(int64_t local_us, Repeated repeated) const {
  // Far enough from both ends of the known stretch no other offset can be meant.
  constexpr int64_t kDayUs = 24 * kHourUs;
  const int64_t guess = local_us - offset_us_;
  const bool inside = (begin_us_ == INT64_MIN || guess - kDayUs >= begin_us_) &&
                      (end_us_ == INT64_MAX || guess + kDayUs < end_us_);
  if (inside) return guess;
  const int64_t second = std::clamp(FloorSeconds(local_us), -kSecondsMax, kSecondsMax);
  const ZoneRules& rules = Rules(zone_);
  const date::local_info info = rules.zone->get_info(date::local_seconds(seconds(second)));
  if (rules.later && info.result == date::local_info::unique && IsLast(info.first)) {
    const int64_t instant = rules.later->ToInstant(second, repeated == Repeated::kSecond);
    Find(instant * kSecondUs);
    return local_us - (second - instant) * kSecondUs;
  }
  const bool second_of_two =
      info.result == date::local_info::ambiguous && repeated == Repeated::kSecond;
  const date::sys_info& meant = second_of_two ? info.second : info.first;
  const int64_t instant = local_us - microseconds(meant.offset).count();
  Find(instant);
  return instant;
}

}  // namespace millrace
