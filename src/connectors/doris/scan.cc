#include "connectors/doris/scan.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include "base/quote.h"
#include "connectors/doris/query_port.h"
#include "connectors/doris/scan_cell.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

Position DonePosition() { return Position(Json::Object({{"done", true}})); }

class Scan final : public Source {
 public:
  explicit Scan(const SourceRequest& request)
      : request_(request), config_(MakeSinkConfig(*request.options)) {}

  ~Scan() override {
    if (!result_ || done_) return;
      // Freeing the result would read all rows that are left; nobody wants them.
#ifdef MARIADB_BASE_VERSION
    shutdown(static_cast<int>(mysql_get_socket(connection_.get())), SHUT_RDWR);
#else
    shutdown(static_cast<int>(connection_->net.fd), SHUT_RDWR);
#endif
  }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  Status Seek(const Position& position) override {
    done_ = position == DonePosition();
    return done_ ? Status::Ok() : Connect();
  }

  Status Poll(Batch* batch) override {
    while (!done_ && !batch->full()) MR_RETURN_IF_ERROR(ReadRow(batch));
    if (done_) {
      batch->set_position(DonePosition());
      batch->set_end_of_input();
    }
    return Status::Ok();
  }

  SourceProgress Progress() override {
    SourceProgress progress;
    progress.phase = done_ ? SourcePhase::kDone : SourcePhase::kSnapshot;
    progress.tables = 1;
    progress.tables_done = done_ ? 1 : 0;
    progress.rows_read = rows_;
    return progress;
  }

 private:
  Status Failure() const { return QueryFailure(connection_.get(), config_); }
  std::string Query() const;
  Status Connect();
  Status ReadRow(Batch* batch);

  const SourceRequest request_;
  const SinkConfig config_;
  QueryConnection connection_;
  QueryResult result_;  // after the connection: freed before it is closed
  bool done_ = false;
  int64_t rows_ = 0;
};

std::string Scan::Query() const {
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

Status Scan::Connect() {
  MR_ASSIGN_OR_RETURN(connection_, ConnectQueryPort(config_, config_.http.connect_timeout_ms));
  const std::string query = Query();
  if (mysql_real_query(connection_.get(), query.data(), query.size()) != 0) return Failure();
  result_.reset(mysql_use_result(connection_.get()));
  if (!result_) return Failure();
  if (mysql_num_fields(result_.get()) != std::max<size_t>(request_.columns.size(), 1)) {
    return Status::Permanent(fmt::format("{}:{} answered with other columns than asked for",
                                         config_.query_host, config_.query_port));
  }
  return Status::Ok();
}

Status Scan::ReadRow(Batch* batch) {
  const MYSQL_ROW row = mysql_fetch_row(result_.get());
  if (row == nullptr) {
    if (mysql_errno(connection_.get()) != 0) return Failure();
    done_ = true;
    return Status::Ok();
  }
  const unsigned long* lengths = mysql_fetch_lengths(result_.get());
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
      return Status::Permanent(fmt::format(
          "column {} of Doris table {}.{} holds \"{}\", which is not a {}; declare it as STRING",
          Quoted(column.name), config_.database, config_.table, text.substr(0, 100),
          ToString(column.type)));
    }
    cells[i] = *cell;
  }
  ++rows_;
  return Status::Ok();
}

}  // namespace

Result<std::unique_ptr<Source>> OpenScan(const SourceRequest& request, const Environment&) {
  return std::unique_ptr<Source>(std::make_unique<Scan>(request));
}

}  // namespace millrace::doris
