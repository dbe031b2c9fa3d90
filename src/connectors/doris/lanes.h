// Which lane a row goes to. A key always hashes to the same lane, so that all its changes are in
// one load, in their order; without a key nothing says which rows belong together, and there is one
// lane.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "connectors/doris/lane.h"
#include "connectors/doris/row_key.h"
#include "connectors/doris/token.h"

namespace millrace::doris {

class Lanes final {
 public:
  // Both outlive the lanes. `count` is at least 1.
  Lanes(const LoadContext* context, const RowKey* key, int count);

  int count() const { return static_cast<int>(lanes_.size()); }
  Lane& Of(const Cell* row) { return lanes_.size() == 1 ? lanes_.front() : lanes_[IndexOf(row)]; }

  // Ends all open loads, waits for all verdicts, and adds the transactions, oldest first within a
  // lane. They have one sequence of labels, which is used up if there were any.
  Status Prepare(std::vector<Transaction>* transactions);

 private:
  size_t IndexOf(const Cell* row) const { return (key_.Hash(row) >> 32) * lanes_.size() >> 32; }

  const LoadContext& context_;
  const RowKey& key_;
  std::vector<Lane> lanes_;
};

}  // namespace millrace::doris
