#include "minidoris/table/nested.h"

#include <cstring>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "minidoris/table/row_code.h"

namespace millrace::minidoris {
namespace {

constexpr std::string_view kNull = "null";

struct Part {
  std::string_view text;  // without blanks around it
  char end = '\0';        // the delimiter after it; none after the last one
};

// Cuts at the delimiters that are in no quotes and no brackets.
std::vector<Part> Cut(std::string_view text, std::string_view delimiters) {
  std::vector<Part> parts;
  size_t begin = 0;
  int depth = 0;
  char quote = '\0';
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      ++at;
    } else if (c == '"' || c == '\'') {
      if (quote == '\0') {
        quote = c;
      } else if (quote == c) {
        quote = '\0';
      }
    } else if (quote != '\0') {
      continue;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (depth == 0 && delimiters.find(c) != delimiters.npos) {
      parts.push_back({Trim(text.substr(begin, at - begin)), c});
      begin = at + 1;
    }
  }
  parts.push_back({Trim(text.substr(begin)), '\0'});
  return parts;
}

std::string_view WithoutQuotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string Unescaped(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

bool IsText(TypeKind kind) {
  return kind == TypeKind::kChar || kind == TypeKind::kVarchar || kind == TypeKind::kString;
}

// One value in the form of row_code.h, as a SELECT shows it inside of a nested value.
std::string Shown(const ColumnType& type, std::string_view code) {
  const auto tag = static_cast<ValueTag>(code[0]);
  if (tag == ValueTag::kInt) {
    int64_t value = 0;
    std::memcpy(&value, code.data() + 1, sizeof value);
    return std::to_string(value);
  }
  if (tag == ValueTag::kDouble) {
    double value = 0;
    std::memcpy(&value, code.data() + 1, sizeof value);
    return DoubleText(value, type.kind == TypeKind::kFloat);
  }
  const std::string text(code.substr(1 + sizeof(uint32_t)));
  const bool quoted =
      IsText(type.kind) || type.kind == TypeKind::kDate || type.kind == TypeKind::kDateTime;
  return quoted ? '"' + text + '"' : text;
}

// An element as it is shown; nothing if it is bad and that matters.
std::optional<std::string> Element(const ColumnType& type, std::string_view text,
                                   const ConversionRules& rules) {
  if (text == kNull) return std::string(kNull);
  text = WithoutQuotes(text);
  std::string plain;
  if (IsText(type.kind)) {
    plain = Unescaped(text);
    text = plain;
  }
  std::string code;
  if (AppendConverted(type, text, rules, &code) == Conversion::kStored) return Shown(type, code);
  if (rules.strict) return std::nullopt;
  return std::string(kNull);
}

// What is between the brackets; nothing if there are others.
std::optional<std::string_view> Inside(std::string_view text, char open, char close) {
  if (text.size() < 2 || text.front() != open || text.back() != close) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

std::optional<std::string> ArrayText(const ColumnType& type, std::string_view text,
                                     const ConversionRules& rules) {
  const std::optional<std::string_view> inside = Inside(text, '[', ']');
  if (!inside) return std::nullopt;
  if (inside->empty()) return "[]";
  std::vector<std::string> elements;
  for (const Part& part : Cut(*inside, ",")) {
    std::optional<std::string> element = Element(type.elements[0], part.text, rules);
    if (!element) return std::nullopt;
    elements.push_back(std::move(*element));
  }
  return "[" + Join(elements, ", ") + "]";
}

// `name : value, ...`: whether the delimiters are in this order.
bool ArePairs(const std::vector<Part>& parts) {
  if (parts.size() % 2 != 0) return false;
  for (size_t i = 0; i < parts.size(); ++i) {
    const char end = i % 2 == 0 ? ':' : i + 1 < parts.size() ? ',' : '\0';
    if (parts[i].end != end) return false;
  }
  return true;
}

// Of a key given twice the last value counts.
std::optional<std::string> MapText(const ColumnType& type, std::string_view text,
                                   const ConversionRules& rules) {
  const std::optional<std::string_view> inside = Inside(text, '{', '}');
  if (!inside) return std::nullopt;
  if (inside->empty()) return "{}";
  const std::vector<Part> parts = Cut(*inside, ",:");
  if (!ArePairs(parts)) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> entries;
  for (size_t i = 0; i < parts.size(); i += 2) {
    std::optional<std::string> key = Element(type.elements[0], parts[i].text, rules);
    std::optional<std::string> value = Element(type.elements[1], parts[i + 1].text, rules);
    if (!key || !value) return std::nullopt;
    std::erase_if(entries, [&](const auto& entry) { return entry.first == *key; });
    entries.emplace_back(std::move(*key), std::move(*value));
  }
  std::vector<std::string> shown;
  for (const auto& [key, value] : entries) {
    std::string entry = key;
    shown.push_back(entry.append(":").append(value));
  }
  return "{" + Join(shown, ", ") + "}";
}

// The values of the fields in their order; nothing if they are not all there.
std::optional<std::vector<std::string_view>> FieldValues(const ColumnType& type,
                                                         const std::vector<Part>& parts) {
  const size_t count = type.fields.size();
  std::vector<std::string_view> values;
  if (parts.size() == count) {
    for (const Part& part : parts) {
      if (part.end == ':') return std::nullopt;
      values.push_back(part.text);
    }
    return values;
  }
  if (parts.size() != 2 * count || !ArePairs(parts)) return std::nullopt;
  for (size_t i = 0; i < count; ++i) {
    if (!EqualsIgnoreCase(WithoutQuotes(parts[2 * i].text), type.fields[i])) return std::nullopt;
    values.push_back(parts[2 * i + 1].text);
  }
  return values;
}

std::optional<std::string> StructText(const ColumnType& type, std::string_view text,
                                      const ConversionRules& rules) {
  const std::optional<std::string_view> inside = Inside(text, '{', '}');
  if (!inside) return std::nullopt;
  const auto values = inside->empty() ? std::vector<std::string_view>(type.fields.size(), kNull)
                                      : FieldValues(type, Cut(*inside, ",:"));
  if (!values) return std::nullopt;
  std::vector<std::string> shown;
  for (size_t i = 0; i < type.fields.size(); ++i) {
    const std::optional<std::string> value = Element(type.elements[i], (*values)[i], rules);
    if (!value) return std::nullopt;
    std::string field = "\"" + type.fields[i];
    shown.push_back(field.append("\":").append(*value));
  }
  return "{" + Join(shown, ", ") + "}";
}

}  // namespace

std::optional<std::string> NestedText(const ColumnType& type, std::string_view text,
                                      const ConversionRules& rules) {
  if (type.kind == TypeKind::kArray) return ArrayText(type, text, rules);
  return type.kind == TypeKind::kMap ? MapText(type, text, rules) : StructText(type, text, rules);
}

}  // namespace millrace::minidoris
