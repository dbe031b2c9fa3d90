// The events of a binlog, as far as a reader of rows needs them. Names are MySQL's. Nothing is
// trusted: every length is checked, and a malformed event is a failure, never a crash.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::mysql {

enum EventType : uint8_t {
  kQueryEvent = 2,
  kStopEvent = 3,
  kRotateEvent = 4,
  kFormatDescriptionEvent = 15,
  kXidEvent = 16,
  kExecuteLoadQueryEvent = 18,
  kTableMapEvent = 19,
  kWriteRowsV1 = 23,
  kUpdateRowsV1 = 24,
  kDeleteRowsV1 = 25,
  kIncidentEvent = 26,
  kHeartbeatEvent = 27,
  kRowsQueryEvent = 29,
  kWriteRowsV2 = 30,
  kUpdateRowsV2 = 31,
  kDeleteRowsV2 = 32,
  kGtidEvent = 33,
  kAnonymousGtidEvent = 34,
  kPreviousGtidsEvent = 35,
  kXaPrepareEvent = 38,
  kPartialUpdateRowsEvent = 39,
  kTransactionPayloadEvent = 40,
  kHeartbeatV2Event = 41,
  kGtidTaggedEvent = 42,
  kMariaGtidEvent = 162,
  kMariaQueryCompressed = 165,
  kMariaWriteRowsCompressed = 166,
  kMariaUpdateRowsCompressed = 167,
  kMariaDeleteRowsCompressed = 168,
};

// header ::= timestamp (4) type (1) server-id (4) size (4) next-position (4) flags (2)
inline constexpr size_t kEventHeaderBytes = 19;
inline constexpr size_t kEventTypeAt = 4;
inline constexpr uint16_t kArtificialFlag = 0x20;

struct Event {
  uint32_t timestamp = 0;
  uint8_t type = 0;
  uint32_t next_position = 0;  // 0: the position does not move
  uint16_t flags = 0;
  std::span<const uint8_t> body;  // without header and checksum
};

// The size of an event with header and checksum, as its header says.
uint32_t EventBytes(std::span<const uint8_t> header);

// The header and the rest of an event; nothing if it is too short. `checksum_bytes` are cut off.
std::optional<Event> ParseEvent(std::span<const uint8_t> bytes, size_t checksum_bytes);

enum class RowsKind : uint8_t { kWrite, kUpdate, kDelete };

struct RowsEvent {
  uint64_t table_id = 0;
  RowsKind kind = RowsKind::kWrite;
  uint64_t columns = 0;
  std::span<const uint8_t> present;        // bitmap of the columns in the (first) image
  std::span<const uint8_t> present_after;  // updates: of the second
  std::span<const uint8_t> rows;
};
// `unpacked` keeps the rows of compressed events alive.
std::optional<RowsEvent> ParseRows(const Event& event, std::string* unpacked);
// Whether an event of this type holds rows.
bool IsRows(uint8_t type);
// Just the id of the table, to skip rows nobody wants.
uint64_t RowsTableId(const Event& event);

struct QueryText {
  std::string_view database;
  std::string_view statement;
  uint64_t sql_mode = 0;
  // Ids of collations; 0: not said.
  uint16_t client_collation = 0;    // of the statement's text
  uint16_t server_collation = 0;    // of a database for which none is written
  uint16_t database_collation = 0;  // of the default database
};
// EXECUTE_LOAD_QUERY too. `unpacked` keeps the statement of compressed events alive.
std::optional<QueryText> ParseQuery(const Event& event, std::string* unpacked);

struct Gtid {
  std::string source;  // uuid, or uuid:tag
  uint64_t number = 0;
  bool operator==(const Gtid&) const = default;
};
std::optional<Gtid> ParseGtid(const Event& event);  // 33 and 42

struct Rotation {
  std::string file;
  uint64_t position = 4;
};
std::optional<Rotation> ParseRotate(std::span<const uint8_t> body);

}  // namespace millrace::mysql
