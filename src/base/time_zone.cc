#include "base/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/units.h"

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

const date::time_zone* Zone(const void* zone) { return static_cast<const date::time_zone*>(zone); }

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

const date::time_zone* Locate(const std::string& name) {
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
  try {
    return date::current_zone();
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool NeverChanges(const date::time_zone& zone) {
  const date::sys_info info = zone.get_info(date::sys_seconds(seconds(0)));
  return ToMicroseconds(info.begin) == INT64_MIN && ToMicroseconds(info.end) == INT64_MAX;
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
  result.zone_ = zone;
  result.Find(0);
  if (NeverChanges(*zone)) return Fixed(result.offset_us_);
  return result;
}

void TimeZone::Find(int64_t instant_us) const {
  if (zone_ == nullptr) return;  // INT64_MAX itself
  const int64_t second = std::clamp(FloorSeconds(instant_us), -kSecondsMax, kSecondsMax);
  const date::sys_info info = Zone(zone_)->get_info(date::sys_seconds(seconds(second)));
  begin_us_ = ToMicroseconds(info.begin);
  end_us_ = ToMicroseconds(info.end);
  offset_us_ = microseconds(info.offset).count();
}

int64_t TimeZone::FindInstant(int64_t local_us) const {
  // Far enough from both ends of the known stretch no other offset can be meant.
  constexpr int64_t kDayUs = 24 * kHourUs;
  const int64_t guess = local_us - offset_us_;
  const bool inside = (begin_us_ == INT64_MIN || guess - kDayUs >= begin_us_) &&
                      (end_us_ == INT64_MAX || guess + kDayUs < end_us_);
  if (inside) return guess;
  const int64_t second = std::clamp(FloorSeconds(local_us), -kSecondsMax, kSecondsMax);
  const date::local_info info = Zone(zone_)->get_info(date::local_seconds(seconds(second)));
  // Of a gap and of an overlap alike the offset from before is the right one.
  const int64_t instant = local_us - microseconds(info.first.offset).count();
  Find(instant);
  return instant;
}

}  // namespace millrace
