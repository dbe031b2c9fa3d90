// Text as a value of any type, and back: what a cast gives prints as a text that is cast to the
// same value. The first byte chooses the type.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "expr/cast.h"
#include "expr/temporal_text.h"
#include "row/batch.h"

namespace {

using millrace::Type;
using millrace::TypeKind;

constexpr const char* kTypes[] = {
    "BOOLEAN",        "TINYINT",      "SMALLINT",     "INT",
    "BIGINT",         "FLOAT",        "DOUBLE",       "DECIMAL(5,2)",
    "DECIMAL(38,18)", "CHAR(3)",      "STRING",       "BINARY(3)",
    "BYTES",          "DATE",         "TIME(0)",      "TIME(6)",
    "TIMESTAMP(0)",   "TIMESTAMP(6)", "TIMESTAMP(9)", "TIMESTAMP_LTZ(3)"};

[[noreturn]] void Fail(std::string_view once, std::string_view twice) {
  std::fprintf(stderr, "once '%.*s', twice '%.*s'\n", static_cast<int>(once.size()), once.data(),
               static_cast<int>(twice.size()), twice.data());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto type = millrace::ParseType(kTypes[data[0] % std::size(kTypes)]);
  if (!type) std::abort();
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const millrace::TimeZone kZone =
      millrace::TimeZone::Parse("America/New_York").value_or(millrace::TimeZone());
  millrace::Arena arena;
  millrace::ParseLenientTimestamp(text);
  millrace::ParseJdbcTimestamp(text);
  for (const TypeKind kind : {TypeKind::kDate, TypeKind::kTime, TypeKind::kTimestamp}) {
    millrace::ParseLiteral(kind, text);
  }
  const auto value = CastCell(millrace::Cell::Text(text), *type, &arena, kZone);
  if (!value) return 0;
  const auto once = CastCell(*value, Type::String(), &arena, kZone);
  if (!once) Fail("no text", text);
  // Bytes that are not UTF-8, and local times that a clock change repeats, are not reversible.
  if (type->is_binary() || type->is_text() || type->kind == TypeKind::kTimestampLtz) return 0;
  if (once->is_null()) return 0;
  const auto again = CastCell(*once, *type, &arena, kZone);
  if (!again) Fail(once->view(), "no value");
  const auto twice = CastCell(*again, Type::String(), &arena, kZone);
  if (!twice || twice->view() != once->view()) Fail(once->view(), twice ? twice->view() : "");
  return 0;
}
