// The CRC32 at the end of a binlog event, compared before anything of the event is believed. Every
// file says in its FORMAT_DESCRIPTION event whether its events have one, so a server whose
// binlog_checksum changes is followed from file to file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace millrace::mysql {

inline constexpr size_t kChecksumBytes = 4;

// CRC32 as in the binlog. `before`: the sum of the bytes that came before these.
uint32_t Crc32(std::span<const uint8_t> bytes, uint32_t before = 0);
// Of an event with its sum at the end: whether that is the sum of the rest.
bool HasValidChecksum(std::span<const uint8_t> event);

class EventChecksum final {
 public:
  // A new stream begins: until a FORMAT_DESCRIPTION event comes, sums are expected.
  void Reset() { enabled_ = true; }
  // Whether events have sums, as the latest FORMAT_DESCRIPTION said.
  bool enabled() const { return enabled_; }

  // Checks a whole event, header included, and learns from FORMAT_DESCRIPTION events. Returns how
  // many bytes of sum are at its end (0 or kChecksumBytes); nothing if bytes of it were changed.
  std::optional<size_t> Check(std::span<const uint8_t> event);

 private:
  std::optional<size_t> CheckFormatDescription(std::span<const uint8_t> event);

  bool enabled_ = true;
};

// An event that is decoded while it comes in pieces: tells its body from its sum, and compares that
// at the end.
class StreamedEvent final {
 public:
  // `head`: the first piece, at least its header.
  StreamedEvent(std::span<const uint8_t> head, bool has_checksum);

  // Takes the next piece, `head` first; returns the part of it that belongs to the body.
  std::span<const uint8_t> Add(std::span<const uint8_t> piece);
  // Whether as many bytes came as the header says, no more, and the sum is right if there is one.
  bool IsValid() const;

 private:
  bool has_checksum_;
  uint64_t header_left_;
  uint64_t body_left_;
  uint64_t surplus_ = 0;  // bytes after the end
  uint32_t crc_ = 0;
  uint32_t stored_ = 0;
  size_t stored_bytes_ = 0;  // of stored_ that came
};

}  // namespace millrace::mysql
