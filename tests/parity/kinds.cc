#include "kinds.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "base/files.h"
#include "base/json.h"

namespace {

using millrace::Json;
using millrace::Regex;
using millrace::Result;
using millrace::Status;

bool Finds(std::optional<Regex>* pattern, std::string_view text) {
  if (!*pattern) return true;
  const Result<bool> found = (*pattern)->Find(text);
  return found.ok() && *found;
}

std::optional<double> Number(std::string_view text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

bool AreNear(std::string_view a, std::string_view b, double share) {
  const auto left = Number(a);
  const auto right = Number(b);
  if (!left || !right) return false;
  return std::abs(*left - *right) <= share * std::max(std::abs(*left), std::abs(*right));
}

// The pattern of a member, if there is one.
Status ReadPattern(const Json& json, std::string_view member, std::optional<Regex>* pattern) {
  if (!json.Has(member)) return Status::Ok();
  *pattern = Regex::Compile(json[member].AsString().value_or("("));
  if (*pattern) return Status::Ok();
  return Status::Permanent(
      fmt::format("kind {}: '{}' is not a pattern", json["name"].ToText(), member));
}

// Lines of a paragraph as one, so that a sentence is found wherever it is broken.
std::string Flowing(std::string_view text) {
  std::string flowing;
  for (const char c : text) {
    const char plain = c == '\n' ? ' ' : c;
    if (plain != ' ' || !flowing.ends_with(' ')) flowing += plain;
  }
  return flowing;
}

}  // namespace

bool Kind::Explains(std::string_view text, std::string_view flink_value,
                    std::string_view our_value) {
  if (relative != 0 && !AreNear(flink_value, our_value, relative)) return false;
  return Finds(&expression, text) && Finds(&flink, flink_value) && Finds(&ours, our_value);
}

Result<std::vector<Kind>> ReadKinds(const std::string& path, std::string_view docs) {
  MR_ASSIGN_OR_RETURN(const std::string text, millrace::SystemFiles().Read(path));
  MR_ASSIGN_OR_RETURN(const Json json, Json::Parse(text));
  const std::string documentation = Flowing(docs);
  std::vector<Kind> kinds;
  for (const Json& item : json.items()) {
    Kind kind;
    kind.name = item["name"].AsString().value_or("");
    kind.documented = item["documented"].AsString().value_or("");
    kind.relative = item["relative"].AsDouble().value_or(0);
    MR_RETURN_IF_ERROR(ReadPattern(item, "expression", &kind.expression));
    MR_RETURN_IF_ERROR(ReadPattern(item, "flink", &kind.flink));
    MR_RETURN_IF_ERROR(ReadPattern(item, "ours", &kind.ours));
    if (kind.documented.empty() || documentation.find(kind.documented) == std::string::npos) {
      return Status::Permanent(
          fmt::format("kind {}: the documentation does not say '{}'", kind.name, kind.documented));
    }
    kinds.push_back(std::move(kind));
  }
  return kinds;
}
