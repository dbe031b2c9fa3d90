// The Doris key inside a row: by it rows are sent to lanes, and by it a -U knows its +U.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "connectors/doris/table.h"
#include "row/cell.h"

namespace millrace::doris {

class RowKey final {
 public:
  RowKey(const Layout& layout, const TimeZone& zone);

  bool empty() const { return cells_.empty(); }
  // Of the values: the cells of a slot are of one kind, that of its type, and of the two kinds of
  // whole numbers only one fits a value.
  uint64_t Hash(const Cell* row) const;
  bool Same(const Cell* a, const Cell* b) const;  // no key is never the same
  std::string Describe(const Cell* row) const;    // "emp_no=10001, birth_date=1953-09-02"

 private:
  struct KeyCell {
    uint32_t slot;
    std::string name;
  };
  std::vector<KeyCell> cells_;
  std::vector<KeyCell> shown_;  // the key, or the first column where there is none
  const TimeZone zone_;
};

}  // namespace millrace::doris
