#include "connectors/mysql/binlog/payload_cursor.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "connectors/mysql/binlog/log_event.h"

namespace millrace::mysql {
namespace {

// payload ::= {field-type length value} 0, then the (packed) events
// (MySQL, libs/mysql/binlog/event/codecs/binary.cpp)
constexpr uint64_t kEndOfFields = 0;
constexpr uint64_t kAlgorithmField = 2;
constexpr uint64_t kRawSizeField = 3;
constexpr uint64_t kZstd = 0;
constexpr uint64_t kNotPacked = 255;

constexpr size_t kUnpackBytes = 128 * 1024;                 // unpacked at a time
constexpr uint64_t kEventBytesMax = 1024ull * 1024 * 1024;  // max_allowed_packet at most

Status Malformed() {
  return Status::Permanent("a TRANSACTION_PAYLOAD event of the binlog is malformed");
}

}  // namespace

void PayloadCursor::FreeContext::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

Result<std::unique_ptr<PayloadCursor>> PayloadCursor::Open(std::span<const uint8_t> body) {
  ByteReader reader(body);
  uint64_t algorithm = kNotPacked;
  std::unique_ptr<PayloadCursor> cursor(new PayloadCursor());
  for (;;) {
    const uint64_t kind = reader.LengthEncoded();
    if (!reader.ok()) return Malformed();
    if (kind == kEndOfFields) break;
    const std::string_view field = reader.Bytes(reader.LengthEncoded());
    ByteReader value({reinterpret_cast<const uint8_t*>(field.data()), field.size()});
    if (kind == kAlgorithmField) algorithm = value.LengthEncoded();
    if (kind == kRawSizeField) cursor->raw_bytes_ = value.LengthEncoded();
  }
  if (algorithm == kZstd) {
    cursor->context_.reset(ZSTD_createDCtx());
    if (cursor->context_ == nullptr) return Status::Transient("out of memory");
  } else if (algorithm != kNotPacked) {
    return Status::Permanent(fmt::format(
        "the binlog holds a transaction compressed with unknown algorithm {}; SET GLOBAL "
        "binlog_transaction_compression = OFF on the server",
        algorithm));
  }
  cursor->Append(body.last(reader.remaining()));
  return cursor;
}

void PayloadCursor::Append(std::span<const uint8_t> bytes) {
  packed_.erase(packed_.begin(), packed_.begin() + static_cast<ptrdiff_t>(packed_at_));
  packed_at_ = 0;
  packed_.insert(packed_.end(), bytes.begin(), bytes.end());
}

size_t PayloadCursor::NextEventBytes() const {
  if (end_ - begin_ < kEventHeaderBytes) return 0;
  return EventBytes(std::span(unpacked_).subspan(begin_, kEventHeaderBytes));
}

Result<bool> PayloadCursor::Unpack() {
  const std::span<const uint8_t> input = std::span(packed_).subspan(packed_at_);
  if (input.empty() && !output_pending_) return false;
  if (begin_ > 0) {
    std::memmove(unpacked_.data(), unpacked_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Grows with what really comes, whatever size the event claims to have.
  if (unpacked_.size() - end_ < kUnpackBytes)
    unpacked_.resize(std::max(2 * end_, 2 * kUnpackBytes));
  uint8_t* const out = unpacked_.data() + end_;
  const size_t room = unpacked_.size() - end_;
  size_t written = 0;
  if (context_ == nullptr) {
    written = std::min(room, input.size());
    std::memcpy(out, input.data(), written);
    packed_at_ += written;
  } else {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer to{out, room, 0};
    const size_t rest = ZSTD_decompressStream(context_.get(), &to, &in);
    if (ZSTD_isError(rest) != 0) return Malformed();
    written = to.pos;
    packed_at_ += in.pos;
    output_pending_ = to.pos == to.size;
    frame_open_ = rest != 0;
    if (written == 0 && in.pos == 0 && !input.empty()) return Malformed();
  }
  end_ += written;
  unpacked_bytes_ += written;
  return true;
}

Result<std::optional<std::span<const uint8_t>>> PayloadCursor::Next() {
  for (;;) {
    const size_t size = NextEventBytes();
    if (size > kEventBytesMax || (size > 0 && size < kEventHeaderBytes)) return Malformed();
    if (size > 0 && size <= end_ - begin_) {
      const std::span<const uint8_t> event = std::span(unpacked_).subspan(begin_, size);
      begin_ += size;
      return std::optional(event);
    }
    MR_ASSIGN_OR_RETURN(const bool more, Unpack());
    if (!more) return std::optional<std::span<const uint8_t>>();
  }
}

bool PayloadCursor::IsComplete() const {
  return begin_ == end_ && !frame_open_ && (raw_bytes_ == 0 || raw_bytes_ == unpacked_bytes_);
}

}  // namespace millrace::mysql
