#include "connectors/mysql/preflight/grants.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "connectors/mysql/preflight/words.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kAll[] = {"ALL PRIVILEGES", "ALL"};
// Those that can be given on a single column.
constexpr std::string_view kOfColumns[] = {"SELECT", "INSERT", "UPDATE", "REFERENCES"};

}  // namespace

bool MatchesGrantPattern(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '%') {
    for (size_t skipped = 0; skipped <= name.size(); ++skipped) {
      if (MatchesGrantPattern(pattern.substr(1), name.substr(skipped))) return true;
    }
    return false;
  }
  const bool escaped = pattern[0] == '\\' && pattern.size() > 1;
  if (escaped) pattern.remove_prefix(1);
  if (name.empty()) return false;
  if ((escaped || pattern[0] != '_') && pattern[0] != name[0]) return false;
  return MatchesGrantPattern(pattern.substr(1), name.substr(1));
}

// False for a line that gives a role, or is about something else than tables.
bool Grants::ParseLine(std::string_view line, Grant* grant) {
  Words words(line);
  auto word = words.Next();
  if (!word || (!word->Is("GRANT") && !word->Is("REVOKE"))) return false;
  grant->is_revoked = word->Is("REVOKE");
  std::string privilege;
  bool on_columns = false;
  int depth = 0;
  for (word = words.Next(); word && (depth > 0 || !word->Is("ON")); word = words.Next()) {
    if (word->Is("(")) {
      ++depth;
      on_columns = true;
    } else if (word->Is(")")) {
      --depth;
    } else if (word->Is(",") && depth == 0) {
      if (!on_columns) grant->privileges.insert(privilege);
      privilege.clear();
      on_columns = false;
    } else if (depth == 0) {
      privilege += (privilege.empty() ? "" : " ") + ToUpper(word->text);
    }
  }
  if (!word) return false;  // no ON: a role
  if (!on_columns) grant->privileges.insert(privilege);
  word = words.Next();
  if (word && word->Is("TABLE")) word = words.Next();
  if (!word) return false;
  const std::string database = word->text;
  const auto point = words.Next();
  const auto table = words.Next();
  if (!point || point->text != "." || !table) return false;  // ON FUNCTION ..., of a PROXY
  if (database != "*") grant->database = database;
  if (table->text != "*" || table->is_name) grant->table = table->text;
  return true;
}

Grants Grants::Parse(const std::vector<std::string>& lines) {
  Grants grants;
  for (const std::string& line : lines) {
    Grant grant;
    if (!ParseLine(line, &grant)) continue;
    if (grant.table.empty()) {
      grants.grants_.push_back(std::move(grant));
    } else {
      grants.of_tables_.emplace(TableKey(grant.database, grant.table), std::move(grant));
    }
  }
  return grants;
}

bool Grants::Grant::Covers(const TableKey& key) const {
  if (database.empty()) return true;
  return MatchesGrantPattern(database, key.first);
}

bool Grants::Grant::Has(std::string_view privilege) const {
  return privileges.contains(std::string(privilege)) ||
         std::any_of(std::begin(kAll), std::end(kAll), [this](std::string_view all) {
           return privileges.contains(std::string(all));
         });
}

bool Grants::OnAll(std::string_view privilege) const {
  return std::any_of(grants_.begin(), grants_.end(), [&](const Grant& grant) {
    return !grant.is_revoked && grant.database.empty() && grant.Has(privilege);
  });
}

bool Grants::OnTable(std::string_view privilege, const TableKey& table) const {
  const auto any = [&](bool is_revoked) {
    return std::any_of(grants_.begin(), grants_.end(), [&](const Grant& grant) {
      return grant.is_revoked == is_revoked && grant.Has(privilege) && grant.Covers(table);
    });
  };
  const auto [begin, end] = of_tables_.equal_range(table);
  const bool on_it =
      std::any_of(begin, end, [&](const auto& entry) { return entry.second.Has(privilege); });
  return on_it || (any(false) && !any(true));
}

bool Grants::ShowAllColumns(const TableKey& table) const {
  return std::any_of(std::begin(kOfColumns), std::end(kOfColumns),
                     [&](std::string_view privilege) { return OnTable(privilege, table); });
}

}  // namespace millrace::mysql
