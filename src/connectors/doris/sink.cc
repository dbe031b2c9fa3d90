#include "connectors/doris/sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/ascii.h"
#include "base/quote.h"
#include "connectors/doris/body_writer.h"
#include "connectors/doris/committer.h"
#include "connectors/doris/label.h"
#include "connectors/doris/row_key.h"
#include "connectors/doris/table.h"
#include "connectors/doris/token.h"

namespace millrace::doris {
namespace {

constexpr int64_t kLoadTimeoutMinS = 3'600;    // of a load, from its first row
constexpr int64_t kLoadTimeoutMaxS = 259'200;  // the frontend takes no more
constexpr int64_t kLoadTimeoutIntervals = 10;  // checkpoints that may fail before it
constexpr size_t kErrorLogLines = 3;           // of rows that Doris refused, in the message
constexpr size_t kErrorLogLineMax = 400;
constexpr int kBeginAttemptsMax = 6;

// One load at a time.
struct Lane {
  std::unique_ptr<LoadStream> stream;  // null: no load is open
  UploadBuffer buffer;
  std::string label;
  int part = 0;  // of the checkpoint, from 1
  int64_t rows = 0;
  int64_t bytes = 0;  // given to the stream; the buffer's come on top
  int64_t start_ms = 0;
};

class DorisSink final : public Sink {
 public:
  DorisSink(const SinkRequest& request, const Environment& environment,
            std::unique_ptr<StreamLoadApi> api, SinkLimits limits)
      : request_(request),
        config_(MakeSinkConfig(*request.options)),
        limits_(limits),
        clock_(*environment.clock),
        log_(*environment.log),
        api_(std::move(api)),
        committer_(api_.get(), environment.clock, environment.log),
        labels_(config_.label_prefix, config_.database, config_.table, request.job, request.table),
        lanes_(static_cast<size_t>(
            std::max(1, config_.lanes > 0 ? config_.lanes : request.parallelism))) {}

  Status Open() override;
  Status Recover(std::string_view token) override;
  Status Write(const Batch& batch, std::span<const uint32_t> rows) override;
  Result<std::string> Prepare(uint64_t checkpoint) override;
  Status Commit(std::string_view token) override;

 private:
  std::string TableName() const { return config_.database + "." + config_.table; }
  size_t LaneOf(const Cell* row) const { return (key_->Hash(row) >> 32) * lanes_.size() >> 32; }

  void MakeHeaders();
  Status WriteRow(const Cell* row, bool deleted);
  Status MakeRoom(Lane* lane, size_t bytes);
  Status WriteLongRow(Lane* lane, const Cell* row, bool deleted, size_t bound);
  Status SendBuffer(Lane* lane);
  Status BadRow(const Cell* row) const;

  Status BeginLoad(Lane* lane);
  // Looks at an answer that came instead of "continue". Ok: try again at once.
  Status Unblock(const std::string& label, const LoadAnswer& answer);
  Status FinishLoad(Lane* lane);
  Status CheckVerdict(const Lane& lane, const LoadAnswer& answer);
  Status Refused(const std::string& label, const LoadAnswer& answer);
  Status EarlyEnd(Lane* lane);

  const SinkRequest request_;
  const SinkConfig config_;
  const SinkLimits limits_;
  Clock& clock_;
  Log& log_;
  const std::unique_ptr<StreamLoadApi> api_;
  Committer committer_;
  const Labels labels_;

  TableModel model_ = TableModel::kDuplicate;
  std::optional<BodyWriter> writer_;  // from Open on
  std::optional<RowKey> key_;         // from Open on
  bool deletes_ = false;
  std::vector<std::string> headers_;

  std::vector<Lane> lanes_;
  uint64_t incarnation_ = 1;
  uint64_t sequence_ = 0;              // of the last prepared loads
  std::vector<Transaction> prepared_;  // safe and not committed, oldest first
  std::string long_row_;
};

Status DorisSink::Open() {
  Result<std::string> description = api_->DescribeTable();
  if (!description.ok()) {
    const Status failure = description.status().Annotated(
        fmt::format("Doris table {} cannot be looked up", TableName()));
    if (ToLower(failure.message()).find("unknown") == std::string::npos) return failure;
    return Status(failure.code(),
                  failure.message() + ". Create it in Doris, or correct 'table.identifier'");
  }
  MR_ASSIGN_OR_RETURN(DorisTable table, ParseTable(TableName(), *description));
  const Result<std::vector<ColumnDetail>> details = api_->DescribeColumns();
  if (details.ok()) {
    AddDetails(*details, &table);
  } else {
    log_.Debug("details of the columns of {} are not known: {}", TableName(),
               details.status().message());
  }
  MR_ASSIGN_OR_RETURN(const Layout layout, MakeLayout(request_, config_, table));
  for (const std::string& warning : layout.warnings) log_.Warning("{}", warning);
  model_ = table.model;
  deletes_ = config_.deletes;
  key_.emplace(layout, request_.zone);
  BodyOptions body;
  body.format = config_.format;
  body.bytes_as = config_.bytes_as;
  body.column_separator = config_.column_separator;
  body.line_delimiter = config_.line_delimiter;
  body.zone = request_.zone;
  writer_.emplace(layout, std::move(body));
  // Without a key nothing says which rows belong together: they keep their order in one lane.
  if (key_->empty()) lanes_.resize(1);
  MakeHeaders();
  return Status::Ok();
}

void DorisSink::MakeHeaders() {
  headers_ = writer_->Headers(config_.columns);
  headers_.emplace_back("two_phase_commit: true");
  // Without it newer backends replace the label of a load whose length is not known.
  headers_.emplace_back("group_commit: off_mode");
  headers_.emplace_back("max_filter_ratio: 0");
  std::map<std::string, std::string> others = config_.headers;
  others.try_emplace("strict_mode", "true");
  const int64_t interval_s = request_.checkpoint_interval_ms / 1000;
  others.try_emplace("timeout", std::to_string(std::clamp(interval_s * kLoadTimeoutIntervals,
                                                          kLoadTimeoutMinS, kLoadTimeoutMaxS)));
  for (const auto& [name, value] : others) headers_.push_back(name + ": " + value);
}

Status DorisSink::Recover(std::string_view text) {
  MR_ASSIGN_OR_RETURN(const Token token, ParseToken(text));
  MR_RETURN_IF_ERROR(committer_.Commit(token));
  const bool repeatable = model_ == TableModel::kUnique;
  MR_ASSIGN_OR_RETURN(
      incarnation_,
      committer_.DropNewer(token, labels_, static_cast<int>(lanes_.size()), repeatable));
  sequence_ = token.sequence;
  return Status::Ok();
}

Status DorisSink::Write(const Batch& batch, std::span<const uint32_t> rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const Cell* row = batch.row(rows[i]);
    const RowKind kind = batch.kind(rows[i]);
    const bool deleted = kind == RowKind::kDelete || kind == RowKind::kUpdateBefore;
    if (deleted) {
      if (!deletes_) continue;
      // The +U behind it overwrites the row, if it has the same key; else the old key must go.
      if (kind == RowKind::kUpdateBefore && i + 1 < rows.size() &&
          batch.kind(rows[i + 1]) == RowKind::kUpdateAfter &&
          key_->Same(row, batch.row(rows[i + 1]))) {
        continue;
      }
    }
    MR_RETURN_IF_ERROR(WriteRow(row, deleted));
  }
  return Status::Ok();
}

inline Status DorisSink::WriteRow(const Cell* row, bool deleted) {
  Lane& lane = lanes_.size() == 1 ? lanes_.front() : lanes_[LaneOf(row)];
  const size_t bound = writer_->Bound(row);
  if (lane.buffer.room() < bound) [[unlikely]] {
    MR_RETURN_IF_ERROR(MakeRoom(&lane, bound));
    if (lane.buffer.room() < bound) return WriteLongRow(&lane, row, deleted, bound);
  }
  char* const begin = lane.buffer.end();
  char* const end = writer_->Put(begin, row, deleted);
  if (end == nullptr) [[unlikely]]
    return BadRow(row);
  lane.buffer.size += static_cast<size_t>(end - begin);
  ++lane.rows;
  return Status::Ok();
}

// An open load with an empty or roomy buffer; a row that no buffer can hold stays without room.
Status DorisSink::MakeRoom(Lane* lane, size_t bytes) {
  if (lane->stream &&
      lane->bytes + static_cast<int64_t>(lane->buffer.size + bytes) > limits_.load_bytes_max) {
    MR_RETURN_IF_ERROR(SendBuffer(lane));
    lane->stream->End();
    MR_RETURN_IF_ERROR(FinishLoad(lane));
  }
  if (!lane->stream) return BeginLoad(lane);
  if (lane->buffer.room() >= bytes) return Status::Ok();
  MR_RETURN_IF_ERROR(SendBuffer(lane));
  lane->buffer = lane->stream->Take();
  return Status::Ok();
}

Status DorisSink::SendBuffer(Lane* lane) {
  lane->bytes += static_cast<int64_t>(lane->buffer.size);
  if (lane->stream->Send(std::move(lane->buffer))) return Status::Ok();
  return EarlyEnd(lane);
}

Status DorisSink::WriteLongRow(Lane* lane, const Cell* row, bool deleted, size_t bound) {
  if (long_row_.size() < bound) long_row_.resize(bound);
  const char* at = long_row_.data();
  const char* const end = writer_->Put(long_row_.data(), row, deleted);
  if (end == nullptr) return BadRow(row);
  ++lane->rows;
  while (at < end) {
    const size_t length = std::min(static_cast<size_t>(end - at), lane->buffer.room());
    std::memcpy(lane->buffer.end(), at, length);
    lane->buffer.size += length;
    at += length;
    if (at == end) break;
    MR_RETURN_IF_ERROR(SendBuffer(lane));
    lane->buffer = lane->stream->Take();
  }
  // One enormous row must not stay in memory for ever.
  long_row_ = {};
  return Status::Ok();
}

Status DorisSink::BadRow(const Cell* row) const {
  return Status::Permanent(fmt::format("column {} of the row with {} cannot be written to {}: {}",
                                       Quoted(writer_->bad_column()), key_->Describe(row),
                                       TableName(), writer_->bad_reason()));
}

Status DorisSink::BeginLoad(Lane* lane) {
  ++lane->part;
  lane->rows = 0;
  lane->bytes = 0;
  Status failure;
  for (int attempt = 0; attempt < kBeginAttemptsMax; ++attempt) {
    lane->start_ms = clock_.NowMs();
    lane->label = labels_.Of(
        {incarnation_, sequence_ + 1, static_cast<int>(lane - lanes_.data()), lane->part});
    Result<Begun> begun = api_->Begin(lane->label, headers_);
    if (begun.ok() && begun->stream) {
      lane->stream = std::move(begun->stream);
      lane->buffer = lane->stream->Take();
      return Status::Ok();
    }
    failure = begun.ok() ? Unblock(lane->label, begun->answer) : begun.status();
    if (failure.ok()) continue;
    if (!failure.transient()) break;
    log_.Warning("doris load {} will be tried again: {}", lane->label, failure.message());
    if (attempt + 1 < kBeginAttemptsMax) clock_.SleepMs(PauseMs(attempt));
  }
  if (failure.ok()) {
    failure = Status::Transient(fmt::format("label {} stays occupied", lane->label));
  }
  return failure.Annotated(fmt::format("load into {}", TableName()));
}

Status DorisSink::Unblock(const std::string& label, const LoadAnswer& answer) {
  switch (Judge(answer)) {
    case LoadVerdict::kLabelFinished:
      ++incarnation_;
      log_.Info("doris label {} was used before; labels go on with incarnation {}", label,
                incarnation_);
      return Status::Ok();
    case LoadVerdict::kLabelBusy: {
      // Left by an earlier run, or ours whose answer was lost; nothing of it is in a checkpoint.
      const int64_t owner = OwnerOfLabel(answer.message).value_or(-1);
      const Result<AbortVerdict> verdict = committer_.Abort(owner, label);
      return verdict.ok() ? Status::Ok() : verdict.status();
    }
    case LoadVerdict::kTrouble:
      return Status::Transient(answer.message);
    case LoadVerdict::kRefused:
      return Refused(label, answer);
    case LoadVerdict::kPrepared:
      break;
  }
  if (answer.transaction >= 0) {
    const Result<AbortVerdict> verdict = committer_.Abort(answer.transaction, label);
    if (!verdict.ok()) return verdict.status();
  }
  return Status::Transient(fmt::format("Doris finished load {} before it had the rows", label));
}

// The load ended while rows were still to come.
Status DorisSink::EarlyEnd(Lane* lane) {
  Result<LoadAnswer> answer = lane->stream->Finish();
  lane->stream.reset();
  if (!answer.ok()) {
    return answer.status().Annotated(fmt::format("load {} into {}", lane->label, TableName()));
  }
  if (Judge(*answer) == LoadVerdict::kRefused) return Refused(lane->label, *answer);
  return Status::Transient(fmt::format("load {} into {} ended early: {} {}", lane->label,
                                       TableName(), answer->status, answer->message));
}

Status DorisSink::Refused(const std::string& label, const LoadAnswer& answer) {
  std::string text =
      fmt::format("Doris refused load {} into {}: {}", label, TableName(), Trim(answer.message));
  if (!answer.first_error.empty()) text += "; " + answer.first_error.substr(0, kErrorLogLineMax);
  if (!answer.error_url.empty()) {
    const Result<std::string> error_log = api_->ErrorLog(answer.error_url);
    if (error_log.ok()) {
      const std::vector<std::string> lines = Split(*error_log, '\n');
      for (size_t i = 0; i < std::min(lines.size(), kErrorLogLines); ++i) {
        if (!lines[i].empty()) text += "\n  " + lines[i].substr(0, kErrorLogLineMax);
      }
    } else {
      text += fmt::format(" (error log {} cannot be read)", answer.error_url);
    }
  }
  if (ToLower(answer.message).find("two phase commit") != std::string::npos) {
    text += ". Set disable_stream_load_2pc = false in the backends' be.conf";
  }
  return Status::Permanent(std::move(text));
}

Status DorisSink::CheckVerdict(const Lane& lane, const LoadAnswer& answer) {
  switch (Judge(answer)) {
    case LoadVerdict::kPrepared:
      break;
    case LoadVerdict::kRefused:
      return Refused(lane.label, answer);
    default:
      return Status::Transient(fmt::format("load {} into {}: {} {}", lane.label, TableName(),
                                           answer.status, answer.message));
  }
  std::string mismatch;
  if (answer.label != lane.label) {
    mismatch = fmt::format("under label {}, which cannot be found again", answer.label);
  } else if (!answer.two_phase) {
    mismatch = "at once instead of in two phases";
  } else if (answer.filtered_rows != 0 || answer.total_rows != lane.rows) {
    mismatch = fmt::format("but counted {} rows, {} of them filtered", answer.total_rows,
                           answer.filtered_rows);
  }
  if (mismatch.empty() && answer.transaction >= 0) return Status::Ok();
  if (answer.transaction >= 0) {
    static_cast<void>(committer_.Abort(answer.transaction, answer.label));
  }
  return Status::Permanent(fmt::format("Doris took load {} of {} rows into {} {}", lane.label,
                                       lane.rows, TableName(), mismatch));
}

// The body has been ended: waits for the verdict.
Status DorisSink::FinishLoad(Lane* lane) {
  const std::unique_ptr<LoadStream> stream = std::move(lane->stream);
  lane->buffer = {};
  const Result<LoadAnswer> answer = stream->Finish();
  if (!answer.ok()) {
    return answer.status().Annotated(fmt::format("load {} into {}", lane->label, TableName()));
  }
  MR_RETURN_IF_ERROR(CheckVerdict(*lane, *answer));
  prepared_.push_back(
      {config_.database, lane->label, answer->transaction, lane->rows, lane->bytes});
  log_.Info("doris load: label {}, transaction {}, {} rows, {} bytes, {} ms, table {}", lane->label,
            answer->transaction, lane->rows, lane->bytes, clock_.NowMs() - lane->start_ms,
            TableName());
  return Status::Ok();
}

Result<std::string> DorisSink::Prepare(uint64_t) {
  bool any = false;
  for (Lane& lane : lanes_) {
    any = any || lane.part > 0;
    if (!lane.stream) continue;
    MR_RETURN_IF_ERROR(SendBuffer(&lane));
    lane.stream->End();
  }
  for (Lane& lane : lanes_) {
    if (lane.stream) MR_RETURN_IF_ERROR(FinishLoad(&lane));
    lane.part = 0;
  }
  if (any) ++sequence_;
  if (sequence_ == 0) return std::string();
  return ToText({incarnation_, sequence_, static_cast<int>(lanes_.size()), prepared_});
}

Status DorisSink::Commit(std::string_view text) {
  MR_ASSIGN_OR_RETURN(const Token token, ParseToken(text));
  MR_RETURN_IF_ERROR(committer_.Commit(token));
  std::erase_if(prepared_, [&](const Transaction& each) {
    return std::find(token.transactions.begin(), token.transactions.end(), each) !=
           token.transactions.end();
  });
  return Status::Ok();
}

}  // namespace

std::unique_ptr<Sink> MakeSink(const SinkRequest& request, const Environment& environment,
                               std::unique_ptr<StreamLoadApi> api, SinkLimits limits) {
  return std::make_unique<DorisSink>(request, environment, std::move(api), limits);
}

}  // namespace millrace::doris
