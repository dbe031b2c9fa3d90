#include "connectors/doris/lanes.h"

#include <iterator>

namespace millrace::doris {

Lanes::Lanes(const LoadContext* context, const Labels* labels, Numbering* numbering,
             const RowKey* key, int count, int64_t load_bytes_max)
    : key_(*key), numbering_(*numbering) {
  if (key->empty()) count = 1;
  for (int i = 0; i < count; ++i) {
    lanes_.emplace_back(context, labels, numbering, i, load_bytes_max);
  }
}

Status Lanes::Prepare(std::vector<Transaction>* transactions) {
  for (Lane& lane : lanes_) MR_RETURN_IF_ERROR(lane.End());
  for (Lane& lane : lanes_) MR_RETURN_IF_ERROR(lane.Finish());
  bool any = false;
  for (Lane& lane : lanes_) {
    std::vector<Transaction> prepared = lane.TakePrepared();
    any = any || !prepared.empty();
    std::move(prepared.begin(), prepared.end(), std::back_inserter(*transactions));
  }
  if (any) ++numbering_.sequence;
  return Status::Ok();
}

}  // namespace millrace::doris
