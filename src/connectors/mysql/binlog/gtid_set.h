// A set of MySQL transactions: "uuid:1-40:50,uuid2:1-7". Tagged ones (MySQL 8.4, "uuid:tag:1-5")
// are kept as sets of their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::mysql {

class GtidSet final {
 public:
  // Blanks and line feeds allowed. Nothing if it is not a set.
  static std::optional<GtidSet> Parse(std::string_view text);

  bool empty() const { return sources_.empty(); }
  // True if a tagged source is inside; such sets have no COM_BINLOG_DUMP_GTID encoding here.
  bool has_tags() const;
  void Add(const std::string& source, uint64_t number);
  bool Contains(const std::string& source, uint64_t number) const;
  std::string ToString() const;
  // The data of COM_BINLOG_DUMP_GTID: count 8, then 16 bytes of uuid, interval count 8, {start 8,
  // end 8 (exclusive)}.
  std::string Encode() const;

  bool operator==(const GtidSet&) const = default;

 private:
  struct Interval {
    uint64_t first;
    uint64_t last;
    bool operator==(const Interval&) const = default;
  };
  void AddInterval(const std::string& source, Interval interval);

  std::map<std::string, std::vector<Interval>> sources_;  // sorted, disjoint, not adjacent
};

}  // namespace millrace::mysql
