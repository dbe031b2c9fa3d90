#include "connectors/doris/structure_writer.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "connectors/doris/json_text.h"
#include "row/print.h"

namespace millrace::doris {
namespace {

// Type of the n-th item of a cell of this type.
const Type& ItemType(const Type& type, uint32_t index) {
  return type.children()[type.kind == TypeKind::kArray ? 0
                         : type.kind == TypeKind::kMap ? index % 2
                                                       : index];
}

}  // namespace

bool StructureWriter::Refuse(std::string_view reason) {
  reason_ = reason;
  return false;
}

bool StructureWriter::Append(const Cell& cell, const Type& type, StructureForm form,
                             std::string* out) {
  form_ = form;
  out_ = out;
  return AppendValue(cell, type);
}

bool StructureWriter::AppendValue(const Cell& cell, const Type& type) {
  if (cell.is_null()) {
    *out_ += "null";
    return true;
  }
  if (type.is_text() && cell.kind != CellKind::kText) {  // stands for its text
    text_.clear();
    AppendCell(&text_, cell, zone_);
    return AppendQuoted(text_);
  }
  switch (cell.kind) {
    case CellKind::kArray:
    case CellKind::kMap:
    case CellKind::kRow:
      return AppendItems(cell, type);
    case CellKind::kText:
      return AppendQuoted(cell.view());
    case CellKind::kBytes:
      return AppendBytes(cell.view());
    case CellKind::kDecimal:
      *out_ += cell.view();
      return true;
    default:
      AppendScalar(cell);
      return true;
  }
}

void StructureWriter::AppendScalar(const Cell& cell) {
  char text[kCellTextMax];
  if (cell.kind == CellKind::kBool) {
    *out_ += cell.u != 0 ? "true" : "false";
    return;
  }
  const std::string_view printed(text, PrintCell(text, cell, zone_));
  // NaN and Infinity are no numbers of JSON; what has a ':' in it must not look like a key.
  const bool number = cell.kind <= CellKind::kDouble && printed.find_first_of("NI") == printed.npos;
  if (!number) *out_ += '"';
  *out_ += printed;
  if (!number) *out_ += '"';
}

bool StructureWriter::AppendItems(const Cell& cell, const Type& type) {
  const bool array = type.kind == TypeKind::kArray;
  const bool map = type.kind == TypeKind::kMap;
  *out_ += array ? '[' : '{';
  for (uint32_t i = 0; i < cell.size; ++i) {
    if (i > 0) *out_ += map && i % 2 == 1 ? ':' : ',';
    if (type.kind == TypeKind::kRow) {
      text_ = type.field_names()[i];
      if (form_ == StructureForm::kElements) text_ = ToLower(text_);
      if (!AppendQuoted(text_)) return false;
      *out_ += ':';
    }
    const Cell& item = cell.cells[i];
    const bool name = map && i % 2 == 0 && form_ == StructureForm::kJson;
    if (!(name ? AppendName(item, type, i) : AppendValue(item, ItemType(type, i)))) return false;
  }
  *out_ += array ? ']' : '}';
  return true;
}

// The key of a map as the name of a member of a JSON object.
bool StructureWriter::AppendName(const Cell& cell, const Type& type, uint32_t index) {
  if (cell.is_null()) return Refuse("a map has NULL as a key, which JSON does not have");
  if (cell.kind == CellKind::kText || cell.kind == CellKind::kBytes) {
    return AppendValue(cell, ItemType(type, index));
  }
  text_.clear();
  AppendCell(&text_, cell, zone_);
  return AppendQuoted(text_);
}

bool StructureWriter::AppendBytes(std::string_view bytes) {
  if (bytes_as_ == BytesAs::kText) return AppendQuoted(bytes);
  return AppendQuoted(bytes_as_ == BytesAs::kHex ? ToUpper(ToHex(bytes)) : ToBase64(bytes));
}

bool StructureWriter::AppendQuoted(std::string_view text) {
  constexpr std::string_view kNotUtf8 =
      "a text inside of the value is not valid UTF-8; for binary values set 'sink.bytes-as' to "
      "'hex' or 'base64'";
  *out_ += '"';
  if (form_ == StructureForm::kJson) {
    const size_t size = out_->size();
    out_->resize(size + text.size() * kJsonGrowthMax + kJsonSlack);
    const char* const end = PutJsonTextSlowly(out_->data() + size, text);
    if (end == nullptr) return Refuse(kNotUtf8);
    out_->resize(static_cast<size_t>(end - out_->data()));
  } else {
    if (!IsUtf8(text)) return Refuse(kNotUtf8);
    for (const char c : text) {
      if (c == '"' || c == '\\') *out_ += '\\';
      *out_ += c;
    }
  }
  *out_ += '"';
  return true;
}

size_t StructureBound(const Cell& cell, const Type& type) {
  constexpr size_t kBracketsMax = 8;
  constexpr size_t kEscapes = 2;  // of a quote that is escaped once more
  if (!cell.is_structured()) {
    return kEscapes * kCellTextMax + (cell.has_bytes() ? 2 * kJsonGrowthMax * cell.size : 0);
  }
  size_t bound = kBracketsMax;
  for (uint32_t i = 0; i < cell.size; ++i) {
    bound += kBracketsMax;
    if (type.kind == TypeKind::kRow) bound += 2 * kJsonGrowthMax * type.field_names()[i].size();
    bound += type.is_structured() ? StructureBound(cell.cells[i], ItemType(type, i))
                                  : StructureBound(cell.cells[i], type);
  }
  return bound;
}

}  // namespace millrace::doris
