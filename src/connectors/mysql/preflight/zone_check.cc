#include "connectors/mysql/preflight/zone_check.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kFirstMoment = 947'894'400;  // 2000-01-15 00:00:00 UTC
constexpr int64_t kMonthS = 2'629'746;         // a twelfth of a year
constexpr int64_t kYearS = 12 * kMonthS;
constexpr int64_t kLastMoment = INT32_MAX;  // what FROM_UNIXTIME of every server knows
constexpr int64_t kMicroseconds = 1'000'000;
constexpr int64_t kSecondsPerMinute = 60;
constexpr int64_t kMinutesPerHour = 60;

// The server's offset at each of the moments, in the zone of the session.
Result<std::vector<int64_t>> Offsets(Connection* connection, const std::vector<int64_t>& moments) {
  std::string sql = "SELECT ";
  for (size_t i = 0; i < moments.size(); ++i) {
    // What a wall clock shows, as if it were UTC, less the moment.
    sql += fmt::format("{}TIMESTAMPDIFF(SECOND, '1970-01-01', FROM_UNIXTIME({})) - {}",
                       i == 0 ? "" : ", ", moments[i], moments[i]);
  }
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows, connection->Query(sql));
  std::vector<int64_t> offsets;
  if (rows.empty()) return offsets;
  for (const auto& value : rows[0]) offsets.push_back(ParseInteger(value.value_or("")).value_or(0));
  return offsets;
}

}  // namespace

std::string OffsetText(int64_t offset_s) {
  const int64_t minutes = std::abs(offset_s) / kSecondsPerMinute;
  return fmt::format("{}{:02}:{:02}", offset_s < 0 ? '-' : '+', minutes / kMinutesPerHour,
                     minutes % kMinutesPerHour);
}

std::vector<int64_t> MomentsToCompare(int64_t now_s) {
  std::vector<int64_t> moments;
  const int64_t end = std::min(now_s + kYearS, kLastMoment);
  for (int64_t moment = kFirstMoment; moment <= end; moment += kMonthS) moments.push_back(moment);
  return moments;
}

Result<std::optional<ZoneDifference>> CompareZones(Connection* connection, const TimeZone& option,
                                                   int64_t now_s) {
  const std::vector<int64_t> moments = MomentsToCompare(now_s);
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> names,
                      connection->Query("SELECT @@GLOBAL.time_zone, @@system_time_zone"));
  MR_RETURN_IF_ERROR(connection->Execute("SET SESSION time_zone = @@GLOBAL.time_zone"));
  const Result<std::vector<int64_t>> offsets = Offsets(connection, moments);
  MR_RETURN_IF_ERROR(connection->Execute("SET SESSION time_zone = '+00:00'"));
  if (!offsets.ok()) return offsets.status();
  std::optional<ZoneDifference> difference;
  for (size_t i = 0; i < offsets->size(); ++i) {
    const int64_t expected = option.OffsetAt(moments[i] * kMicroseconds) / kMicroseconds;
    if ((*offsets)[i] == expected) continue;
    if (!difference) difference.emplace();
    difference->is_current = difference->is_current || moments[i] > now_s - kYearS;
    const bool is_past = moments[i] <= now_s || difference->moment_s == 0;
    if (!is_past) continue;
    difference->moment_s = moments[i];
    difference->server_offset_s = (*offsets)[i];
    difference->option_offset_s = expected;
  }
  if (difference && !names.empty()) {
    const std::string zone = names[0][0].value_or("");
    difference->server_zone =
        zone == "SYSTEM" ? fmt::format("SYSTEM ({})", names[0][1].value_or("")) : zone;
  }
  return difference;
}

}  // namespace millrace::mysql
