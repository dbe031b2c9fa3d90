#include "connectors/doris/scan.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "base/queue.h"
#include "base/quote.h"
#include "base/thread.h"
#include "connectors/doris/query_port.h"
#include "connectors/doris/scan_cell.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/wait_log.h"

namespace millrace::doris {
namespace {

constexpr size_t kBatchesMax = 2;  // that wait for the engine

Position DonePosition() { return Position(Json::Object({{"done", true}})); }

// The query and its rows. Lives on the scan's thread.
class Reader final {
 public:
  Reader(const SourceRequest& request, const SinkConfig& config)
      : request_(request), config_(config) {}

  Status Open(std::function<bool()> interrupted);
  // Fills the batch; false after the last row.
  Result<bool> Read(Batch* batch);

 private:
  std::string Query() const;
  Status ReadRow(MYSQL_ROW row, Batch* batch);

  const SourceRequest& request_;
  const SinkConfig& config_;
  std::unique_ptr<QueryConnection> connection_;
};

std::string Reader::Query() const {
  std::string query = "SELECT ";
  for (size_t i = 0; i < request_.columns.size(); ++i) {
    query +=
        (i > 0 ? ", " : "") + QuoteIdentifier(request_.schema.columns[request_.columns[i]].name);
  }
  if (request_.columns.empty()) query += "1";  // rows are counted only
  query +=
      fmt::format(" FROM {}.{}", QuoteIdentifier(config_.database), QuoteIdentifier(config_.table));
  if (request_.limit >= 0) query += fmt::format(" LIMIT {}", request_.limit);
  return query;
}

// What a SELECT shows of elements cannot be read back for sure: a quote in a text is not escaped.
Status CheckReadable(const SourceRequest& request) {
  for (const uint32_t index : request.columns) {
    const Column& column = request.schema.columns[index];
    if (!column.type.is_structured()) continue;
    return Status::Permanent(
        fmt::format("column {} of table {} is {}, which is not read from Doris; declare it as "
                    "STRING in a table of its own to read its text",
                    Quoted(column.name), Quoted(request.table), ToString(column.type.Nullable())));
  }
  return Status::Ok();
}

Status Reader::Open(std::function<bool()> interrupted) {
  MR_RETURN_IF_ERROR(CheckReadable(request_));
  MR_ASSIGN_OR_RETURN(
      connection_,
      QueryConnection::Connect(config_, config_.http.connect_timeout_ms, std::move(interrupted)));
  MR_RETURN_IF_ERROR(connection_->Query(Query(), /*timeout_ms=*/-1));
  if (connection_->columns() != std::max<size_t>(request_.columns.size(), 1)) {
    return Status::Permanent(fmt::format("{}:{} answered with other columns than asked for",
                                         config_.query_host, config_.query_port));
  }
  return Status::Ok();
}

Result<bool> Reader::Read(Batch* batch) {
  while (!batch->full()) {
    MR_ASSIGN_OR_RETURN(const MYSQL_ROW row, connection_->NextRow());
    if (row == nullptr) return false;
    MR_RETURN_IF_ERROR(ReadRow(row, batch));
  }
  return true;
}

Status Reader::ReadRow(MYSQL_ROW row, Batch* batch) {
  const unsigned long* lengths = connection_->Lengths();
  Cell* cells = batch->AddRow(RowKind::kInsert);
  for (size_t i = 0; i < request_.columns.size(); ++i) {
    if (row[i] == nullptr) {
      cells[i] = Cell::Null();
      continue;
    }
    const Column& column = request_.schema.columns[request_.columns[i]];
    const std::string_view text(row[i], lengths[i]);
    const std::optional<Cell> cell = ParseCell(column.type, text, TimeZone(), &batch->arena());
    if (!cell) {
      return Status::Permanent(
          fmt::format("value {} of column {} of Doris table {}.{} does not fit {}; declare the "
                      "column as STRING",
                      Quoted(text.substr(0, 100)), Quoted(column.name), config_.database,
                      config_.table, ToString(column.type)));
    }
    cells[i] = *cell;
  }
  return Status::Ok();
}

class Scan final : public Source {
 public:
  Scan(const SourceRequest& request, const Environment& environment)
      : request_(request),
        config_(MakeSinkConfig(*request.options)),
        waits_(environment.clock, environment.log),
        filled_(kBatchesMax),
        spare_(kBatchesMax + 2) {
    config_.http.stop = environment.stop;
    config_.http.on_wait = [this](const std::string& host, int64_t waited_ms) {
      waits_.Report(host, waited_ms);
    };
  }

  ~Scan() override {
    abandoned_ = true;
    filled_.Close();
    if (thread_.joinable()) thread_.join();
  }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  Status Seek(std::span<const Position> positions) override {
    const Position& position = positions.front();
    done_ = position == DonePosition();
    if (!done_) thread_ = std::thread([this] { Run(); });
    return Status::Ok();
  }

  Status Poll(Batch* batch) override;
  SourceProgress Progress(uint32_t) override;

 private:
  void Run();
  Status ReadAll();

  // Constant.
  const SourceRequest request_;
  SinkConfig config_;
  WaitLog waits_;

  // With locks of their own.
  BoundedQueue<Batch> filled_;  // closed after the last batch, and by the destructor
  BoundedQueue<Batch> spare_;
  std::atomic<bool> abandoned_ = false;
  std::atomic<int64_t> rows_ = 0;
  std::atomic<bool> reading_ = false;

  bool done_ = false;  // of the engine's thread
  Status end_;         // of the reader's thread; the engine's looks after filled_ is closed
  std::thread thread_;
};

Status Scan::ReadAll() {
  Reader reader(request_, config_);
  MR_RETURN_IF_ERROR(reader.Open([this] { return abandoned_.load(); }));
  reading_ = true;
  for (bool more = true; more;) {
    Batch batch = spare_.Pop(0).value_or(Batch());
    batch.Reset(request_.stride);
    MR_ASSIGN_OR_RETURN(more, reader.Read(&batch));
    rows_ += batch.rows();
    if (batch.rows() > 0 && !filled_.Push(std::move(batch))) return Status::Cancelled();
  }
  return Status::Ok();
}

void Scan::Run() {
  NameThread("doris scan");
  end_ = CatchExceptions([this] { return ReadAll(); });
  filled_.Close();
}

Status Scan::Poll(Batch* batch) {
  if (!done_) {
    if (std::optional<Batch> next = filled_.Pop(request_.poll_wait_ms)) {
      std::swap(*batch, *next);
      spare_.Push(std::move(*next));
      return Status::Ok();
    }
    if (!filled_.closed()) return Status::Ok();
    // Closed after the last push: what was pushed between the two looks is still there.
    if (std::optional<Batch> next = filled_.Pop(0)) {
      std::swap(*batch, *next);
      return Status::Ok();
    }
    MR_RETURN_IF_ERROR(end_);
    done_ = true;
  }
  batch->set_position(DonePosition());
  batch->set_end_of_input();
  return Status::Ok();
}

SourceProgress Scan::Progress(uint32_t) {
  SourceProgress progress;
  progress.phase = done_      ? SourcePhase::kDone
                   : reading_ ? SourcePhase::kSnapshot
                              : SourcePhase::kOpening;
  progress.tables = 1;
  progress.tables_done = done_ ? 1 : 0;
  progress.rows_read = rows_;
  return progress;
}

}  // namespace

Result<std::unique_ptr<Source>> OpenScan(const SourceRequest& request,
                                         const Environment& environment) {
  return std::unique_ptr<Source>(std::make_unique<Scan>(request, environment));
}

}  // namespace millrace::doris
