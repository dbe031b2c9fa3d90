// ARRAY, MAP and ROW as text: for a column of Doris with elements, or as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "connectors/doris/sink_config.h"
#include "row/cell.h"
#include "row/type.h"

namespace millrace::doris {

enum class StructureForm : uint8_t {
  kElements,  // for ARRAY, MAP and STRUCT: as Doris reads elements, with \ only before " and itself
  kJson,      // for JSON, VARIANT and text columns
};

class StructureWriter final {
 public:
  StructureWriter(BytesAs bytes_as, const TimeZone& zone) : bytes_as_(bytes_as), zone_(zone) {}

  // Appends the value of a column of this type; false, with reason(), if it cannot be written.
  bool Append(const Cell& cell, const Type& type, StructureForm form, std::string* out);
  const std::string& reason() const { return reason_; }

 private:
  bool AppendValue(const Cell& cell, const Type& type);
  bool AppendItems(const Cell& cell, const Type& type);
  bool AppendName(const Cell& cell, const Type& type, uint32_t index);
  bool AppendBytes(std::string_view bytes);
  bool AppendQuoted(std::string_view text);
  void AppendScalar(const Cell& cell);
  bool Refuse(std::string_view reason);

  const BytesAs bytes_as_;
  const TimeZone zone_;
  StructureForm form_ = StructureForm::kElements;
  std::string* out_ = nullptr;
  std::string text_;
  std::string reason_;
};

// Bytes that Append may write for this cell of this type, once more escaped as a JSON string.
size_t StructureBound(const Cell& cell, const Type& type);

}  // namespace millrace::doris
