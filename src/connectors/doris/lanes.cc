#include "connectors/doris/lanes.h"

#include <iterator>

namespace millrace::doris {

Lanes::Lanes(const LoadContext* context, const RowKey* key, int count)
    : context_(*context), key_(*key) {
  if (key->empty()) count = 1;
  for (int i = 0; i < count; ++i) lanes_.emplace_back(context, i);
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
  if (any) ++context_.numbering->sequence;
  return Status::Ok();
}

}  // namespace millrace::doris
