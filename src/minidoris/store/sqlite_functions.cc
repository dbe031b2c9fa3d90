#include "minidoris/store/sqlite_functions.h"

#include <sqlite3.h>
#include <zlib.h>

#include <string>
#include <string_view>

#include "minidoris/table/decimal_text.h"

namespace millrace::minidoris {
namespace {

std::string_view TextOf(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {text == nullptr ? "" : text, static_cast<size_t>(sqlite3_value_bytes(value))};
}

void ReturnText(sqlite3_context* context, const std::string& text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

int CompareNumbers(void*, int a_size, const void* a, int b_size, const void* b) {
  return CompareDecimalText({static_cast<const char*>(a), static_cast<size_t>(a_size)},
                            {static_cast<const char*>(b), static_cast<size_t>(b_size)});
}

void Add(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
      sqlite3_value_type(arguments[1]) == SQLITE_NULL) {
    return sqlite3_result_null(context);
  }
  ReturnText(context, AddDecimalText(TextOf(arguments[0]), TextOf(arguments[1])));
}

void Concat(sqlite3_context* context, int count, sqlite3_value** arguments) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(arguments[i]) == SQLITE_NULL) return sqlite3_result_null(context);
    text += TextOf(arguments[i]);
  }
  ReturnText(context, text);
}

void ConcatWithSeparator(sqlite3_context* context, int count, sqlite3_value** arguments) {
  if (count == 0 || sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
    return sqlite3_result_null(context);
  }
  std::string text;
  bool first = true;
  for (int i = 1; i < count; ++i) {
    if (sqlite3_value_type(arguments[i]) == SQLITE_NULL) continue;
    if (!first) text += TextOf(arguments[0]);
    text += TextOf(arguments[i]);
    first = false;
  }
  ReturnText(context, text);
}

void Crc32(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
  const std::string_view text = TextOf(arguments[0]);
  sqlite3_result_int64(context,
                       static_cast<int64_t>(crc32(0, reinterpret_cast<const Bytef*>(text.data()),
                                                  static_cast<uInt>(text.size()))));
}

}  // namespace

void RegisterFunctions(sqlite3* connection) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  constexpr int kAnyCount = -1;
  sqlite3_create_collation(connection, "doris_number", SQLITE_UTF8, nullptr, CompareNumbers);
  const auto add = [&](const char* name, int count, auto* function) {
    sqlite3_create_function(connection, name, count, kFlags, nullptr, function, nullptr, nullptr);
  };
  add("doris_add", 2, Add);
  add("concat", kAnyCount, Concat);
  add("concat_ws", kAnyCount, ConcatWithSeparator);
  add("crc32", 1, Crc32);
}

}  // namespace millrace::minidoris
