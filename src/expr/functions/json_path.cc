#include "expr/functions/json_path.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace {
namespace {

constexpr size_t kPathBytesMax = 4096;
// More at once are an error: "$..*..*" leads to far more than a document has.
constexpr size_t kValuesMax = 1'000'000;

void SkipBlanks(std::string_view* text) {
  while (!text->empty() && (text->front() == ' ' || text->front() == '\t')) text->remove_prefix(1);
}

bool TakeWord(std::string_view* text, std::string_view word) {
  if (!EqualsIgnoreCase(text->substr(0, word.size()), word)) return false;
  text->remove_prefix(word.size());
  return true;
}

// Whether brackets go deeper than allowed, outside of strings.
bool TooDeep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kJsonDepthMax) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

std::optional<std::string> TakeQuotedName(std::string_view* text) {
  const char quote = text->front();
  std::string name;
  for (text->remove_prefix(1);; text->remove_prefix(1)) {
    if (text->empty()) return std::nullopt;
    if (text->front() == quote) break;
    if (text->front() == '\\' && text->size() > 1) text->remove_prefix(1);
    name += text->front();
  }
  text->remove_prefix(1);
  return name;
}

std::optional<int64_t> TakeInteger(std::string_view* text) {
  const size_t end = std::min(text->find_first_not_of("-0123456789"), text->size());
  const std::optional<int64_t> value = ParseInteger(text->substr(0, end));
  if (value) text->remove_prefix(end);
  return value;
}

bool TakeComma(std::string_view* text) {
  SkipBlanks(text);
  if (!text->starts_with(',')) return false;
  text->remove_prefix(1);
  SkipBlanks(text);
  return true;
}

// The value and all below it, each before its own.
void AddDeep(const JsonDocument& value, std::vector<const JsonDocument*>* to) {
  to->push_back(&value);
  if (!value.is_structured()) return;
  for (const JsonDocument& child : value) AddDeep(child, to);
}

}  // namespace

// What is between brackets.
bool JsonPath::TakeList(std::string_view* text, Step* step) {
  text->remove_prefix(1);
  SkipBlanks(text);
  if (text->empty()) return false;
  if (text->front() == '\'' || text->front() == '"') {
    step->kind = Step::Kind::kNames;
    do {
      if (text->empty() || (text->front() != '\'' && text->front() != '"')) return false;
      std::optional<std::string> name = TakeQuotedName(text);
      if (!name) return false;
      step->names.push_back(std::move(*name));
    } while (TakeComma(text));
  } else if (text->starts_with('*')) {
    text->remove_prefix(1);
  } else {
    step->kind = Step::Kind::kIndexes;
    step->from = TakeInteger(text);
    SkipBlanks(text);
    if (text->starts_with(':')) {
      text->remove_prefix(1);
      SkipBlanks(text);
      step->kind = Step::Kind::kSlice;
      step->to = TakeInteger(text);
      if (!step->from && !step->to) return false;
    } else {
      if (!step->from) return false;
      step->indexes.push_back(*step->from);
      while (TakeComma(text)) {
        const std::optional<int64_t> index = TakeInteger(text);
        if (!index) return false;
        step->indexes.push_back(*index);
      }
    }
  }
  SkipBlanks(text);
  if (!text->starts_with(']')) return false;
  text->remove_prefix(1);
  return true;
}

// ".size()" at the end of the path, of one value.
bool JsonPath::TakeSize(std::string_view* text) {
  for (const std::string_view function : {".size()", ".length()"}) {
    if (*text != function || many_) continue;
    size_ = true;
    text->remove_prefix(text->size());
  }
  return size_;
}

// Reads one step, or two of them for "..", from the front of `text`.
bool JsonPath::TakeStep(std::string_view* text) {
  if (text->starts_with("..")) {
    text->remove_prefix(text->starts_with("..[") ? 2 : 1);
    steps_.emplace_back().kind = Step::Kind::kDeep;
    many_ = true;
    if (text->empty()) return false;
  }
  Step step;
  if (text->front() == '[') {
    if (!TakeList(text, &step)) return false;
  } else {
    text->remove_prefix(1);
    if (text->starts_with('*')) {
      text->remove_prefix(1);
    } else {
      const size_t end = std::min(text->find_first_of(".[ \t("), text->size());
      // A parenthesis makes it a function.
      if (end == 0 || (end < text->size() && (*text)[end] != '.' && (*text)[end] != '[')) {
        return false;
      }
      step.kind = Step::Kind::kNames;
      step.names.emplace_back(text->substr(0, end));
      text->remove_prefix(end);
    }
  }
  const bool merged = step.kind == Step::Kind::kNames && text->empty();
  many_ |= !step.one() && !merged;
  steps_.push_back(std::move(step));
  return true;
}

std::optional<JsonPath> JsonPath::Compile(std::string_view text) {
  if (text.size() > kPathBytesMax) return std::nullopt;
  JsonPath path;
  text = Trim(text);
  if (TakeWord(&text, "lax ")) {
    path.lax_ = true;
  } else {
    TakeWord(&text, "strict ");
  }
  text = Trim(text);
  if (text.empty()) return std::nullopt;
  std::string rooted;
  if (text.starts_with('$')) {
    text.remove_prefix(1);
  } else {
    rooted = "." + std::string(text);
    text = rooted;
  }
  while (!text.empty()) {
    if (path.TakeSize(&text)) break;
    if (text.front() != '.' && text.front() != '[') return std::nullopt;
    if (!path.TakeStep(&text)) return std::nullopt;
  }
  return path;
}

bool JsonPath::merges() const { return !steps_.empty() && steps_.back().names.size() > 1; }

bool JsonPath::Follow(const Step& step, bool last, const Values& from, Values* to) {
  bool fits = true;
  const auto add_index = [&](const JsonDocument& value, int64_t index) {
    const auto size = static_cast<int64_t>(value.size());
    if (index < 0) index += size;
    if (index >= 0 && index < size) to->push_back(&value[static_cast<size_t>(index)]);
  };
  for (const JsonDocument* value : from) {
    if (to->size() > kValuesMax) return false;
    switch (step.kind) {
      case Step::Kind::kAll:
        if (!value->is_structured()) break;
        for (const JsonDocument& child : *value) to->push_back(&child);
        break;
      case Step::Kind::kDeep:
        AddDeep(*value, to);
        break;
      case Step::Kind::kNames:
        fits &= value->is_object();
        if (!value->is_object()) break;
        for (const std::string& name : step.names) {
          const auto member = value->find(name);
          if (member != value->end()) {
            to->push_back(&*member);
          } else {
            fits &= last;
          }
        }
        break;
      default:
        fits &= value->is_array();
        if (!value->is_array()) break;
        for (const int64_t index : step.indexes) add_index(*value, index);
        if (step.kind != Step::Kind::kSlice) break;
        const auto size = static_cast<int64_t>(value->size());
        int64_t begin = step.from.value_or(0);
        if (!step.to && begin < 0) begin = std::max<int64_t>(begin + size, 0);
        int64_t end = step.to.value_or(size);
        if (!step.from && end < 0) end += size;
        end = std::min(end, size);
        begin = std::max(begin, -size);
        for (int64_t index = begin; index < end; ++index) add_index(*value, index);
    }
  }
  return fits;
}

JsonPath::Outcome JsonPath::PutSize(const JsonDocument& value, JsonDocument* result) const {
  if (value.is_structured()) {
    *result = value.size();
  } else {
    *result = nullptr;
  }
  return Outcome::kFound;
}

JsonPath::Outcome JsonPath::Find(const JsonDocument& document, JsonDocument* result) const {
  Values found = {&document};
  Values next;
  bool one = true;  // no step before leads to several values
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const bool last = i + 1 == steps_.size() && !size_;
    if (last && !many_ && merges()) {
      if (!found.front()->is_object()) return Outcome::kMissing;
      *result = JsonDocument::object();
      for (const std::string& name : step.names) {
        const auto member = found.front()->find(name);
        if (member != found.front()->end()) (*result)[name] = *member;
      }
      return Outcome::kFound;
    }
    next.clear();
    const bool fits = Follow(step, last, found, &next);
    if (!fits && one) {
      if (!many_ || !lax_) return Outcome::kMissing;
    }
    one &= step.one();
    std::swap(found, next);
    if (found.empty() && !many_) return Outcome::kMissing;
  }
  if (size_) return PutSize(*found.front(), result);
  if (!many_) {
    *result = *found.front();
    return Outcome::kFound;
  }
  *result = JsonDocument::array();
  for (const JsonDocument* value : found) result->push_back(*value);
  return Outcome::kFound;
}

std::optional<JsonDocument> ParseJson(std::string_view text) {
  if (TooDeep(text)) return std::nullopt;
  JsonDocument document = JsonDocument::parse(text, nullptr, false);
  if (document.is_discarded()) return std::nullopt;
  return document;
}

std::string JsonText(const JsonDocument& value) {
  return value.dump(-1, ' ', false, JsonDocument::error_handler_t::replace);
}

}  // namespace millrace
