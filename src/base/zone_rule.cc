#include "base/zone_rule.h"

#include <date/date.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace millrace {
namespace {

constexpr int64_t kDaySeconds = 86'400;
constexpr int64_t kHourSeconds = 3'600;

bool Take(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

std::optional<int64_t> TakeNumber(std::string_view* text, int64_t min, int64_t max) {
  if (text->empty() || !IsDigit(text->front())) return std::nullopt;
  int64_t value = 0;
  for (; !text->empty() && IsDigit(text->front()) && value <= max; text->remove_prefix(1)) {
    value = value * 10 + (text->front() - '0');
  }
  return value >= min && value <= max ? std::optional(value) : std::nullopt;
}

// "EST", "<+03>".
bool TakeName(std::string_view* text) {
  const size_t before = text->size();
  if (Take(text, '<')) {
    const size_t end = text->find('>');
    if (end == text->npos) return false;
    text->remove_prefix(end + 1);
  } else {
    while (!text->empty() && IsLetter(text->front())) text->remove_prefix(1);
  }
  return text->size() < before;
}

// "5", "-3:30", "+2:00:00".
std::optional<int64_t> TakeTime(std::string_view* text) {
  constexpr int64_t kHoursMax = 167;
  const int64_t sign = Take(text, '-') ? -1 : 1;
  if (sign > 0) Take(text, '+');
  const auto hours = TakeNumber(text, 0, kHoursMax);
  if (!hours) return std::nullopt;
  int64_t seconds = *hours * kHourSeconds;
  for (int64_t unit = 60; unit > 0 && Take(text, ':'); unit /= 60) {
    const auto part = TakeNumber(text, 0, 59);
    if (!part) return std::nullopt;
    seconds += *part * unit;
  }
  return sign * seconds;
}

date::year YearOf(int64_t year) { return date::year(static_cast<int>(year)); }

int64_t FirstDayOf(int64_t year) {
  return date::sys_days(YearOf(year) / 1 / 1).time_since_epoch().count();
}

}  // namespace

std::optional<ZoneRule::Change> ZoneRule::TakeChange(std::string_view* text) {
  Change change;
  std::optional<int64_t> day;
  if (Take(text, 'M')) {
    const auto month = TakeNumber(text, 1, 12);
    const auto week = month && Take(text, '.') ? TakeNumber(text, 1, 5) : std::nullopt;
    if (week && Take(text, '.')) day = TakeNumber(text, 0, 6);
    if (!day) return std::nullopt;
    change.month = *month;
    change.week = *week;
  } else {
    change.kind = Take(text, 'J') ? 'J' : 'N';
    day = TakeNumber(text, change.kind == 'J' ? 1 : 0, 365);
    if (!day) return std::nullopt;
  }
  change.day = *day;
  if (Take(text, '/')) {
    const auto time = TakeTime(text);
    if (!time) return std::nullopt;
    change.time = *time;
  }
  return change;
}

std::optional<ZoneRule> ZoneRule::Parse(std::string_view text) {
  ZoneRule rule;
  if (!TakeName(&text)) return std::nullopt;
  const auto standard = TakeTime(&text);
  if (!standard || !TakeName(&text)) return std::nullopt;
  rule.standard_ = -*standard;
  rule.summer_ = rule.standard_ + kHourSeconds;
  if (!text.empty() && text.front() != ',') {
    const auto summer = TakeTime(&text);
    if (!summer) return std::nullopt;
    rule.summer_ = -*summer;
  }
  const auto begin = Take(&text, ',') ? TakeChange(&text) : std::nullopt;
  const auto end = begin && Take(&text, ',') ? TakeChange(&text) : std::nullopt;
  if (!end || !text.empty()) return std::nullopt;
  rule.begin_ = *begin;
  rule.end_ = *end;
  return rule;
}

int64_t ZoneRule::Change::DayIn(int64_t year) const {
  if (kind == 'M') {
    const date::year_month in = YearOf(year) / static_cast<int>(month);
    const date::weekday weekday(static_cast<unsigned>(day));
    const date::sys_days found = week == 5
                                     ? date::sys_days(in / weekday[date::last])
                                     : date::sys_days(in / weekday[static_cast<unsigned>(week)]);
    return found.time_since_epoch().count();
  }
  if (kind == 'N') return FirstDayOf(year) + day;
  const bool after_leap_day = YearOf(year).is_leap() && day >= 60;
  return FirstDayOf(year) + day - (after_leap_day ? 0 : 1);
}

ZoneRule::Stretch ZoneRule::At(int64_t second) const {
  const date::sys_days today{date::floor<date::days>(std::chrono::seconds(second))};
  const int64_t year = static_cast<int>(date::year_month_day(today).year());
  struct Moment {
    int64_t second;
    int64_t offset;
  };
  std::array<Moment, 6> changes;
  for (int64_t i = 0; i < 3; ++i) {
    const auto at = [&](const Change& change, int64_t offset_before) {
      return change.DayIn(year - 1 + i) * kDaySeconds + change.time - offset_before;
    };
    const auto index = static_cast<size_t>(2 * i);
    changes[index] = {at(begin_, standard_), summer_};
    changes[index + 1] = {at(end_, summer_), standard_};
  }
  std::sort(changes.begin(), changes.end(),
            [](const Moment& a, const Moment& b) { return a.second < b.second; });
  size_t last = 0;
  while (last + 2 < changes.size() && changes[last + 1].second <= second) ++last;
  return {changes[last].second, changes[last + 1].second, changes[last].offset};
}

int64_t ZoneRule::ToInstant(int64_t local, bool second_of_two) const {
  const int64_t first = local - std::max(standard_, summer_);
  const int64_t later = local - std::min(standard_, summer_);
  const bool first_is = At(first).offset == local - first;
  const bool later_is = At(later).offset == local - later;
  if (first_is && (!later_is || !second_of_two)) return first;
  if (later_is) return later;
  return local - At(first).offset;  // a time that never was
}

}  // namespace millrace
