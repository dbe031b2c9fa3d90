#include "connectors/mysql/values/geo_json.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "base/bytes.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

// stored   ::= srid (4 bytes) geometry
// geometry ::= byte order (1: little-endian, the only one stored) type (4 bytes) body
// point      ::= x y (doubles)
// line       ::= count point*
// polygon    ::= count line*
// multi-*, collection ::= count geometry*
// (OpenGIS Simple Features, 8.2; MySQL manual, "Internal Geometry Storage Format")
enum GeometryType : uint32_t {
  kPoint = 1,
  kLineString,
  kPolygon,
  kMultiPoint,
  kMultiLineString,
  kMultiPolygon,
  kCollection,
};

constexpr std::string_view kNames[] = {
    "Point",           "LineString",   "Polygon",           "MultiPoint",
    "MultiLineString", "MultiPolygon", "GeometryCollection"};

constexpr uint8_t kLittleEndian = 1;
constexpr int kDepthMax = 100;
// Whole numbers from here on are printed with an exponent.
constexpr double kWholeMax = 1e17;

class GeoJsonWriter final {
 public:
  GeoJsonWriter(std::string_view wkb, std::string* out)
      : reader_({reinterpret_cast<const uint8_t*>(wkb.data()), wkb.size()}), out_(*out) {}

  bool WriteOutermost(uint32_t srid) {
    const uint32_t type = ReadHeader();
    out_ += type == kCollection ? R"({"geometries":)" : R"({"coordinates":)";
    WriteBody(type, 0);
    fmt::format_to(std::back_inserter(out_), R"(,"type":"{}","srid":{}}})", NameOf(type), srid);
    return reader_.ok() && reader_.remaining() == 0;
  }

 private:
  std::string_view NameOf(uint32_t type) const { return kNames[reader_.ok() ? type - 1 : 0]; }

  uint32_t ReadHeader() {
    const bool little_endian = reader_.U8() == kLittleEndian;
    const uint32_t type = reader_.U32();
    if (!little_endian || type < kPoint || type > kCollection) reader_.Fail();
    return type;
  }

  void WriteMember(int depth) {
    const uint32_t type = ReadHeader();
    if (depth > kDepthMax) reader_.Fail();
    if (!reader_.ok()) return;
    fmt::format_to(std::back_inserter(out_), R"({{"type":"{}","{}":)", NameOf(type),
                   type == kCollection ? "geometries" : "coordinates");
    WriteBody(type, depth);
    out_ += '}';
  }

  void WriteBody(uint32_t type, int depth) {
    switch (type) {
      case kPoint:
        return WritePoint();
      case kLineString:
        return WriteList([this] { WritePoint(); });
      case kPolygon:
        return WriteList([this] { WriteList([this] { WritePoint(); }); });
      case kCollection:
        return WriteList([this, depth] { WriteMember(depth + 1); });
      default:  // of points, lines or polygons
        return WriteList([this, depth, part = type - (kMultiPoint - kPoint)] {
          if (ReadHeader() != part) reader_.Fail();
          WriteBody(part, depth);
        });
    }
  }

  template <typename Write>
  void WriteList(Write write) {
    const uint32_t count = reader_.U32();
    out_ += '[';
    for (uint32_t i = 0; i < count && reader_.ok(); ++i) {
      if (i > 0) out_ += ',';
      write();
    }
    out_ += ']';
  }

  void WritePoint() {
    out_ += '[';
    WriteNumber(std::bit_cast<double>(reader_.U64()));
    out_ += ',';
    WriteNumber(std::bit_cast<double>(reader_.U64()));
    out_ += ']';
  }

  void WriteNumber(double value) {
    if (!std::isfinite(value)) return reader_.Fail();  // no server stores one
    char text[kCellTextMax];
    const bool is_whole = std::abs(value) < kWholeMax && value == std::trunc(value);
    out_.append(text, is_whole ? PrintInteger(text, static_cast<int64_t>(value))
                               : PrintDouble(text, value));
  }

  ByteReader reader_;
  std::string& out_;
};

}  // namespace

bool AppendGeoJson(std::string_view stored, std::string* out) {
  ByteReader reader({reinterpret_cast<const uint8_t*>(stored.data()), stored.size()});
  const uint32_t srid = reader.U32();
  return reader.ok() && GeoJsonWriter(stored.substr(kSridBytes), out).WriteOutermost(srid);
}

}  // namespace millrace::mysql
