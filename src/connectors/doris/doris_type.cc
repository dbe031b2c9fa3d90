#include "connectors/doris/doris_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace millrace::doris {
namespace {

constexpr int kDepthMax = 32;

// Every step returns false if the text is something else.
class TypeParser final {
 public:
  explicit TypeParser(std::string_view text) : text_(text) {}

  bool Run(DorisType* type) { return Read(type, 0) && at_ == text_.size(); }

 private:
  bool Read(DorisType* type, int depth) {
    if (depth > kDepthMax) return false;
    type->name = Word();
    if (type->name.empty()) return false;
    if (Accept('(')) at_ = std::min(text_.find(')', at_), text_.size() - 1) + 1;
    if (!Accept('<')) return true;
    do {
      if (type->name == "struct") {
        type->fields.push_back(Word());
        if (!Accept(':')) return false;
      }
      DorisType element;
      if (!Read(&element, depth + 1)) return false;
      type->elements.push_back(std::move(element));
    } while (Accept(','));
    return Accept('>');
  }

  std::string Word() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    const size_t begin = at_;
    while (at_ < text_.size() && std::string_view("<>(),:").find(text_[at_]) == std::string::npos) {
      ++at_;
    }
    std::string_view word = Trim(text_.substr(begin, at_ - begin));
    if (word.size() > 1 && word.front() == '`' && word.back() == '`') {
      word = word.substr(1, word.size() - 2);
    }
    return ToLower(word);
  }

  bool Accept(char c) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  const std::string_view text_;
  size_t at_ = 0;
};

std::string_view WantedName(TypeKind kind) {
  return kind == TypeKind::kArray ? "array" : kind == TypeKind::kMap ? "map" : "struct";
}

}  // namespace

bool HasElements(std::string_view name) {
  return name == "array" || name == "map" || name == "struct";
}

std::optional<DorisType> ParseDorisType(std::string_view text) {
  DorisType type;
  if (!TypeParser(Trim(text)).Run(&type)) return std::nullopt;
  return type;
}

bool FitsElements(const Type& type, const DorisType& target) {
  if (!type.is_structured()) return !HasElements(target.name);
  if (target.name != WantedName(type.kind)) return false;
  if (target.elements.size() != type.children().size()) return false;
  for (size_t i = 0; i < target.elements.size(); ++i) {
    const bool named = type.kind == TypeKind::kRow;
    if (named && !EqualsIgnoreCase(type.field_names()[i], target.fields[i])) return false;
    if (!FitsElements(type.children()[i], target.elements[i])) return false;
  }
  return true;
}

std::string SuggestedDorisType(const Type& type) {
  switch (type.kind) {
    case TypeKind::kArray:
      return fmt::format("ARRAY<{}>", SuggestedDorisType(type.children()[0]));
    case TypeKind::kMap:
      return fmt::format("MAP<{}, {}>", SuggestedDorisType(type.children()[0]),
                         SuggestedDorisType(type.children()[1]));
    case TypeKind::kRow: {
      std::vector<std::string> fields;
      for (size_t i = 0; i < type.children().size(); ++i) {
        fields.push_back(
            fmt::format("{}: {}", type.field_names()[i], SuggestedDorisType(type.children()[i])));
      }
      return fmt::format("STRUCT<{}>", Join(fields, ", "));
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return fmt::format("DATETIME({})", type.precision < 6 ? type.precision : 6);
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInt:
    case TypeKind::kBigInt:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kDate:
      return ToString(type.Nullable());
    default:
      return "STRING";
  }
}

}  // namespace millrace::doris
