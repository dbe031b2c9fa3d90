// Whether the server has the time zone that 'server-time-zone' says. The two are compared by what
// they make of many moments, because a server may only know its zone as SYSTEM, and zones with the
// same offset today may have had others before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time_zone.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct ZoneDifference {
  std::string server_zone;  // "+08:00", "SYSTEM (CST)"
  int64_t moment_s = 0;  // the latest at which the two differ, of those that are not in the future
  int64_t server_offset_s = 0;  // at that moment
  int64_t option_offset_s = 0;
  // They differ in the year around now, so that current values are read with another offset.
  bool is_current = false;
};

// Nothing if there is no difference.
Result<std::optional<ZoneDifference>> CompareZones(Connection* connection, const TimeZone& option,
                                                   int64_t now_s);

// The moments that are compared: the middle of each month from 2000 to the year after now.
std::vector<int64_t> MomentsToCompare(int64_t now_s);

// "+08:00"
std::string OffsetText(int64_t offset_s);

}  // namespace millrace::mysql
