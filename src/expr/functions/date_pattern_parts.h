// What formatting and parsing by a date pattern share.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace millrace {

inline constexpr size_t kShortNameSize = 3;
inline constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kDayNames = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

// Letters of SimpleDateFormat that mean something else in DateTimeFormatter.
inline constexpr char kSimpleDayNumber = '1';    // u
inline constexpr char kSimpleDayInMonth = '2';   // F
inline constexpr char kSimpleMillisecond = '3';  // S

}  // namespace millrace
