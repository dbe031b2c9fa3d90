#include "connectors/doris/lane.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace millrace::doris {

Status Lane::Begin() {
  ++segment_;
  rows_ = 0;
  Numbering& numbering = *context_.numbering;
  LoadName name{numbering.incarnation, numbering.sequence + 1, number_, segment_};
  MR_ASSIGN_OR_RETURN(load_, Load::Begin(context_, &name));
  numbering.incarnation = name.incarnation;
  buffer_ = load_->Take();
  return Status::Ok();
}

Status Lane::MakeRoom(size_t bytes) {
  if (load_ != nullptr &&
      load_->bytes() + static_cast<int64_t>(buffer_.size + bytes) > context_.load_bytes_max) {
    MR_RETURN_IF_ERROR(End());
    MR_RETURN_IF_ERROR(Finish());
  }
  if (load_ == nullptr) return Begin();
  if (room() >= bytes) return Status::Ok();
  MR_RETURN_IF_ERROR(SendBuffer());
  buffer_ = load_->Take();
  return Status::Ok();
}

Status Lane::AddLongRow(std::string_view row) {
  MR_RETURN_IF_ERROR(MakeRoom(1));
  while (!row.empty()) {
    if (room() == 0) {
      MR_RETURN_IF_ERROR(SendBuffer());
      buffer_ = load_->Take();
    }
    const size_t length = std::min(row.size(), room());
    std::memcpy(end(), row.data(), length);
    buffer_.size += length;
    row.remove_prefix(length);
  }
  ++rows_;
  return Status::Ok();
}

Status Lane::End() {
  if (load_ == nullptr) return Status::Ok();
  MR_RETURN_IF_ERROR(SendBuffer());
  load_->End();
  return Status::Ok();
}

Status Lane::Finish() {
  if (load_ == nullptr) return Status::Ok();
  const std::unique_ptr<Load> load = std::move(load_);
  buffer_ = {};
  MR_ASSIGN_OR_RETURN(Transaction transaction, load->Finish(rows_));
  prepared_.push_back(std::move(transaction));
  return Status::Ok();
}

std::vector<Transaction> Lane::TakePrepared() {
  segment_ = 0;
  return std::exchange(prepared_, {});
}

}  // namespace millrace::doris
