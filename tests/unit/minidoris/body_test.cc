// Bodies that come in pieces.
#include <doctest/doctest.h>

#include "minidoris/backend/framing.h"
#include "minidoris/backend/line_cutter.h"

namespace millrace::minidoris {
namespace {

TEST_CASE("lines are the same wherever the pieces end, also inside a delimiter") {
  const std::string body = "a<>b<><>c<d>e<>f<";
  const std::vector<std::string> expected = {"a", "b", "", "c<d>e", "f<"};
  for (size_t size = 1; size <= body.size(); ++size) {
    LineCutter cutter("<>");
    std::vector<std::string> lines;
    const auto take = [&](std::string_view line) { lines.emplace_back(line); };
    for (size_t at = 0; at < body.size(); at += size) {
      CHECK(cutter.Feed(std::string_view(body).substr(at, size), take));
    }
    cutter.Finish(take);
    CHECK(lines == expected);
  }
}

TEST_CASE("the framing of a load") {
  const auto check = [](const char* length, const char* encoding, BodyFormat format) {
    http::Request request;
    if (length != nullptr) request.headers["content-length"] = length;
    if (encoding != nullptr) request.headers["transfer-encoding"] = encoding;
    return CheckFraming(request, format, 3 << 20, 2 << 20).value_or("").substr(0, 20);
  };
  CHECK(check("3145728", nullptr, BodyFormat::kCsv) == "");
  CHECK(check(nullptr, "chunked", BodyFormat::kJson) == "");
  CHECK(check(nullptr, nullptr, BodyFormat::kCsv) == "[INVALID_ARGUMENT]co");
  CHECK(check("1", "chunked", BodyFormat::kCsv) == "[INVALID_ARGUMENT]pl");
  CHECK(check("3145729", nullptr, BodyFormat::kCsv) == "[E-217]body size 314");
  CHECK(check("3145728", nullptr, BodyFormat::kJson) == "[E-217]json body siz");
}

}  // namespace
}  // namespace millrace::minidoris
