// 'connector' = 'datagen': generated rows, with Flink's option names. Row n is a function of n
// alone, so a resumed job goes on with exactly the rows that were missing.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "connectors/connector.h"
#include "connectors/datagen/field.h"

namespace millrace::datagen {
namespace {

constexpr OptionSpec kOptions[] = {
    {.key = "rows-per-second",
     .kind = OptionKind::kInteger,
     .default_value = "10000",
     .help = "Rows per second; 0 means unlimited."},
    {.key = "number-of-rows",
     .kind = OptionKind::kInteger,
     .help = "Number of rows. Without it the source ends only if a sequence does."},
    {.key = "fields.*",
     .help =
         "fields.<column>.kind = random|sequence; .min and .max for random numbers; .length for "
         "random text, arrays and maps; .start and .end for sequences; .null-rate from 0 to 1. "
         "<column>.element, .key, .value and .<field> name what is inside of an ARRAY, MAP or "
         "ROW."},
};

constexpr int64_t kMillisecondUs = 1000;

// A well-mixed number for (row, column): splitmix64 over both.
uint64_t Mix(uint64_t row, uint64_t column) {
  uint64_t x = row * 0x9e3779b97f4a7c15ull + (column + 1) * 0xd1342543de82ef95ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

double UnitInterval(uint64_t random) { return static_cast<double>(random >> 11) * 0x1.0p-53; }

int64_t Between(const Field& field, uint64_t random) {
  const uint64_t width = static_cast<uint64_t>(field.last) - static_cast<uint64_t>(field.first) + 1;
  const uint64_t offset = width == 0 ? random : random % width;
  return static_cast<int64_t>(static_cast<uint64_t>(field.first) + offset);
}

std::string_view HexText(const Field& field, uint64_t row, Arena* arena) {
  const auto length = static_cast<size_t>(field.length);
  char* text = arena->Allocate(length);
  uint64_t random = 0;
  for (size_t i = 0; i < length; ++i) {
    if (i % 16 == 0) random = Mix(row, field.column * 65'537 + i);
    text[i] = "0123456789abcdef"[random >> (i % 16 * 4) & 15];
  }
  return {text, length};
}

std::string_view DecimalText(int64_t units, const Type& type, Arena* arena) {
  std::string text = fmt::format("{}", units);
  if (type.scale > 0) text += '.' + std::string(type.scale, '0');
  return arena->Copy(text);
}

Cell MakeStructure(const Field& field, uint64_t row, int64_t wall_ms, Arena* arena);

Cell MakeCell(const Field& field, uint64_t row, int64_t wall_ms, Arena* arena) {
  const uint64_t random = Mix(row, field.column);
  if (field.null_rate > 0 && UnitInterval(Mix(random, 7)) < field.null_rate) return Cell::Null();
  const int64_t number = field.sequence
                             ? static_cast<int64_t>(static_cast<uint64_t>(field.first) + row)
                             : Between(field, random);
  switch (field.type.kind) {
    case TypeKind::kBoolean:
      return Cell::Bool((random & 1) != 0);
    case TypeKind::kFloat:
    case TypeKind::kDouble: {
      const double width = static_cast<double>(field.last) - static_cast<double>(field.first);
      const double value = field.sequence
                               ? static_cast<double>(number)
                               : static_cast<double>(field.first) + UnitInterval(random) * width;
      return field.type.kind == TypeKind::kFloat ? Cell::Float(static_cast<float>(value))
                                                 : Cell::Double(value);
    }
    case TypeKind::kDecimal:
      return Cell::View(CellKind::kDecimal, DecimalText(number, field.type, arena),
                        field.type.scale);
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return field.sequence ? Cell::Text(arena->Copy(fmt::format("{}", number)))
                            : Cell::Text(HexText(field, row, arena));
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return Cell::View(CellKind::kBytes, HexText(field, row, arena));
    case TypeKind::kDate:
      return Cell::Temporal(CellKind::kDate, wall_ms / 86'400'000, 0);
    case TypeKind::kTime:
      return Cell::Temporal(CellKind::kTime, wall_ms % 86'400'000 * kMillisecondUs,
                            field.type.precision);
    case TypeKind::kTimestamp:
      return Cell::Temporal(CellKind::kTimestamp, wall_ms * kMillisecondUs, field.type.precision);
    case TypeKind::kTimestampLtz:
      return Cell::Temporal(CellKind::kInstant, wall_ms * kMillisecondUs, field.type.precision);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
      return MakeStructure(field, row, wall_ms, arena);
    default:
      return Cell::Int(number);
  }
}

bool AreSame(const Cell& a, const Cell& b) {
  return a.kind == b.kind && (a.has_bytes() ? a.view() == b.view() : a.u == b.u);
}

// The cells of a structure are those of rows that no row of the table has.
Cell MakeStructure(const Field& field, uint64_t row, int64_t wall_ms, Arena* arena) {
  const std::vector<Field>& children = field.children;
  const auto length = static_cast<size_t>(field.length);
  const auto make = [&](size_t child, size_t item) {
    return MakeCell(children[child], Mix(row, item + 1), wall_ms, arena);
  };
  if (field.type.kind == TypeKind::kRow) {
    Cell* const cells = arena->AllocateCells(children.size());
    for (size_t i = 0; i < children.size(); ++i) {
      cells[i] = MakeCell(children[i], row, wall_ms, arena);
    }
    return Cell::Structure(CellKind::kRow, {cells, children.size()});
  }
  if (field.type.kind == TypeKind::kArray) {
    Cell* const cells = arena->AllocateCells(length);
    for (size_t i = 0; i < length; ++i) cells[i] = make(0, i);
    return Cell::Structure(CellKind::kArray, {cells, length});
  }
  Cell* const cells = arena->AllocateCells(2 * length);
  size_t size = 0;
  for (size_t i = 0; i < length; ++i) {
    const Cell key = make(0, i);
    bool again = false;
    for (size_t k = 0; k < size; k += 2) again |= AreSame(cells[k], key);
    if (again) continue;
    cells[size++] = key;
    cells[size++] = make(1, i);
  }
  return Cell::Structure(CellKind::kMap, {cells, size});
}

class DatagenSource final : public Source {
 public:
  DatagenSource(const SourceRequest& request, const Environment& environment)
      : request_(request), clock_(*environment.clock) {
    std::vector<Problem> problems;  // Check has rejected them
    const std::vector<Field> fields = FieldsOf(*request.options, request.schema, &problems);
    for (const uint32_t column : request.columns) fields_.push_back(fields[column]);
    rows_per_second_ = request.options->Integer("rows-per-second");
    end_ = RowCount(*request.options, fields);
    if (request.limit >= 0) end_ = end_ < 0 ? request.limit : std::min(end_, request.limit);
  }

  Status Seek(std::span<const Position> positions) override {
    const Position& position = positions.front();
    started_ms_ = clock_.NowMs();
    if (position.empty()) return Status::Ok();
    const std::optional<int64_t> row = position.json()["row"].AsInt();
    if (!row || *row < 0) {
      return Status::Permanent(
          fmt::format("{} is not a position of a datagen table", position.ToText()));
    }
    first_ = next_ = *row;
    return Status::Ok();
  }

  Status Poll(Batch* batch) override {
    const int64_t allowed = Allowed();
    const int64_t wall_ms = clock_.WallMs();
    for (; next_ < allowed && !batch->full(); ++next_) {
      Cell* row = batch->AddRow(RowKind::kInsert);
      for (const Field& field : fields_) {
        *row++ = MakeCell(field, static_cast<uint64_t>(next_), wall_ms, &batch->arena());
      }
    }
    batch->set_position(Position(Json::Object({{"row", next_}})));
    if (end_ >= 0 && next_ >= end_) {
      batch->set_end_of_input();
    } else if (batch->empty()) {
      clock_.SleepMs(kWaitMs);
    }
    return Status::Ok();
  }

  SourceProgress Progress(uint32_t) override {
    SourceProgress progress;
    const bool done = end_ >= 0 && next_ >= end_;
    progress.phase = done ? SourcePhase::kDone : SourcePhase::kStreaming;
    progress.position = fmt::format("row {}", next_);
    progress.rows_estimated = std::max<int64_t>(end_, 0);
    progress.rows_read = next_;
    return progress;
  }

 private:
  static constexpr int64_t kWaitMs = 10;

  // The row up to which rows may be emitted by now.
  int64_t Allowed() {
    const int64_t max = end_ < 0 ? std::numeric_limits<int64_t>::max() : end_;
    if (rows_per_second_ <= 0) return max;
    const int64_t elapsed_ms = clock_.NowMs() - started_ms_ + 1;
    const int64_t allowed =
        elapsed_ms / 1000 * rows_per_second_ + elapsed_ms % 1000 * rows_per_second_ / 1000;
    return std::min(max, first_ + allowed + 1);
  }

  const SourceRequest request_;
  Clock& clock_;
  std::vector<Field> fields_;
  int64_t rows_per_second_ = 0;
  int64_t end_ = -1;
  int64_t first_ = 0;
  int64_t next_ = 0;
  int64_t started_ms_ = 0;
};

void Check(const Options& options, const Schema& schema, Span statement, Diagnostics* diagnostics) {
  std::vector<Problem> problems;
  FieldsOf(options, schema, &problems);
  if (const int64_t rate = options.Integer("rows-per-second"); rate < 0 || rate > kRateMax) {
    problems.push_back(
        {"rows-per-second",
         fmt::format("rows-per-second is {}, it must be 0 (unlimited) to {}", rate, kRateMax), ""});
  }
  if (options.Given("number-of-rows") && options.Integer("number-of-rows") < 0) {
    problems.push_back({"number-of-rows", "number-of-rows is negative", ""});
  }
  for (const Problem& problem : problems) {
    const bool given = options.Given(problem.key);
    diagnostics->push_back({DiagnosticCode::kInvalidValue,
                            given ? options.ValueSpan(problem.key) : statement, problem.message,
                            problem.hint});
  }
}

bool Bounded(const Options& options) {
  const auto fields = options.WithPrefix("fields.");
  return options.Given("number-of-rows") ||
         std::any_of(fields.begin(), fields.end(),
                     [](const auto& field) { return field.second == "sequence"; });
}

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment) {
  return std::unique_ptr<Source>(std::make_unique<DatagenSource>(request, environment));
}

}  // namespace

extern const Connector kConnector;
const Connector kConnector = {
    .name = "datagen",
    .help = "Generated rows.",
    .options = kOptions,
    .is_source = true,
    .takes_structures = true,
    .bounded = Bounded,
    .check = Check,
    .open_source = OpenSource,
};

}  // namespace millrace::datagen
