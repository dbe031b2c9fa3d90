// 'connector' = 'values': a bounded source of rows given inline, as JSON:
// 'rows' = '[[1, "apple"], [2, null]]'. For trying things out and for tests.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/quote.h"
#include "connectors/connector.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace::values {
namespace {

constexpr OptionSpec kOptions[] = {
    {.key = "rows",
     .required = true,
     .help = "Rows as a JSON array of arrays, one value per physical column."},
};

constexpr int64_t kSecondUs = 1'000'000;
constexpr size_t kExactDigits = 15;  // of a decimal number that a double keeps exactly

// Exactly `count` digits at the front of `text`, taken off it.
std::optional<int64_t> TakeNumber(std::string_view* text, size_t count) {
  if (text->size() < count) return std::nullopt;
  int64_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text->remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

std::optional<int64_t> TakeDays(std::string_view* text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day || !IsValidDate(*year, *month, *day)) return std::nullopt;
  return DaysFromCivil(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

// hh:mm:ss[.f] in microseconds.
std::optional<int64_t> TakeClock(std::string_view* text) {
  const auto hour = TakeNumber(text, 2);
  if (!hour || !TakeChar(text, ':')) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || !TakeChar(text, ':')) return std::nullopt;
  const auto second = TakeNumber(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  int64_t microseconds = ((*hour * 60 + *minute) * 60 + *second) * kSecondUs;
  if (!TakeChar(text, '.')) return microseconds;
  for (int64_t unit = kSecondUs / 10; !text->empty(); unit /= 10) {
    const auto digit = TakeNumber(text, 1);
    if (!digit || (unit == 0 && *digit != 0)) return std::nullopt;
    microseconds += *digit * unit;
  }
  return microseconds;
}

// Whether so many digits after the second's point are enough.
bool FitsPrecision(uint8_t digits, int64_t microseconds) {
  int64_t unit = kSecondUs;
  for (; digits > 0 && unit > 1; --digits) unit /= 10;
  return microseconds % unit == 0;
}

std::optional<Cell> TemporalCell(const Type& type, std::string_view text) {
  std::optional<int64_t> value;
  if (type.kind == TypeKind::kTime) {
    value = TakeClock(&text);
  } else {
    value = TakeDays(&text);
    if (value && type.kind != TypeKind::kDate) {
      *value *= 86'400 * kSecondUs;
      if (TakeChar(&text, ' ')) {
        const std::optional<int64_t> clock = TakeClock(&text);
        value = clock ? std::optional(*value + *clock) : std::nullopt;
      }
    }
  }
  if (!value || !text.empty()) return std::nullopt;
  if (type.kind != TypeKind::kDate && !FitsPrecision(type.precision, *value)) return std::nullopt;
  const CellKind kind = type.kind == TypeKind::kDate        ? CellKind::kDate
                        : type.kind == TypeKind::kTime      ? CellKind::kTime
                        : type.kind == TypeKind::kTimestamp ? CellKind::kTimestamp
                                                            : CellKind::kInstant;
  return Cell::Temporal(kind, *value, type.precision);
}

std::string ToPlainText(const Json& value) {
  const std::optional<std::string> text = value.AsString();
  return text ? *text : value.ToText();
}

// "12", "-0.5" with exactly as many digits after the point as the type has. A number that JSON
// reads as a binary fraction is the one that was written only up to kExactDigits digits.
std::optional<std::string> DecimalText(const Json& value, const Type& type) {
  if (!value.is_string() && !value.AsDouble()) return std::nullopt;
  const std::string text = ToPlainText(value);
  std::string_view rest = text;
  std::string number;
  if (rest.starts_with('-') || rest.starts_with('+')) {
    if (rest.front() == '-') number = "-";
    rest.remove_prefix(1);
  }
  const size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : rest.substr(point + 1);
  for (const std::string_view digits : {whole, fraction}) {
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  }
  const size_t zeros = std::min(whole.find_first_not_of('0'), whole.size());
  const bool is_float = value.AsDouble() && !value.AsInt() && !value.AsUint();
  const bool exact = !is_float || whole.size() + fraction.size() <= kExactDigits;
  if (whole.empty() || !exact || fraction.size() > type.scale ||
      whole.size() - zeros > size_t{type.precision} - type.scale) {
    return std::nullopt;
  }
  number += zeros == whole.size() ? "0" : whole.substr(zeros);
  if (type.scale > 0) number.append(".").append(fraction);
  return number.append(type.scale - fraction.size(), '0');
}

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

std::optional<Cell> CellOf(const Json& value, const Type& type, Arena* arena);

// The values of an ARRAY, of a ROW in the order of its fields, or of the entries of a MAP (key,
// value, ...), which is an object or an array of pairs; nothing if it is none of these.
std::optional<std::vector<Json>> ItemsOf(const Json& value, const Type& type) {
  std::vector<Json> items(value.items().begin(), value.items().end());
  if (type.kind == TypeKind::kArray) return value.is_array() ? std::optional(items) : std::nullopt;
  if (type.kind == TypeKind::kRow) {
    if (value.is_array()) return items;
    for (const Json::Member& member : value.members()) {
      const std::span<const std::string> names = type.field_names();
      if (std::find(names.begin(), names.end(), member.name) == names.end()) return std::nullopt;
    }
    for (const std::string& name : type.field_names()) items.push_back(value[name.c_str()]);
    return value.is_object() ? std::optional(items) : std::nullopt;
  }
  std::vector<Json> entries;
  for (const Json::Member& member : value.members()) {
    const Result<Json> key =
        type.children()[0].is_text() ? Result<Json>(Json(member.name)) : Json::Parse(member.name);
    entries.push_back(key.ok() ? *key : Json(member.name));
    entries.push_back(member.value);
  }
  for (const Json& pair : items) {
    if (pair.items().size() != 2) return std::nullopt;
    entries.insert(entries.end(), pair.items().begin(), pair.items().end());
  }
  return value.is_object() || value.is_array() ? std::optional(entries) : std::nullopt;
}

std::optional<Cell> StructureOf(const Json& value, const Type& type, Arena* arena) {
  const std::optional<std::vector<Json>> items = ItemsOf(value, type);
  const std::span<const Type> types = type.children();
  const bool row = type.kind == TypeKind::kRow;
  if (!items || items->size() > kItemsMax || (row && items->size() != types.size())) {
    return std::nullopt;
  }
  Cell* const cells = arena->AllocateCells(items->size());
  for (size_t i = 0; i < items->size(); ++i) {
    const std::optional<Cell> cell = CellOf((*items)[i], types[row ? i : i % types.size()], arena);
    if (!cell) return std::nullopt;
    cells[i] = *cell;
  }
  const CellKind kind = row                           ? CellKind::kRow
                        : type.kind == TypeKind::kMap ? CellKind::kMap
                                                      : CellKind::kArray;
  return Cell::Structure(kind, {cells, items->size()});
}

// The cell for a JSON value under a declared type; bytes go into `arena`.
std::optional<Cell> CellOf(const Json& value, const Type& type, Arena* arena) {
  if (value.is_null()) return type.nullable ? std::optional(Cell::Null()) : std::nullopt;
  if (type.is_structured()) return StructureOf(value, type, arena);
  if (type.kind == TypeKind::kBoolean) {
    const std::optional<bool> truth = value.AsBool();
    return truth ? std::optional(Cell::Bool(*truth)) : std::nullopt;
  }
  if (type.is_integer()) {
    const std::optional<int64_t> number = value.AsInt();
    if (!number) return std::nullopt;
    const int bits = 8 << (static_cast<int>(type.kind) - static_cast<int>(TypeKind::kTinyInt));
    const int64_t limit = bits < 64 ? int64_t{1} << (bits - 1) : 0;
    if (bits < 64 && (*number >= limit || *number < -limit)) return std::nullopt;
    return Cell::Int(*number);
  }
  if (type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble) {
    const std::optional<double> number = value.AsDouble();
    if (!number) return std::nullopt;
    if (type.kind == TypeKind::kDouble) return Cell::Double(*number);
    if (std::abs(*number) > std::numeric_limits<float>::max()) return std::nullopt;
    return Cell::Float(static_cast<float>(*number));
  }
  if (type.kind == TypeKind::kDecimal) {
    const std::optional<std::string> digits = DecimalText(value, type);
    if (!digits) return std::nullopt;
    return Cell::View(CellKind::kDecimal, arena->Copy(*digits), type.scale);
  }
  const std::string text = ToPlainText(value);
  if (type.is_text() ? CountCodePoints(text) > type.length
                     : type.is_binary() && text.size() > type.length) {
    return std::nullopt;
  }
  if (type.is_text()) return Cell::Text(arena->Copy(text));
  if (type.is_binary()) return Cell::View(CellKind::kBytes, arena->Copy(text));
  return TemporalCell(type, text);
}

// Fills one row of physical columns; names the first value that does not fit.
Status FillRow(const Json& row, size_t number, const Schema& schema, Arena* arena,
               std::vector<Cell>* cells) {
  if (!row.is_array() || row.items().size() != schema.columns.size()) {
    return Status::Permanent(fmt::format("row {} of option \"rows\" does not have {} values",
                                         number, schema.columns.size()));
  }
  cells->clear();
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const Column& column = schema.columns[i];
    const std::optional<Cell> cell = CellOf(row.items()[i], column.type, arena);
    if (!cell) {
      return Status::Permanent(
          fmt::format("value {} in row {} of option \"rows\" does not fit {} (column {})",
                      row.items()[i].ToText(), number, ToString(column.type), Quoted(column.name)));
    }
    cells->push_back(*cell);
  }
  return Status::Ok();
}

Result<std::vector<Json>> ParseRows(const std::string& text) {
  const Result<Json> rows = Json::Parse(text);
  if (!rows.ok() || !rows->is_array()) {
    return Status::Permanent("the value of option \"rows\" is not a JSON array of arrays");
  }
  return std::vector<Json>(rows->items().begin(), rows->items().end());
}

void Check(const Options& options, const Schema& schema, Span, Diagnostics* diagnostics) {
  const auto reject = [&](const std::string& message) {
    diagnostics->push_back({DiagnosticCode::kInvalidValue, options.ValueSpan("rows"), message,
                            "Write the rows as in 'rows' = '[[1, \"apple\"], [2, null]]', decimals "
                            "of more than 15 digits in quotes."});
  };
  if (!options.Given("rows")) return;
  const Result<std::vector<Json>> rows = ParseRows(options.Text("rows"));
  if (!rows.ok()) return reject(rows.status().message());
  Arena arena;
  std::vector<Cell> cells;
  for (size_t i = 0; i < rows->size(); ++i) {
    const Status status = FillRow((*rows)[i], i + 1, schema, &arena, &cells);
    if (!status.ok()) return reject(status.message());
  }
}

class ValuesSource final : public Source {
 public:
  explicit ValuesSource(const SourceRequest& request) : request_(request) {}

  Status Seek(std::span<const Position> positions) override {
    const Position& position = positions.front();
    MR_ASSIGN_OR_RETURN(rows_, ParseRows(request_.options->Text("rows")));
    if (position.empty()) return Status::Ok();
    const std::optional<uint64_t> row = position.json()["row"].AsUint();
    if (!row) {
      return Status::Permanent(
          fmt::format("{} is not a position of a values table", position.ToText()));
    }
    next_ = *row;
    return Status::Ok();
  }

  Status Poll(Batch* batch) override {
    const size_t end = request_.limit < 0
                           ? rows_.size()
                           : std::min(rows_.size(), static_cast<size_t>(request_.limit));
    std::vector<Cell> cells;
    for (; next_ < end && !batch->full(); ++next_) {
      MR_RETURN_IF_ERROR(
          FillRow(rows_[next_], next_ + 1, request_.schema, &batch->arena(), &cells));
      Cell* row = batch->AddRow(RowKind::kInsert);
      for (size_t i = 0; i < request_.columns.size(); ++i) row[i] = cells[request_.columns[i]];
    }
    batch->set_position(Position(Json::Object({{"row", next_}})));
    if (next_ >= end) batch->set_end_of_input();
    return Status::Ok();
  }

  SourceProgress Progress(uint32_t) override {
    SourceProgress progress;
    progress.phase = next_ < rows_.size() ? SourcePhase::kSnapshot : SourcePhase::kDone;
    progress.position = fmt::format("row {}", next_);
    progress.rows_estimated = static_cast<int64_t>(rows_.size());
    progress.rows_read = static_cast<int64_t>(next_);
    return progress;
  }

 private:
  const SourceRequest request_;
  std::vector<Json> rows_;
  size_t next_ = 0;
};

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request, const Environment&) {
  return std::unique_ptr<Source>(std::make_unique<ValuesSource>(request));
}

}  // namespace

extern const Connector kConnector;
const Connector kConnector = {
    .name = "values",
    .help = "Rows given inline.",
    .options = kOptions,
    .is_source = true,
    .takes_structures = true,
    .bounded = [](const Options&) { return true; },
    .check = Check,
    .open_source = OpenSource,
};

}  // namespace millrace::values
