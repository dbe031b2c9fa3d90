// The Doris table as its frontend describes it, and how the columns of a job fall onto it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/stream_load_api.h"
#include "connectors/doris/structure_writer.h"
#include "row/type.h"

namespace millrace::doris {

enum class TableModel : uint8_t { kUnique, kDuplicate, kAggregate };

struct DorisColumn {
  std::string name;
  std::string type;  // as the frontend spells it, upper case: "INT", "VARCHAR", "DECIMAL64", ...
  bool key = false;
  // The rest is from the query port, if `known`.
  bool known = false;
  bool nullable = true;
  bool has_default = false;
  std::optional<uint8_t> fraction_digits;  // DATETIME: digits after the second
  std::optional<uint8_t> scale;            // DECIMAL: digits after the point
  std::string full_type;                   // with its parameters: "array<varchar(10)>"
};

struct DorisTable {
  std::string name;  // database.table, for messages
  TableModel model = TableModel::kDuplicate;
  std::vector<DorisColumn> columns;
};

// From the "data" of GET /api/{db}/{table}/_schema: {"keysType", "properties": [{"name", "type",
// "aggregation_type"}...]}.
Result<DorisTable> ParseTable(const std::string& name, const Json& description);

// Adds what the query port knows of the columns.
void AddDetails(std::span<const ColumnDetail> details, DorisTable* table);

// How the value of a column is written.
enum class ValueStyle : uint8_t {
  kText,    // always in quotes, whatever the kind of the cell
  kNative,  // numbers and booleans without quotes
};

inline constexpr uint8_t kFractionDigitsAll = 9;

struct WrittenColumn {
  std::string name;   // as Doris spells it
  uint32_t slot = 0;  // of the batch
  ValueStyle style = ValueStyle::kText;
  // Digits after the second that the column keeps: Doris rounds what is beyond them, up to the next
  // day; we cut.
  uint8_t fraction_digits_max = kFractionDigitsAll;
  bool bytes_are_text = false;  // CAST(bytes AS STRING): 'sink.bytes-as' does not apply
  Type type = {};               // of the values
  StructureForm form = StructureForm::kJson;  // of ARRAY, MAP and ROW
};

// How the rows of a job are written into the table.
struct Layout {
  std::vector<WrittenColumn> columns;
  std::vector<uint32_t> key;  // indexes into columns; empty: the table has no unique key
  bool delete_sign = false;
  std::vector<std::string> warnings;  // what will not arrive to the last digit
};

// Permanent, and with what to do, if the rows cannot be written into the table.
Result<Layout> MakeLayout(const SinkRequest& request, const SinkConfig& config,
                          const DorisTable& table);

}  // namespace millrace::doris
