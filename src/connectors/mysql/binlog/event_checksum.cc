#include "connectors/mysql/binlog/event_checksum.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "connectors/mysql/binlog/log_event.h"

namespace millrace::mysql {
namespace {

constexpr size_t kFlagsAt = 17;
constexpr uint8_t kInUseFlag = 1;  // LOG_EVENT_BINLOG_IN_USE_F
constexpr uint8_t kNoChecksum = 0;
constexpr uint8_t kCrc32 = 1;
constexpr size_t kRotatePositionBytes = 8;

// "bin.000002": what a ROTATE without a sum ends with. Four bytes of a sum after such a name are
// not digits, but for one event in 600,000.
bool EndsWithFileNumber(std::string_view name) {
  const size_t point = name.rfind('.');
  if (point == std::string_view::npos || point + 1 == name.size()) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::all_of(name.begin() + static_cast<ptrdiff_t>(point) + 1, name.end(), is_digit);
}

}  // namespace

uint32_t Crc32(std::span<const uint8_t> bytes, uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

bool HasValidChecksum(std::span<const uint8_t> event) {
  if (event.size() < kChecksumBytes) return false;
  uint32_t stored = 0;
  std::memcpy(&stored, event.data() + event.size() - kChecksumBytes, sizeof stored);
  return stored == Crc32(event.first(event.size() - kChecksumBytes));
}

std::optional<size_t> EventChecksum::Check(std::span<const uint8_t> event) {
  if (event.size() < kEventHeaderBytes) return std::nullopt;
  const uint8_t type = event[kEventTypeAt];
  if (type == kFormatDescriptionEvent) return CheckFormatDescription(event);
  if (type == kRotateEvent) {
    // One that the server makes up when it opens a file may come before the first
    // FORMAT_DESCRIPTION, or follow the setting of the file before: its bytes decide.
    if (HasValidChecksum(event)) return kChecksumBytes;
    const size_t name_at = kEventHeaderBytes + kRotatePositionBytes;
    if (event.size() <= name_at) return std::nullopt;
    const std::string_view name(reinterpret_cast<const char*>(event.data()) + name_at,
                                event.size() - name_at);
    return EndsWithFileNumber(name) ? std::optional<size_t>(0) : std::nullopt;
  }
  if (!enabled_) return 0;
  return HasValidChecksum(event) ? std::optional(kChecksumBytes) : std::nullopt;
}

// Its last bytes are the algorithm and, whatever that is, room for a sum.
std::optional<size_t> EventChecksum::CheckFormatDescription(std::span<const uint8_t> event) {
  if (event.size() < kEventHeaderBytes + 1 + kChecksumBytes) return std::nullopt;
  const uint8_t algorithm = event[event.size() - kChecksumBytes - 1];
  if (algorithm != kNoChecksum && algorithm != kCrc32) return std::nullopt;
  if (algorithm == kCrc32 && !HasValidChecksum(event)) {
    // The sum is that of a file that was closed properly.
    std::vector<uint8_t> closed(event.begin(), event.end());
    closed[kFlagsAt] &= static_cast<uint8_t>(~kInUseFlag);
    if (!HasValidChecksum(closed)) return std::nullopt;
  }
  enabled_ = algorithm == kCrc32;
  return kChecksumBytes;
}

StreamedEvent::StreamedEvent(std::span<const uint8_t> head, bool has_checksum)
    : has_checksum_(has_checksum), header_left_(kEventHeaderBytes) {
  const uint64_t around = kEventHeaderBytes + (has_checksum ? kChecksumBytes : 0);
  const uint64_t size = EventBytes(head);
  body_left_ = size > around ? size - around : 0;
}

std::span<const uint8_t> StreamedEvent::Add(std::span<const uint8_t> piece) {
  const size_t header = std::min<uint64_t>(piece.size(), header_left_);
  const size_t body = std::min<uint64_t>(piece.size() - header, body_left_);
  header_left_ -= header;
  body_left_ -= body;
  crc_ = Crc32(piece.first(header + body), crc_);
  const std::span<const uint8_t> rest = piece.subspan(header + body);
  const size_t sum = has_checksum_ ? std::min(rest.size(), kChecksumBytes - stored_bytes_) : 0;
  std::memcpy(reinterpret_cast<uint8_t*>(&stored_) + stored_bytes_, rest.data(), sum);
  stored_bytes_ += sum;
  surplus_ += rest.size() - sum;
  return piece.subspan(header, body);
}

bool StreamedEvent::IsValid() const {
  if (header_left_ > 0 || body_left_ > 0 || surplus_ > 0) return false;
  return !has_checksum_ || (stored_bytes_ == kChecksumBytes && stored_ == crc_);
}

}  // namespace millrace::mysql
