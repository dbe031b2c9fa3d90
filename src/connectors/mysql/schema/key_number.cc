#include "connectors/mysql/schema/key_number.h"

#include <fmt/format.h>

namespace millrace::mysql {

std::string ToString(KeyNumber number) { return fmt::format("{}", number); }

std::optional<KeyNumber> ParseKeyNumber(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > kKeyDigitsMax) return std::nullopt;
  KeyNumber number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return negative ? -number : number;
}

namespace {

bool IsOf64Bits(KeyNumber number) { return number >= INT64_MIN && number <= UINT64_MAX; }

}  // namespace

Json KeyNumberJson(KeyNumber number) {
  if (!IsOf64Bits(number)) return Json(ToString(number));
  if (number <= INT64_MAX) return Json(static_cast<int64_t>(number));
  return Json(static_cast<uint64_t>(number));
}

std::optional<KeyNumber> KeyNumberFrom(const Json& json) {
  if (const std::optional<int64_t> number = json.AsInt()) return KeyNumber{*number};
  if (const std::optional<uint64_t> number = json.AsUint()) return KeyNumber{*number};
  const std::optional<std::string> text = json.AsString();
  const std::optional<KeyNumber> number = text ? ParseKeyNumber(*text) : std::nullopt;
  return number && !IsOf64Bits(*number) ? number : std::nullopt;
}

}  // namespace millrace::mysql
