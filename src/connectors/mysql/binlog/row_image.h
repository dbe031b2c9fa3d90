// Decodes row images of the binlog into cells. One decoder per table map: what has to be done for
// each column is decided when it is made, not per row.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/values/cell_writer.h"
#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {

class RowImageDecoder final {
 public:
  // Permanent error if the table map does not fit the columns the server tells of.
  static Result<std::unique_ptr<RowImageDecoder>> Make(const TableMap& map, RowLayout layout);

  const RowLayout& layout() const { return layout_; }
  size_t columns() const { return steps_.size(); }

  // Reads one image whose columns are those of `present`; the bytes must be in memory of the batch.
  // False if the image is malformed or a needed column is missing (see missing_column).
  bool Decode(ByteReader* reader, std::span<const uint8_t> present, CellWriter* writer, Cell* row);
  // Whether the image that was read last is of a row that had already ceased to be: the history of
  // a system-versioned table.
  bool is_history() const { return is_history_; }
  // A needed column that an image did not have: binlog_row_image is not FULL.
  const std::string& missing_column() const { return missing_column_; }

 private:
  enum class Wire : uint8_t {
    kInteger,
    kYear,
    kFloat,
    kDouble,
    kDecimal,
    kVarchar,
    kBlob,
    kJson,
    kString,
    kEnum,
    kSet,
    kBit,
    kDate,
    kDateTime2,
    kTimestamp2,
    kTime2,
    kCompressedBlob,
    kCompressedVarchar
  };
  struct Step {
    Wire wire = Wire::kInteger;
    uint8_t width = 0;      // bytes of a fixed value or of a length
    uint8_t precision = 0;  // DECIMAL
    uint8_t digits = 0;     // DECIMAL scale, fraction digits of times
    bool is_unsigned = false;
    bool needed = false;
    bool is_row_end = false;  // ServerTable::row_end
    bool is_binary = false;   // bytes, not text
    uint32_t pad_to = 0;      // BINARY(n): zeros that the log cuts off
    int64_t bits = 0;
    Charset charset;
    std::vector<std::string> labels;
    TargetColumn target;
  };

  explicit RowImageDecoder(RowLayout layout) : layout_(std::move(layout)) {}
  static Result<Step> MakeStep(const TableMap& map, size_t index, const RowLayout& layout);
  static bool SetWire(uint8_t type, uint16_t metadata, Step* step);
  void Value(const Step& step, ByteReader* reader, CellWriter* writer, Cell* cell);
  void Skip(const Step& step, ByteReader* reader);
  void Text(const Step& step, std::string_view bytes, CellWriter* writer, Cell* cell);
  void Integer(const Step& step, ByteReader* reader, CellWriter* writer, Cell* cell);
  void Labels(const Step& step, uint64_t value, CellWriter* writer, Cell* cell);
  void Compressed(const Step& step, std::string_view bytes, CellWriter* writer, Cell* cell);

  RowLayout layout_;
  std::vector<Step> steps_;
  bool is_history_ = false;
  std::string missing_column_;
  std::string scratch_;
};

}  // namespace millrace::mysql
