#include "minidoris/backend/row_builder.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "minidoris/table/convert.h"
#include "minidoris/table/row_code.h"

namespace millrace::minidoris {
namespace {

constexpr size_t kBatchBytes = 256 << 10;
constexpr int kLoggedRowsMax = 50;
constexpr size_t kLoggedLineBytesMax = 4096;

}  // namespace

RowBuilder::RowBuilder(const LoadPlan* plan, std::string now, Flush flush)
    : plan_(*plan), now_(std::move(now)), flush_(std::move(flush)) {}

void RowBuilder::Add(const std::vector<Field>& fields, std::string_view line) {
  if (failed()) return;
  ++total_;
  const size_t start = batch_.size();
  const bool deletes = Deletes(fields);
  batch_ += static_cast<char>(deletes ? RowOperation::kDelete : RowOperation::kUpsert);
  for (size_t column = 0; column < plan_.table->columns.size(); ++column) {
    if (!AppendColumn(column, fields, line)) {
      batch_.resize(start);
      return;
    }
  }
  if (batch_.size() >= kBatchBytes) FlushBatch();
}

void RowBuilder::Filter(std::string_view reason, std::string_view line) {
  if (failed()) return;
  ++total_;
  Reject(reason, line);
}

void RowBuilder::Fail(std::string message) {
  if (failure_.empty()) failure_ = std::move(message);
  batch_.clear();
}

void RowBuilder::Finish() {
  if (!failed() && !batch_.empty()) FlushBatch();
}

bool RowBuilder::Deletes(const std::vector<Field>& fields) const {
  if (plan_.always_delete) return true;
  if (plan_.delete_sign_source == kNoSource) return false;
  const Field& field = fields[static_cast<size_t>(plan_.delete_sign_source)];
  if (!field.present || field.null) return false;
  const std::string_view text = Trim(field.text);
  return text == "1" || EqualsIgnoreCase(text, "true");
}

// False if the row was rejected.
bool RowBuilder::AppendColumn(size_t at, const std::vector<Field>& fields, std::string_view line) {
  const Column& column = plan_.table->columns[at];
  const int source = plan_.source_of_column[at];
  if (source == kNoSource) return AppendDefault(column, false, line);
  const Field& field = fields[static_cast<size_t>(source)];
  if (!field.present) return AppendDefault(column, true, line);
  if (field.null) {
    if (column.nullable) {
      AppendNull(&batch_);
      return true;
    }
    if (plan_.format == BodyFormat::kJson) {
      Reject(fmt::format("Json value is null, but the column `{}` is not nullable.", column.name),
             line);
    } else {
      Reject(fmt::format("column({}) values is null while columns is not nullable. ", column.name),
             line);
    }
    return false;
  }
  switch (AppendConverted(column.type, field.text, {plan_.zone_offset_minutes, plan_.strict},
                          &batch_)) {
    case Conversion::kStored:
      return true;
    case Conversion::kTooLong:
      Reject(fmt::format("the length of input is too long than schema. column_name: {}; input "
                         "str: [{}]  schema length: {}; actual length: {}; ",
                         column.name, field.text.substr(0, kLoggedLineBytesMax), column.type.length,
                         field.text.size()),
             line);
      return false;
    case Conversion::kBad:
      break;
  }
  if (plan_.strict) {
    Reject(fmt::format("column({}) value is incorrect while strict mode is true, src value is {}",
                       column.name, field.text),
           line);
    return false;
  }
  if (!column.nullable) {
    Reject(fmt::format("column({}) values is null while columns is not nullable. ", column.name),
           line);
    return false;
  }
  AppendNull(&batch_);
  return true;
}

bool RowBuilder::AppendDefault(const Column& column, bool missing_key, std::string_view line) {
  if (column.default_is_now) {
    return AppendConverted(column.type, now_, {}, &batch_) == Conversion::kStored;
  }
  if (column.default_text) {
    // The text was checked when the table was made.
    return AppendConverted(column.type, *column.default_text, {}, &batch_) == Conversion::kStored;
  }
  if (column.nullable) {
    AppendNull(&batch_);
    return true;
  }
  if (missing_key) {
    Reject(fmt::format("The column `{}` is not nullable, but it's not found in jsondata.",
                       column.name),
           line);
  } else {  // only an INSERT gets here: a load without a source for the column is not planned
    Reject(fmt::format("column has no source field, column={}", column.name), line);
  }
  return false;
}

void RowBuilder::Reject(std::string_view reason, std::string_view line) {
  ++filtered_;
  ++logged_;
  if (first_error_.empty()) first_error_ = reason;
  if (logged_ <= kLoggedRowsMax) {
    error_log_ +=
        fmt::format("Reason: {}. src line [{}]; \n", reason, line.substr(0, kLoggedLineBytesMax));
  } else if (plan_.max_filter_ratio <= 0) {
    Fail("[DATA_QUALITY_ERROR]Encountered unqualified data, stop processing");
  }
}

void RowBuilder::FlushBatch() {
  const Status status = flush_(batch_);
  batch_.clear();
  if (!status.ok()) Fail("[INTERNAL_ERROR]" + status.message());
}

}  // namespace millrace::minidoris
