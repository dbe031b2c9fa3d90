#include "row/type.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/units.h"

namespace millrace {
namespace {

struct PlainName {
  TypeKind kind;
  std::string_view name;
};
constexpr std::array<PlainName, 11> kPlainNames = {
    {{TypeKind::kNull, "NULL"},
     {TypeKind::kBoolean, "BOOLEAN"},
     {TypeKind::kTinyInt, "TINYINT"},
     {TypeKind::kSmallInt, "SMALLINT"},
     {TypeKind::kInt, "INT"},
     {TypeKind::kBigInt, "BIGINT"},
     {TypeKind::kFloat, "FLOAT"},
     {TypeKind::kDouble, "DOUBLE"},
     {TypeKind::kDate, "DATE"},
     {TypeKind::kIntervalYear, "INTERVAL MONTH"},
     {TypeKind::kIntervalDay, "INTERVAL SECOND(3)"}}};

std::string WithLength(std::string_view name, std::string_view longest, uint32_t length) {
  return length == Type::kLengthMax ? std::string(longest) : fmt::format("{}({})", name, length);
}

std::string StructureName(const Type& type) {
  std::string inside;
  for (size_t i = 0; i < type.children().size(); ++i) {
    if (i > 0) inside += ", ";
    if (type.kind == TypeKind::kRow) inside += QuoteIdentifier(type.field_names()[i]) + " ";
    inside += ToString(type.children()[i]);
  }
  const std::string_view name = type.kind == TypeKind::kArray ? "ARRAY"
                                : type.kind == TypeKind::kMap ? "MAP"
                                                              : "ROW";
  return fmt::format("{}<{}>", name, inside);
}

std::string BareName(const Type& type) {
  for (const PlainName& plain : kPlainNames) {
    if (plain.kind == type.kind) return std::string(plain.name);
  }
  switch (type.kind) {
    case TypeKind::kDecimal:
      return fmt::format("DECIMAL({}, {})", type.precision, type.scale);
    case TypeKind::kChar:
      return fmt::format("CHAR({})", type.length);
    case TypeKind::kVarChar:
      return WithLength("VARCHAR", "STRING", type.length);
    case TypeKind::kBinary:
      return fmt::format("BINARY({})", type.length);
    case TypeKind::kVarBinary:
      return WithLength("VARBINARY", "BYTES", type.length);
    case TypeKind::kTime:
      return fmt::format("TIME({})", type.precision);
    case TypeKind::kTimestamp:
      return fmt::format("TIMESTAMP({})", type.precision);
    case TypeKind::kTimestampLtz:
      return fmt::format("TIMESTAMP_LTZ({})", type.precision);
    default:
      return StructureName(type);
  }
}

// The numbers of "NAME(a)" or "NAME(a, b)"; `name` gets what stands before.
struct Parameters {
  std::string name;
  int count = 0;
  std::array<int64_t, 2> values = {};
};

std::optional<Parameters> ParseParameters(std::string_view text) {
  Parameters parameters;
  const size_t open = text.find('(');
  parameters.name = std::string(Trim(text.substr(0, open)));
  if (open == std::string_view::npos) return parameters;
  if (text.back() != ')') return std::nullopt;
  for (const std::string& part : Split(text.substr(open + 1, text.size() - open - 2), ',')) {
    const std::optional<int64_t> value = ParseInteger(Trim(part));
    if (!value || *value < 0 || parameters.count == 2) return std::nullopt;
    parameters.values[static_cast<size_t>(parameters.count++)] = *value;
  }
  return parameters;
}

std::optional<Type> PlainType(std::string_view name) {
  for (const PlainName& plain : kPlainNames) {
    if (plain.name == name) return Type::Of(plain.kind);
  }
  return std::nullopt;
}

std::optional<Type> TypeOf(const Parameters& parameters) {
  const auto [first, second] = parameters.values;
  const std::string& name = parameters.name;
  if (parameters.count == 0) {
    if (name == "STRING") return Type::String();
    if (name == "BYTES") return Type::Bytes();
    return std::nullopt;
  }
  if (name == "DECIMAL" && parameters.count == 2 && first <= 38 && second <= first) {
    return Type::Decimal(static_cast<uint8_t>(first), static_cast<uint8_t>(second));
  }
  if (parameters.count != 1) return std::nullopt;
  constexpr std::array<PlainName, 7> kWithOne = {{{TypeKind::kChar, "CHAR"},
                                                  {TypeKind::kVarChar, "VARCHAR"},
                                                  {TypeKind::kBinary, "BINARY"},
                                                  {TypeKind::kVarBinary, "VARBINARY"},
                                                  {TypeKind::kTime, "TIME"},
                                                  {TypeKind::kTimestamp, "TIMESTAMP"},
                                                  {TypeKind::kTimestampLtz, "TIMESTAMP_LTZ"}}};
  for (const PlainName& candidate : kWithOne) {
    if (candidate.name != name) continue;
    Type type = Type::Of(candidate.kind);
    if (candidate.kind >= TypeKind::kTime) {
      if (first > 9) return std::nullopt;
      type.precision = static_cast<uint8_t>(first);
    } else {
      if (first > Type::kLengthMax) return std::nullopt;
      type.length = static_cast<uint32_t>(first);
    }
    return type;
  }
  return std::nullopt;
}

constexpr std::string_view kNotNull = " NOT NULL";

// Reads a type as ToString writes it, from the front.
class StructureReader final {
 public:
  explicit StructureReader(std::string_view text) : rest_(text) {}

  // The whole text as one type.
  std::optional<Type> ReadAll() {
    std::optional<Type> type = Read(0);
    return rest_.empty() ? type : std::nullopt;
  }

 private:
  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<Type> Read(size_t depth) {
    if (depth > kTypeDepthMax) return std::nullopt;
    std::optional<Type> type = Take("ARRAY<") ? ReadArray(depth + 1)
                               : Take("MAP<") ? ReadMap(depth + 1)
                               : Take("ROW<") ? ReadRow(depth + 1)
                                              : ReadFlat();
    if (type && Take(kNotNull)) type->nullable = false;
    return type && !IsTooComplex(*type) ? type : std::nullopt;
  }

  std::optional<Type> ReadArray(size_t depth) {
    std::optional<Type> element = Read(depth);
    if (!element || !Take(">")) return std::nullopt;
    return Type::Array(std::move(*element));
  }

  std::optional<Type> ReadMap(size_t depth) {
    std::optional<Type> key = Read(depth);
    if (!key || !Take(", ")) return std::nullopt;
    std::optional<Type> value = Read(depth);
    if (!value || !Take(">")) return std::nullopt;
    return Type::Map(std::move(*key), std::move(*value));
  }

  std::optional<Type> ReadRow(size_t depth) {
    std::vector<Type> types;
    std::vector<std::string> names;
    while (!Take(">")) {
      if (!types.empty() && !Take(", ")) return std::nullopt;
      std::optional<std::string> name = ReadName();
      if (!name || !Take(" ")) return std::nullopt;
      std::optional<Type> type = Read(depth);
      if (!type || types.size() == kTypeNodesMax) return std::nullopt;
      names.push_back(std::move(*name));
      types.push_back(std::move(*type));
    }
    return Type::Row(std::move(types), std::move(names));
  }

  // A name in backquotes, which are doubled inside.
  std::optional<std::string> ReadName() {
    if (!Take("`")) return std::nullopt;
    std::string name;
    while (!rest_.empty()) {
      if (Take("``")) {
        name += '`';
      } else if (Take("`")) {
        return name;
      } else {
        name += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return std::nullopt;
  }

  // Up to NOT NULL or the comma or bracket that follows it in a structure.
  std::optional<Type> ReadFlat() {
    size_t end = 0;
    for (bool inside = false; end < rest_.size(); ++end) {
      const char c = rest_[end];
      if (c == '(' || c == ')') inside = c == '(';
      if (c == '>' || (c == ',' && !inside)) break;
    }
    std::string_view flat = rest_.substr(0, end);
    if (flat.ends_with(kNotNull)) flat.remove_suffix(kNotNull.size());
    rest_.remove_prefix(flat.size());
    if (std::optional<Type> plain = PlainType(flat)) return plain;
    const std::optional<Parameters> parameters = ParseParameters(flat);
    return parameters ? TypeOf(*parameters) : std::nullopt;
  }

  std::string_view rest_;
};

Type Structured(TypeKind kind, std::vector<Type> types, std::vector<std::string> names) {
  TypeStructure structure{std::move(types), std::move(names)};
  for (const Type& child : structure.types) {
    const size_t depth = child.structure == nullptr ? 0 : child.structure->depth;
    structure.depth = std::max(structure.depth, depth + 1);
    structure.nodes += child.structure == nullptr ? 1 : child.structure->nodes;
  }
  structure.nodes = std::min(structure.nodes, kTypeNodesMax + 1);
  Type type = Type::Of(kind);
  type.structure = std::make_shared<const TypeStructure>(std::move(structure));
  return type;
}

}  // namespace

bool Type::operator==(const Type& other) const {
  if (kind != other.kind || nullable != other.nullable || length != other.length ||
      precision != other.precision || scale != other.scale) {
    return false;
  }
  if (structure == other.structure) return true;
  return structure != nullptr && other.structure != nullptr &&
         structure->names == other.structure->names && structure->types == other.structure->types;
}

Type Type::Array(Type element) { return Structured(TypeKind::kArray, {std::move(element)}, {}); }

Type Type::Map(Type key, Type value) {
  return Structured(TypeKind::kMap, {std::move(key), std::move(value)}, {});
}

Type Type::Row(std::vector<Type> types, std::vector<std::string> names) {
  return Structured(TypeKind::kRow, std::move(types), std::move(names));
}

std::span<const Type> Type::children() const {
  return structure == nullptr ? std::span<const Type>() : structure->types;
}

std::span<const std::string> Type::field_names() const {
  return structure == nullptr ? std::span<const std::string>() : structure->names;
}

bool IsTooComplex(const Type& type) {
  return type.structure != nullptr &&
         (type.structure->depth > kTypeDepthMax || type.structure->nodes > kTypeNodesMax);
}

std::string ToString(const Type& type) {
  return BareName(type) + (type.nullable ? "" : " NOT NULL");
}

std::optional<Type> ParseType(std::string_view text) { return StructureReader(text).ReadAll(); }

}  // namespace millrace
