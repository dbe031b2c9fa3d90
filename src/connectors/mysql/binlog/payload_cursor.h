// The events inside a TRANSACTION_PAYLOAD event (a compressed transaction of MySQL), unpacked as
// they are asked for: what is held is the packed bytes that came and were not used yet, the window
// of zstd, and one event.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"

struct ZSTD_DCtx_s;

namespace millrace::mysql {

class PayloadCursor final {
 public:
  // `body`: the start of the event's body, with all fields before the payload proper (they take a
  // few bytes), or all of it. Permanent error if it is malformed or packed by an unknown algorithm.
  static Result<std::unique_ptr<PayloadCursor>> Open(std::span<const uint8_t> body);

  // Adds the bytes of the body that follow; they are copied.
  void Append(std::span<const uint8_t> bytes);

  // The next event, without checksum, valid until the next call. Nothing: more bytes are needed,
  // or all events were read.
  Result<std::optional<std::span<const uint8_t>>> Next();

  // Whether nothing is left over after Next returned nothing, so that the body may end here.
  bool IsComplete() const;

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  PayloadCursor() = default;
  // Unpacks some more; false if there is nothing to unpack.
  Result<bool> Unpack();
  // The size of the event at the start of what is unpacked; 0 if its header did not come yet.
  size_t NextEventBytes() const;

  std::unique_ptr<ZSTD_DCtx_s, FreeContext> context_;  // null: the payload is not packed
  uint64_t raw_bytes_ = 0;                             // of all events; 0: not known
  uint64_t unpacked_bytes_ = 0;
  bool output_pending_ = false;  // zstd has unpacked more than there was room for
  bool frame_open_ = false;
  std::vector<uint8_t> packed_;
  size_t packed_at_ = 0;
  std::vector<uint8_t> unpacked_;  // the next events are [begin_, end_)
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace millrace::mysql
