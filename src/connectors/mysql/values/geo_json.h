// A geometry as MySQL and MariaDB store it, as the text that Flink CDC makes of it:
//   {"coordinates":[1,2.5],"type":"Point","srid":0}
//   {"geometries":[{"type":"Point","coordinates":[1,2]}],"type":"GeometryCollection","srid":0}
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace millrace::mysql {

// Before the WKB stands the number of the spatial reference system.
inline constexpr size_t kSridBytes = 4;

// Appends the text; false if the bytes are not a geometry. Coordinates come in the order in which
// they are stored, which is x, y (longitude, latitude) in every reference system.
bool AppendGeoJson(std::string_view stored, std::string* out);

}  // namespace millrace::mysql
