#include "connectors/doris/scan.h"

#include <fmt/format.h>
#include <mysql.h>
#include <sys/socket.h>

#include "base/text.h"
#include "connectors/doris/scan_cell.h"
#include "connectors/doris/settings.h"

namespace millrace::doris {
namespace {

constexpr std::string_view kDonePosition = R"({"done":true})";
constexpr unsigned kUnknownDatabase = 1049;
constexpr unsigned kUnknownTable = 1146;
constexpr unsigned kUnknownTableOld = 1105;  // Doris says most things with this one
constexpr unsigned kUnknownColumn = 1054;
constexpr unsigned kAccessDenied = 1045;
constexpr unsigned kAccessDeniedDatabase = 1044;

std::string Backquoted(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) quoted += c == '`' ? std::string("``") : std::string(1, c);
  return quoted + "`";
}

class Scan final : public Source {
 public:
  explicit Scan(const SourceRequest& request)
      : request_(request), settings_(MakeSettings(*request.options)) {}

  ~Scan() override {
    if (connection_ != nullptr && result_ != nullptr && !done_) {
      // Freeing the result would read all rows that are left; nobody wants them.
#ifdef MARIADB_BASE_VERSION
      shutdown(static_cast<int>(mysql_get_socket(connection_)), SHUT_RDWR);
#else
      shutdown(static_cast<int>(connection_->net.fd), SHUT_RDWR);
#endif
    }
    if (result_ != nullptr) mysql_free_result(result_);
    if (connection_ != nullptr) mysql_close(connection_);
  }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  Status Seek(const Position& position) override {
    done_ = position == kDonePosition;
    return done_ ? Status::Ok() : Connect();
  }

  Status Poll(Batch* batch) override {
    while (!done_ && !batch->full()) MR_RETURN_IF_ERROR(ReadRow(batch));
    if (done_) {
      batch->set_position(std::string(kDonePosition));
      batch->set_end_of_input();
    }
    return Status::Ok();
  }

  SourceProgress Progress() override {
    SourceProgress progress;
    progress.phase = done_ ? "done" : "snapshot";
    progress.tables = 1;
    progress.tables_done = done_ ? 1 : 0;
    progress.rows_read = rows_;
    return progress;
  }

 private:
  std::string Where() const {
    return fmt::format("{}:{}", settings_.query_host, settings_.query_port);
  }
  Status Failure() const;
  std::string Query() const;
  Status Connect();
  Status ReadRow(Batch* batch);

  const SourceRequest request_;
  const Settings settings_;
  MYSQL* connection_ = nullptr;
  MYSQL_RES* result_ = nullptr;
  bool done_ = false;
  int64_t rows_ = 0;
};

Status Scan::Failure() const {
  const unsigned code = mysql_errno(connection_);
  const std::string text = fmt::format("reading Doris table {}.{} at {}: {}", settings_.database,
                                       settings_.table, Where(), mysql_error(connection_));
  switch (code) {
    case kAccessDenied:
    case kAccessDeniedDatabase:
      return Status::Permanent(text + " (check 'username' and 'password')");
    case kUnknownDatabase:
    case kUnknownTable:
    case kUnknownTableOld:
    case kUnknownColumn:
      return Status::Permanent(text);
    default:
      return Status::Transient(text);
  }
}

std::string Scan::Query() const {
  std::string query = "SELECT ";
  for (size_t i = 0; i < request_.columns.size(); ++i) {
    query += (i > 0 ? ", " : "") + Backquoted(request_.schema.columns[request_.columns[i]].name);
  }
  if (request_.columns.empty()) query += "1";  // rows are counted only
  query += fmt::format(" FROM {}.{}", Backquoted(settings_.database), Backquoted(settings_.table));
  if (request_.limit >= 0) query += fmt::format(" LIMIT {}", request_.limit);
  return query;
}

Status Scan::Connect() {
  connection_ = mysql_init(nullptr);
  if (connection_ == nullptr) return Status::Permanent("libmysqlclient does not work here");
  const auto seconds = static_cast<unsigned>(settings_.http.connect_timeout_ms / 1000 + 1);
  mysql_options(connection_, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options(connection_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const auto protocol = static_cast<unsigned>(MYSQL_PROTOCOL_TCP);  // "localhost" is no socket file
  mysql_options(connection_, MYSQL_OPT_PROTOCOL, &protocol);
  if (mysql_real_connect(connection_, settings_.query_host.c_str(), settings_.user.c_str(),
                         settings_.password.c_str(), nullptr,
                         static_cast<unsigned>(settings_.query_port), nullptr, 0) == nullptr) {
    return Failure();
  }
  const std::string query = Query();
  if (mysql_real_query(connection_, query.data(), query.size()) != 0) return Failure();
  result_ = mysql_use_result(connection_);
  if (result_ == nullptr) return Failure();
  if (mysql_num_fields(result_) != std::max<size_t>(request_.columns.size(), 1)) {
    return Status::Permanent(Where() + " answered with other columns than asked for");
  }
  return Status::Ok();
}

Status Scan::ReadRow(Batch* batch) {
  const MYSQL_ROW row = mysql_fetch_row(result_);
  if (row == nullptr) {
    if (mysql_errno(connection_) != 0) return Failure();
    done_ = true;
    return Status::Ok();
  }
  const unsigned long* lengths = mysql_fetch_lengths(result_);
  Cell* cells = batch->AddRow(RowKind::kInsert);
  for (size_t i = 0; i < request_.columns.size(); ++i) {
    if (row[i] == nullptr) {
      cells[i] = Cell::Null();
      continue;
    }
    const Column& column = request_.schema.columns[request_.columns[i]];
    const std::string_view text(row[i], lengths[i]);
    const std::optional<Cell> cell = ParseCell(column.type, text, 0, &batch->arena());
    if (!cell) {
      return Status::Permanent(fmt::format(
          "column {} of Doris table {}.{} holds \"{}\", which is not a {}; declare it as STRING",
          Quoted(column.name), settings_.database, settings_.table, text.substr(0, 100),
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
