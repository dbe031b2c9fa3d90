#include "base/json.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace millrace {
namespace {

using Library = nlohmann::ordered_json;

// Builds a Json from the library's parser, which calls these in the order of the text and never
// throws for malformed text: it calls parse_error.
class Builder final {
 public:
  bool null() { return Add(Json()); }
  bool boolean(bool value) { return Add(Json(value)); }
  bool number_integer(Library::number_integer_t value) { return Add(Json(int64_t{value})); }
  bool number_unsigned(Library::number_unsigned_t value) { return Add(Json(uint64_t{value})); }
  bool number_float(Library::number_float_t value, const std::string&) { return Add(Json(value)); }
  bool string(std::string& value) { return Add(Json(std::move(value))); }
  bool binary(Library::binary_t&) { return false; }
  bool start_object(size_t) { return Open(Json::Object()); }
  bool start_array(size_t) { return Open(Json::Array()); }
  bool key(std::string& name) {
    open_.back().name = std::move(name);
    return true;
  }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool parse_error(size_t byte, const std::string&, const nlohmann::detail::exception&) {
    error_ = fmt::format("unexpected text at byte {}", byte);
    return false;
  }

  Json TakeResult() { return std::move(result_); }
  const std::string& error() const { return error_; }

 private:
  struct Level {
    Json value;
    std::string name;  // of the member that comes next, if it is an object
  };

  bool Add(Json value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.Append(std::move(value));
    } else {
      open_.back().value.Set(std::move(open_.back().name), std::move(value));
    }
    return true;
  }
  bool Open(Json value) {
    open_.push_back({std::move(value), {}});
    if (open_.size() <= Json::kDepthMax) return true;
    error_ = fmt::format("nested deeper than {} levels", Json::kDepthMax);
    return false;
  }
  bool Close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return Add(std::move(value));
  }

  std::vector<Level> open_;
  Json result_;
  std::string error_;
};

Library ToLibrary(const Json& json) {
  if (json.is_object()) {
    Library object = Library::object();
    for (const Json::Member& member : json.members()) object[member.name] = ToLibrary(member.value);
    return object;
  }
  if (json.is_array()) {
    Library array = Library::array();
    for (const Json& item : json.items()) array.push_back(ToLibrary(item));
    return array;
  }
  if (const auto text = json.AsString()) return *text;
  if (const auto value = json.AsBool()) return *value;
  if (const auto number = json.AsInt()) return *number;
  if (const auto number = json.AsUint()) return *number;
  if (const auto number = json.AsDouble()) return *number;
  return nullptr;
}

std::string Dump(const Json& json, int indent) {
  return ToLibrary(json).dump(indent, ' ', false, Library::error_handler_t::replace);
}

}  // namespace

Json::Json() = default;
Json::~Json() = default;
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;

Json::Json(bool value) : value_(value) {}
Json::Json(int value) : value_(int64_t{value}) {}
Json::Json(int64_t value) : value_(value) {}
Json::Json(uint32_t value) : value_(int64_t{value}) {}
Json::Json(uint64_t value) {
  if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    value_ = static_cast<int64_t>(value);
  } else {
    value_ = value;
  }
}
Json::Json(double value) : value_(value) {}
Json::Json(std::string value) : value_(std::move(value)) {}
Json::Json(std::string_view value) : value_(std::string(value)) {}
Json::Json(const char* value) : value_(std::string(value)) {}

bool Json::is_null() const { return std::holds_alternative<std::monostate>(value_); }
bool Json::is_object() const { return std::holds_alternative<Members>(value_); }
bool Json::is_array() const { return std::holds_alternative<Items>(value_); }
bool Json::is_string() const { return std::holds_alternative<std::string>(value_); }

Json Json::Array() { return Array(std::vector<Json>()); }
Json Json::Object() { return Object(std::vector<Member>()); }

Json Json::Array(std::vector<Json> items) {
  Json json;
  json.value_ = std::move(items);
  return json;
}

Json Json::Object(std::vector<Member> members) {
  Json json;
  json.value_ = std::move(members);
  return json;
}

Result<Json> Json::Parse(std::string_view text) {
  Builder builder;
  if (!Library::sax_parse(text, &builder)) {
    return Status::Permanent("not JSON: " + builder.error());
  }
  return builder.TakeResult();
}

std::string Json::ToText() const { return Dump(*this, -1); }
std::string Json::ToIndentedText(int blanks) const { return Dump(*this, blanks); }

std::optional<std::string> Json::AsString() const {
  if (const auto* text = std::get_if<std::string>(&value_)) return *text;
  return std::nullopt;
}

std::optional<bool> Json::AsBool() const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  return std::nullopt;
}

std::optional<int64_t> Json::AsInt() const {
  if (const auto* number = std::get_if<int64_t>(&value_)) return *number;
  return std::nullopt;
}

std::optional<uint64_t> Json::AsUint() const {
  if (const auto* number = std::get_if<uint64_t>(&value_)) return *number;
  const std::optional<int64_t> number = AsInt();
  return number && *number >= 0 ? std::optional(static_cast<uint64_t>(*number)) : std::nullopt;
}

std::optional<double> Json::AsDouble() const {
  if (const auto* number = std::get_if<double>(&value_)) return *number;
  if (const auto* number = std::get_if<int64_t>(&value_)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<uint64_t>(&value_)) return static_cast<double>(*number);
  return std::nullopt;
}

std::span<const Json> Json::items() const {
  if (const auto* items = std::get_if<Items>(&value_)) return *items;
  return {};
}

std::span<const Json::Member> Json::members() const {
  if (const auto* members = std::get_if<Members>(&value_)) return *members;
  return {};
}

const Json& Json::operator[](std::string_view name) const {
  static const Json kNull;
  for (const Member& member : members()) {
    if (member.name == name) return member.value;
  }
  return kNull;
}

bool Json::Has(std::string_view name) const {
  for (const Member& member : members()) {
    if (member.name == name) return true;
  }
  return false;
}

void Json::Append(Json item) {
  if (is_null()) value_ = Items();
  std::get<Items>(value_).push_back(std::move(item));
}

void Json::Set(std::string name, Json value) {
  if (is_null()) value_ = Members();
  auto& members = std::get<Members>(value_);
  for (Member& member : members) {
    if (member.name == name) {
      member.value = std::move(value);
      return;
    }
  }
  members.push_back({std::move(name), std::move(value)});
}

bool Json::operator==(const Json& other) const { return value_ == other.value_; }

}  // namespace millrace
