// What the options 'debezium.column.*' say about columns by their full names,
// database.table.column: those that are read as NULL, masked or cut.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/options.h"

namespace millrace::mysql {

class ColumnRules final {
 public:
  // Null: no rules.
  explicit ColumnRules(const Options* options);

  bool IsExcluded(const std::string& column) const;
  // The number of asterisks that are read instead of a text.
  std::optional<uint32_t> MaskOf(const std::string& column) const;
  // The number of characters that are read of a text.
  std::optional<uint32_t> LengthOf(const std::string& column) const;

 private:
  using ByNumber = std::vector<std::pair<uint32_t, NamePattern>>;
  static ByNumber Parse(const Options& options, std::string_view prefix);
  static std::optional<uint32_t> Find(const ByNumber& patterns, const std::string& column);

  std::optional<NamePattern> excluded_;
  std::optional<NamePattern> included_;
  ByNumber masked_;
  ByNumber cut_;
};

}  // namespace millrace::mysql
