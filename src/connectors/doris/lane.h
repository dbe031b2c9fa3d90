// The loads of one lane, one at a time. Rows are written into its buffer; the first one begins a
// load, a full buffer is sent, and a load that nears the limit is ended and continued under the
// next label, as another segment of the checkpoint.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "connectors/doris/load.h"
#include "connectors/doris/token.h"
#include "net/upload.h"

namespace millrace::doris {

class Lane final {
 public:
  // The context outlives the lane. `number` is the lane's, from 0.
  Lane(const LoadContext* context, int number) : context_(*context), number_(number) {}

  // The hot path: where there is room(), a row is written to end() and added with its length.
  size_t room() const { return buffer_.room(); }
  char* end() { return buffer_.end(); }
  void Add(size_t length) {
    buffer_.size += length;
    ++rows_;
  }

  // Sees to it that a load is open, and that there is room for `bytes` bytes. A row that no buffer
  // can hold still finds less room than it needs: that is what AddLongRow is for.
  Status MakeRoom(size_t bytes);
  // Adds a row of any length, over several buffers.
  Status AddLongRow(std::string_view row);

  // A checkpoint: first End of every lane, then Finish of every lane, which waits for the verdict.
  // Neither does anything if there are no rows.
  Status End();
  Status Finish();
  // What is safe since the last call, oldest first. The next load is segment 1 of a checkpoint.
  std::vector<Transaction> TakePrepared();

 private:
  Status Begin();
  // Leaves no buffer, so that after a failure there is no room for another row.
  Status SendBuffer() { return load_->Send(std::exchange(buffer_, {})); }

  // Constant.
  const LoadContext& context_;
  const int number_;

  std::unique_ptr<Load> load_;  // null: none is open
  UploadBuffer buffer_;         // of the open load
  int64_t rows_ = 0;            // of the open load
  int segment_ = 0;             // of the checkpoint, from 1
  std::vector<Transaction> prepared_;
};

}  // namespace millrace::doris
