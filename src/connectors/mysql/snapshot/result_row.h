// Decodes rows of the binary protocol (the snapshot's) into cells.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/values/cell_writer.h"

namespace millrace::mysql {

class ResultRowDecoder final {
 public:
  // `selected`: the server columns in the order of the SELECT list.
  ResultRowDecoder(const RowLayout& layout, std::span<const uint32_t> selected);

  // Fills the slots of the needed columns. `packet` must be in memory of the batch. False if the
  // packet is malformed; values that do not fit are in the writer's status.
  bool Decode(std::span<const uint8_t> packet, CellWriter* writer, Cell* row) const;

 private:
  enum class Wire : uint8_t {
    // The frequent ones, needed and taken as they are: signed INT and BIGINT, DATE and text.
    kPlainInt32,
    kPlainInt64,
    kPlainDate,
    kPlainText,
    kInt8,
    kInt16,
    kInt32,
    kInt64,
    kYear,
    kFloat,
    kDouble,
    kDecimal,
    kText,
    kBytes,
    kBit,
    kDate,
    kDateTime,
    kTimestamp,
    kTime
  };
  struct Step {
    Wire wire;
    bool needed = false;  // else only part of the key
    bool is_unsigned = false;
    uint8_t digits = 0;  // fraction digits of times
    uint32_t slot = 0;
    int64_t bits = 0;  // BIT
  };

  static Wire WireOf(const ServerColumn& column);
  static Wire PlainWireOf(Wire wire, const Step& step, Target target);
  // Decodes one value that a plain step cannot, at the start of `rest`; `cell` is null if it is not
  // needed. Returns where the next value begins; null if this one is malformed.
  const uint8_t* DecodeOther(size_t index, std::span<const uint8_t> rest, CellWriter* writer,
                             Cell* cell) const;
  void DecodeCell(size_t index, ByteReader* reader, CellWriter* writer, Cell* cell) const;
  void DecodeTemporal(size_t index, ByteReader* reader, CellWriter* writer, Cell* cell) const;
  void DecodeInteger(size_t index, ByteReader* reader, CellWriter* writer, Cell* cell) const;

  std::vector<Step> steps_;
  std::vector<TargetColumn> targets_;  // of the steps
};

}  // namespace millrace::mysql
