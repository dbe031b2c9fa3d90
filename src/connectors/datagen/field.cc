#include "connectors/datagen/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/units.h"

namespace millrace::datagen {
namespace {

constexpr int64_t kInt64Min = std::numeric_limits<int64_t>::min();
constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();
constexpr int64_t kDefaultMax = 1'000'000;  // of types without a range of their own
constexpr uint64_t kInside = 1'000'003;     // numbers of fields inside of others begin here
constexpr int kDigitsMax = 18;              // any number of so many fits into 64 bits

struct Range {
  int64_t min;
  int64_t max;
};

// The whole numbers that a column holds, as far as 64 bits reach.
Range RangeOf(const Type& type) {
  if (type.is_integer()) {
    const int bits = 8 << (static_cast<int>(type.kind) - static_cast<int>(TypeKind::kTinyInt));
    return {kInt64Min >> (64 - bits), kInt64Max >> (64 - bits)};
  }
  if (type.kind != TypeKind::kDecimal || type.precision - type.scale > kDigitsMax) {
    return {kInt64Min, kInt64Max};
  }
  int64_t max = 0;
  for (int i = type.scale; i < type.precision; ++i) max = max * 10 + 9;
  return {-max, max};
}

// `column` is a number that no other field has: a column's index, or for what is inside of it one
// beyond all columns.
Field Default(const Type& type, std::string name, uint64_t column) {
  Field field;
  field.type = type;
  field.name = std::move(name);
  field.column = column;
  const Range range = RangeOf(type);
  if (type.is_integer()) {
    field.first = range.min;
    field.last = range.max;
  } else {
    field.last = type.kind == TypeKind::kDecimal ? range.max : kDefaultMax;
  }
  const bool has_length = type.is_text() || type.is_binary();
  if (has_length && type.length != Type::kLengthMax) {
    field.length = std::min<int64_t>(type.length, kLengthMax);
  }
  if (type.is_structured()) field.length = kDefaultItems;
  for (size_t i = 0; i < type.children().size(); ++i) {
    const std::string part = type.kind == TypeKind::kArray ? "element"
                             : type.kind == TypeKind::kRow ? type.field_names()[i]
                             : i == 0                      ? "key"
                                                           : "value";
    field.children.push_back(
        Default(type.children()[i], field.name + "." + part, (column + 1) * kInside + i));
  }
  return field;
}

// The field of that name, also inside of others; null if there is none.
Field* FindField(std::vector<Field>* fields, std::string_view name) {
  for (Field& field : *fields) {
    if (field.name == name) return &field;
    if (!name.starts_with(field.name + ".")) continue;
    if (Field* inside = FindField(&field.children, name)) return inside;
  }
  return nullptr;
}

// The options that mean something for a column, without "fields.<column>.".
std::vector<std::string> WordsFor(const Field& field) {
  std::vector<std::string> words = {"kind", "null-rate"};
  if (field.sequence) {
    words.insert(words.end(), {"start", "end"});
  } else if (field.type.is_numeric()) {
    words.insert(words.end(), {"min", "max"});
  } else if (field.type.is_text() || field.type.is_binary() ||
             field.type.kind == TypeKind::kArray || field.type.kind == TypeKind::kMap) {
    words.emplace_back("length");
  }
  return words;
}

std::optional<double> ParseRate(std::string_view text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && rate >= 0 && rate <= 1 ? std::optional(rate) : std::nullopt;
}

// One option under "fields.", taken apart.
struct Written {
  std::string key;
  std::string word;
  const std::string& value;
};

Problem Bad(const Written& written, std::string_view what, std::string hint = "") {
  return {written.key,
          fmt::format("the value \"{}\" of option {} {}", written.value, Quoted(written.key), what),
          std::move(hint)};
}

bool IsInside(const Field& field) { return field.column >= kInside; }

std::optional<Problem> SetKind(const Written& written, Field* field) {
  if (written.value == "random") return std::nullopt;
  if (written.value != "sequence") return Bad(written, "must be one of random, sequence");
  field->sequence = !IsInside(*field) && (field->type.is_numeric() || field->type.is_text());
  if (field->sequence) return std::nullopt;
  return Bad(written, fmt::format("is not possible for {}", ToString(field->type)));
}

std::optional<Problem> SetNullRate(const Written& written, Field* field) {
  const std::optional<double> rate = ParseRate(written.value);
  if (!rate) return Bad(written, "is not a number from 0 to 1");
  if (*rate > 0 && !field->type.nullable) {
    return Bad(written, fmt::format("is not possible: column {} is {}", Quoted(field->name),
                                    ToString(field->type)));
  }
  field->null_rate = *rate;
  return std::nullopt;
}

std::optional<Problem> SetLength(const Written& written, Field* field) {
  const std::optional<int64_t> length = ParseInteger(written.value);
  if (field->type.is_structured()) {
    if (length && *length >= 0 && *length <= kMapLengthMax) {
      field->length = *length;
      return std::nullopt;
    }
    return Bad(written, fmt::format("is not a number of elements (column {}) from 0 to {}",
                                    Quoted(field->name), kMapLengthMax));
  }
  const bool fixed = field->type.kind == TypeKind::kChar || field->type.kind == TypeKind::kBinary;
  const int64_t min = fixed ? field->length : 0;
  const int64_t max = std::min<int64_t>(field->type.length, kLengthMax);
  if (!length || *length < min || *length > max) {
    return Bad(written, fmt::format("is not a length of {} (column {}) from {} to {}",
                                    ToString(field->type), Quoted(field->name), min, max));
  }
  field->length = *length;
  return std::nullopt;
}

std::optional<Problem> SetBound(const Written& written, Field* field) {
  const std::optional<int64_t> number = ParseInteger(written.value);
  const Range range = RangeOf(field->type);
  if (!number || *number < range.min || *number > range.max) {
    return Bad(written,
               fmt::format("is not a whole number of {} (column {}) from {} to {}",
                           ToString(field->type), Quoted(field->name), range.min, range.max));
  }
  (written.word == "min" || written.word == "start" ? field->first : field->last) = *number;
  return std::nullopt;
}

std::optional<Problem> Set(const Written& written, Field* field) {
  const std::vector<std::string> words = WordsFor(*field);
  if (std::find(words.begin(), words.end(), written.word) == words.end()) {
    const bool ends = written.word == "start" || written.word == "end";
    return Problem{
        written.key,
        fmt::format("{} of column {} takes no option {}",
                    field->sequence ? "the sequence" : "a random value", Quoted(field->name),
                    Quoted(written.key)),
        ends ? fmt::format("Add 'fields.{}.kind' = 'sequence'.", field->name)
             : fmt::format("Options of {}: {}.", ToString(field->type), Join(words, ", "))};
  }
  if (written.word == "kind") return std::nullopt;  // set before all others
  if (written.word == "null-rate") return SetNullRate(written, field);
  return written.word == "length" ? SetLength(written, field) : SetBound(written, field);
}

// What no option is wrong about alone.
std::optional<Problem> CheckWhole(const Field& field, const Options& options) {
  const std::string& name = field.name;
  const auto given = [&](std::string_view word) {
    return options.Given(fmt::format("fields.{}.{}", name, word));
  };
  if (field.type.kind == TypeKind::kNull) {
    return Problem{
        "connector",
        fmt::format("datagen cannot generate {} (column {})", ToString(field.type), Quoted(name)),
        ""};
  }
  if (field.sequence && (!given("start") || !given("end"))) {
    return Problem{fmt::format("fields.{}.kind", name),
                   fmt::format("the sequence of column {} needs options \"fields.{}.start\" and "
                               "\"fields.{}.end\"",
                               Quoted(name), name, name),
                   ""};
  }
  const std::string_view end = field.sequence ? "end" : given("max") ? "max" : "min";
  if (field.first > field.last) {
    return Problem{fmt::format("fields.{}.{}", name, end),
                   fmt::format("column {} has no values between {} and {}", Quoted(name),
                               field.first, field.last),
                   ""};
  }
  const size_t digits =
      std::max(fmt::format("{}", field.first).size(), fmt::format("{}", field.last).size());
  if (field.sequence && field.type.is_text() && digits > field.type.length) {
    return Problem{fmt::format("fields.{}.{}", name, end),
                   fmt::format("the numbers from {} to {} do not fit into {} (column {})",
                               field.first, field.last, ToString(field.type), Quoted(name)),
                   ""};
  }
  return std::nullopt;
}

// Reports what is wrong with the fields and those inside of them as a whole.
void CheckFields(const std::vector<Field>& fields, const Options& options,
                 std::vector<Problem>* problems) {
  for (const Field& field : fields) {
    CheckFields(field.children, options, problems);
    if (field.wrong) continue;
    const auto problem = CheckWhole(field, options);
    if (problem) problems->push_back(*problem);
  }
}

}  // namespace

std::vector<Field> FieldsOf(const Options& options, const Schema& schema,
                            std::vector<Problem>* problems) {
  std::vector<Field> fields;
  for (uint32_t i = 0; i < schema.columns.size(); ++i) {
    fields.push_back(Default(schema.columns[i].type, schema.columns[i].name, i));
  }
  const std::map<std::string, std::string> all = options.WithPrefix("fields.");
  // What else a column may have depends on its kind.
  for (const bool kinds : {true, false}) {
    for (const auto& [rest, value] : all) {
      const size_t dot = rest.rfind('.');
      const std::string key = "fields." + rest;
      Field* const field = FindField(&fields, std::string_view(rest).substr(0, dot));
      if (dot == std::string::npos || field == nullptr) {
        if (!kinds) continue;
        problems->push_back(
            {key, fmt::format("option {} does not name a column of the table", Quoted(key)), ""});
        continue;
      }
      const Written written{key, rest.substr(dot + 1), value};
      if (kinds && written.word != "kind") continue;
      const auto problem = kinds ? SetKind(written, field) : Set(written, field);
      if (!problem) continue;
      problems->push_back(*problem);
      field->wrong = true;
    }
  }
  CheckFields(fields, options, problems);
  return fields;
}

int64_t RowCount(const Options& options, const std::vector<Field>& fields) {
  int64_t count = options.Given("number-of-rows") ? options.Integer("number-of-rows") : -1;
  for (const Field& field : fields) {
    if (!field.sequence) continue;
    const uint64_t steps = static_cast<uint64_t>(field.last) - static_cast<uint64_t>(field.first);
    const int64_t length = static_cast<int64_t>(std::min<uint64_t>(steps, kInt64Max - 1)) + 1;
    count = count < 0 ? length : std::min(count, length);
  }
  return count;
}

}  // namespace millrace::datagen
