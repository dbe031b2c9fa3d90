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
#include "connectors/mysql/binlog/logged_type.h"
#include "connectors/mysql/binlog/table_map.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/values/cell_writer.h"
#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {

// Which columns the images of one event have.
struct ImageColumns {
  std::span<const uint8_t> present;  // a bit for each
  size_t count = 0;
  bool all = true;
};

class RowImageDecoder final {
 public:
  // The map was compared with the table (table_map_layout.h). Permanent error for a column that
  // cannot be read.
  static Result<std::unique_ptr<RowImageDecoder>> Make(const TableMap& map, RowLayout layout);

  const RowLayout& layout() const { return layout_; }
  const std::string& full_name() const { return full_name_; }
  size_t columns() const { return steps_.size(); }
  // The slots of a row that Decode does not fill: metadata, and columns that this table lacks.
  const std::vector<uint32_t>& fixed_slots() const { return fixed_slots_; }
  // `present`: (columns() + 7) / 8 bytes, which the result points to.
  ImageColumns ColumnsOf(std::span<const uint8_t> present) const;

  // Reads one image; its bytes must be in memory of the batch. False if the image is malformed or a
  // needed column is missing (see missing_column); values that do not fit are in the writer's
  // status.
  bool Decode(ByteReader* reader, const ImageColumns& columns, CellWriter* writer, Cell* row);
  // Whether the image that was read last is of a row that had already ended: the history of a
  // system-versioned table.
  bool is_history() const { return is_history_; }
  // A needed column that an image did not have: binlog_row_image is not FULL.
  const std::string& missing_column() const { return missing_column_; }

 private:
  // What is done with a column. The frequent ones come first: needed, and kept as they are.
  enum class Action : uint8_t { kPlainInteger, kPlainText, kDate, kSkip, kRowEnd, kValue };

  // What is looked at for every column of every row, and nothing else.
  struct Step {
    Action action = Action::kSkip;
    Wire wire = Wire::kInteger;
    uint8_t width = 0;
    bool needed = false;
    uint32_t slot = 0;
  };

  // The rest, at the same index.
  struct Details {
    LoggedType type;
    bool is_unsigned = false;
    bool is_binary = false;   // bytes, not text
    bool is_address = false;  // UUID, INET4, INET6
    bool is_uuid = false;
    uint32_t pad_to = 0;  // BINARY(n), addresses: zeros that the log cuts off
    Charset charset;
    std::vector<std::string> labels;  // ENUM and SET
    TargetColumn target;
  };

  explicit RowImageDecoder(RowLayout layout);
  Status AddColumn(const TableMap& map, size_t index);
  bool HandleMissing(size_t index);
  void Value(size_t index, ByteReader* reader, CellWriter* writer, Cell* cell);
  void Temporal(const Details& details, ByteReader* reader, CellWriter* writer, Cell* cell);
  void OldTemporal(const Details& details, int64_t value, CellWriter* writer, Cell* cell);
  void Text(const Details& details, std::string_view bytes, CellWriter* writer, Cell* cell);
  void Address(const Details& details, std::string_view bytes, CellWriter* writer, Cell* cell);
  void Labels(const Details& details, uint64_t value, CellWriter* writer, Cell* cell);
  void Compressed(const Details& details, std::string_view bytes, CellWriter* writer, Cell* cell);

  RowLayout layout_;
  std::string full_name_;
  std::vector<uint32_t> fixed_slots_;
  std::vector<Step> steps_;
  std::vector<Details> details_;
  bool is_history_ = false;
  std::string missing_column_;
  std::string scratch_;
};

}  // namespace millrace::mysql
