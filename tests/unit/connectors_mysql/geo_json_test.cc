// Geometries as MySQL stores them; that the servers store them so is proven by
// tests/e2e/column_types.py.
#include "connectors/mysql/values/geo_json.h"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <initializer_list>

namespace millrace::mysql {
namespace {

std::string Number(uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::string Point(double x, double y) {
  std::string bytes;
  for (const double value : {x, y}) {
    const auto bits = std::bit_cast<uint64_t>(value);
    bytes += Number(static_cast<uint32_t>(bits)) + Number(static_cast<uint32_t>(bits >> 32));
  }
  return bytes;
}

std::string Header(uint32_t type) { return "\x01" + Number(type); }

std::string List(std::initializer_list<std::string> parts) {
  std::string bytes = Number(static_cast<uint32_t>(parts.size()));
  for (const std::string& part : parts) bytes += part;
  return bytes;
}

std::string Text(const std::string& wkb, uint32_t srid = 0) {
  std::string text;
  return AppendGeoJson(Number(srid) + wkb, &text) ? text : "(malformed)";
}

const std::string kLine = List({Point(0, 0), Point(1.5, -2)});
const std::string kRing = List({Point(1, 1), Point(2, 1), Point(2, 2), Point(1, 1)});

TEST_CASE("every kind of geometry") {
  CHECK(Text(Header(1) + Point(1, 1)) == R"({"coordinates":[1,1],"type":"Point","srid":0})");
  CHECK(Text(Header(2) + kLine, 4326) ==
        R"({"coordinates":[[0,0],[1.5,-2]],"type":"LineString","srid":4326})");
  CHECK(
      Text(Header(3) + List({kRing, kLine})) ==
      R"({"coordinates":[[[1,1],[2,1],[2,2],[1,1]],[[0,0],[1.5,-2]]],"type":"Polygon","srid":0})");
  CHECK(Text(Header(4) + List({Header(1) + Point(1, 2), Header(1) + Point(3, 4)})) ==
        R"({"coordinates":[[1,2],[3,4]],"type":"MultiPoint","srid":0})");
  CHECK(Text(Header(5) + List({Header(2) + kLine})) ==
        R"({"coordinates":[[[0,0],[1.5,-2]]],"type":"MultiLineString","srid":0})");
  CHECK(Text(Header(6) + List({Header(3) + List({kRing})})) ==
        R"({"coordinates":[[[[1,1],[2,1],[2,2],[1,1]]]],"type":"MultiPolygon","srid":0})");
}

TEST_CASE("collections: members begin with their type and have no srid") {
  CHECK(Text(Header(7) + List({})) == R"({"geometries":[],"type":"GeometryCollection","srid":0})");
  const std::string inner = Header(7) + List({Header(2) + kLine});
  CHECK(Text(Header(7) + List({Header(1) + Point(1, 2), inner}), 7) ==
        R"({"geometries":[{"type":"Point","coordinates":[1,2]},)"
        R"({"type":"GeometryCollection","geometries":[)"
        R"({"type":"LineString","coordinates":[[0,0],[1.5,-2]]}]}],)"
        R"("type":"GeometryCollection","srid":7})");
}

TEST_CASE("numbers: whole ones without a fraction, the others as Java prints them") {
  CHECK(Text(Header(1) + Point(-0.0, 9007199254740993)) ==
        R"({"coordinates":[0,9007199254740992],"type":"Point","srid":0})");
  CHECK(Text(Header(1) + Point(1e17, 0.0001)) ==
        R"({"coordinates":[1.0E17,1.0E-4],"type":"Point","srid":0})");
  CHECK(Text(Header(1) + Point(0.1, 1e-300)) ==
        R"({"coordinates":[0.1,1.0E-300],"type":"Point","srid":0})");
}

TEST_CASE("what is not a geometry is refused, cut anywhere, and never read beyond") {
  const std::string whole = Header(7) + List({Header(3) + List({kRing}), Header(1) + Point(1, 2)});
  CHECK(Text(whole) != "(malformed)");
  for (size_t size = 0; size < whole.size(); ++size) {
    CHECK(Text(whole.substr(0, size)) == "(malformed)");
  }
  std::string text;
  CHECK_FALSE(AppendGeoJson("\x01\x02", &text));
  CHECK(Text(whole + "x") == "(malformed)");
  CHECK(Text(Header(8) + Point(1, 2)) == "(malformed)");
  CHECK(Text(std::string("\0", 1) + Number(1) + Point(1, 2)) == "(malformed)");
  CHECK(Text(Header(4) + List({Header(2) + kLine})) == "(malformed)");  // points only
  CHECK(Text(Header(1) + Point(NAN, 1)) == "(malformed)");
  CHECK(Text(Header(2) + Number(UINT32_MAX)) == "(malformed)");
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += Header(7) + Number(1);
  CHECK(Text(deep + Header(7) + Number(0)) == "(malformed)");
}

}  // namespace
}  // namespace millrace::mysql
