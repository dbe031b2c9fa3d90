#include "expr/functions/json_path.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace {
namespace {

constexpr size_t kPathBytesMax = 4096;

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

}  // namespace

// Reads one step from the front of `text`.
bool JsonPath::TakeStep(std::string_view* text, Step* step) {
  if (text->front() == '.') {
    text->remove_prefix(1);
    if (text->starts_with('*')) {
      text->remove_prefix(1);
      return true;
    }
    const size_t end = std::min(text->find_first_of(".[ "), text->size());
    step->kind = Step::Kind::kName;
    step->name = text->substr(0, end);
    text->remove_prefix(end);
    return !step->name.empty();
  }
  text->remove_prefix(1);  // the bracket
  SkipBlanks(text);
  if (text->empty()) return false;
  if (const char quote = text->front(); quote == '\'' || quote == '"') {
    text->remove_prefix(1);
    step->kind = Step::Kind::kName;
    for (;; text->remove_prefix(1)) {
      if (text->empty()) return false;
      if (text->front() == quote) break;
      if (text->front() == '\\' && text->size() > 1) text->remove_prefix(1);
      step->name += text->front();
    }
    text->remove_prefix(1);
  } else if (text->starts_with('*')) {
    text->remove_prefix(1);
  } else {
    const size_t end = std::min(text->find_first_of("] "), text->size());
    const std::optional<int64_t> index = ParseInteger(text->substr(0, end));
    if (!index) return false;
    step->kind = Step::Kind::kIndex;
    step->index = *index;
    text->remove_prefix(end);
  }
  SkipBlanks(text);
  if (!text->starts_with(']')) return false;
  text->remove_prefix(1);
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
  if (!text.starts_with('$')) return std::nullopt;
  text.remove_prefix(1);
  for (;;) {
    SkipBlanks(&text);
    if (text.empty()) return path;
    if (text.front() != '.' && text.front() != '[') return std::nullopt;
    Step step;
    if (!TakeStep(&text, &step)) return std::nullopt;
    path.many_ |= step.kind == Step::Kind::kAll;
    path.steps_.push_back(std::move(step));
  }
}

JsonPath::Outcome JsonPath::Find(const JsonDocument& document, JsonDocument* result) const {
  std::vector<const JsonDocument*> found = {&document};
  for (const Step& step : steps_) {
    std::vector<const JsonDocument*> next;
    for (const JsonDocument* value : found) {
      if (step.kind == Step::Kind::kAll) {
        if (!value->is_structured()) continue;
        for (const JsonDocument& child : *value) next.push_back(&child);
      } else if (step.kind == Step::Kind::kName) {
        if (!value->is_object()) continue;
        const auto member = value->find(step.name);
        if (member != value->end()) next.push_back(&*member);
      } else if (value->is_array()) {
        const auto size = static_cast<int64_t>(value->size());
        const int64_t index = step.index < 0 ? size + step.index : step.index;
        if (index >= 0 && index < size) next.push_back(&(*value)[static_cast<size_t>(index)]);
      }
    }
    found = std::move(next);
  }
  if (!many_) {
    if (found.empty()) return Outcome::kMissing;
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
