#include "connectors/doris/sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/quote.h"
#include "connectors/doris/body_writer.h"
#include "connectors/doris/committer.h"
#include "connectors/doris/label.h"
#include "connectors/doris/lanes.h"
#include "connectors/doris/load.h"
#include "connectors/doris/load_header.h"
#include "connectors/doris/row_key.h"
#include "connectors/doris/stored_rows.h"
#include "connectors/doris/table.h"
#include "connectors/doris/token.h"

namespace millrace::doris {
namespace {

class DorisSink final : public Sink {
 public:
  DorisSink(const SinkRequest& request, const Environment& environment,
            std::unique_ptr<StreamLoadApi> api, SinkLimits limits)
      : request_(request),
        config_(MakeSinkConfig(*request.options)),
        log_(*environment.log),
        own_stop_(environment.clock),
        api_(std::move(api)),
        committer_(api_.get(), environment.clock, environment.log, StopOf(environment)),
        labels_(config_.label_prefix, config_.database, config_.table, request.job, request.table) {
    loads_.api = api_.get();
    loads_.committer = &committer_;
    loads_.clock = environment.clock;
    loads_.log = environment.log;
    loads_.stop = StopOf(environment);
    loads_.labels = &labels_;
    loads_.numbering = &numbering_;
    loads_.load_bytes_max = limits.load_bytes_max;
    loads_.database = config_.database;
    loads_.table = config_.database + "." + config_.table;
  }

  Status Open() override;
  Status Recover(std::string_view token) override;
  Status Write(const Batch& batch, std::span<const uint32_t> rows) override;
  Result<int64_t> DeleteRows(const Batch& batch, uint32_t row,
                             std::span<const uint32_t> columns) override;
  Result<std::string> Prepare(uint64_t checkpoint) override;
  Status Commit(std::string_view token) override;

 private:
  const StopToken* StopOf(const Environment& environment) const {
    return environment.stop != nullptr ? environment.stop : &own_stop_;
  }
  int LaneCount() const { return config_.lanes > 0 ? config_.lanes : request_.parallelism; }

  Result<DorisTable> DescribeTable();
  Status WriteRow(const Cell* row, bool deleted);
  Status WriteLongRow(Lane* lane, const Cell* row, bool deleted, size_t bound);
  Status BadRow(const Cell* row) const;

  // Constant.
  const SinkRequest request_;
  const SinkConfig config_;
  Log& log_;
  const StopToken own_stop_;  // of an environment without one
  const std::unique_ptr<StreamLoadApi> api_;
  Committer committer_;
  const Labels labels_;

  // From Open on.
  LoadContext loads_;
  TableModel model_ = TableModel::kDuplicate;
  Layout layout_;
  std::optional<BodyWriter> writer_;
  std::optional<RowKey> key_;
  std::optional<Lanes> lanes_;

  Numbering numbering_;
  std::vector<Transaction> prepared_;   // safe and not committed, oldest first
  std::vector<Transaction> committed_;  // by the latest commit, perhaps not visible yet
};

Result<DorisTable> DorisSink::DescribeTable() {
  const Result<Json> description = api_->DescribeTable();
  if (!description.ok()) {
    return description.status().Annotated(
        fmt::format("Doris table {} cannot be looked up", loads_.table));
  }
  MR_ASSIGN_OR_RETURN(DorisTable table, ParseTable(loads_.table, *description));
  const Result<std::vector<ColumnDetail>> details = api_->DescribeColumns();
  if (details.ok()) {
    AddDetails(*details, &table);
  } else if (details.status().cancelled() || request_.deletes_rows) {
    return details.status();
  } else {
    log_.Debug("details of the columns of {} are not known: {}", loads_.table,
               details.status().message());
  }
  return table;
}

Status DorisSink::Open() {
  MR_ASSIGN_OR_RETURN(const DorisTable table, DescribeTable());
  MR_ASSIGN_OR_RETURN(layout_, MakeLayout(request_, config_, table));
  if (request_.deletes_rows) MR_RETURN_IF_ERROR(CheckStoredRows(config_, table, layout_));
  for (const std::string& warning : layout_.warnings) log_.Warning("{}", warning);
  model_ = table.model;
  key_.emplace(layout_, request_.zone);
  BodyOptions body;
  body.format = config_.format;
  body.bytes_as = config_.bytes_as;
  body.column_separator = config_.column_separator;
  body.line_delimiter = config_.line_delimiter;
  body.zone = request_.zone;
  writer_.emplace(layout_, std::move(body));
  loads_.headers = LoadHeaders(writer_->Headers(config_.columns), config_.headers,
                               request_.checkpoint_interval_ms);
  lanes_.emplace(&loads_, &*key_, std::clamp(LaneCount(), 1, kLanesEverMax));
  return Status::Ok();
}

Status DorisSink::Recover(std::string_view text) {
  MR_ASSIGN_OR_RETURN(const Token token, ParseToken(text));
  MR_RETURN_IF_ERROR(committer_.Commit(token));
  committed_ = token.transactions;
  const bool repeatable = model_ == TableModel::kUnique;
  MR_ASSIGN_OR_RETURN(numbering_.incarnation,
                      committer_.DropNewer(token, labels_, lanes_->count(), repeatable));
  numbering_.sequence = token.sequence;
  return Status::Ok();
}

Status DorisSink::Write(const Batch& batch, std::span<const uint32_t> rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const Cell* row = batch.row(rows[i]);
    const RowKind kind = batch.kind(rows[i]);
    const bool deleted = kind == RowKind::kDelete || kind == RowKind::kUpdateBefore;
    if (deleted) {
      if (!config_.deletes) continue;
      // The +U after it overwrites the row, if it has the same key; else the old key must go.
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
  Lane& lane = lanes_->Of(row);
  const size_t bound = writer_->Bound(row);
  if (lane.room() < bound) [[unlikely]] {
    MR_RETURN_IF_ERROR(lane.MakeRoom(bound));
    if (lane.room() < bound) return WriteLongRow(&lane, row, deleted, bound);
  }
  char* const begin = lane.end();
  char* const end = writer_->Put(begin, row, deleted);
  if (end == nullptr) [[unlikely]]
    return BadRow(row);
  lane.Add(static_cast<size_t>(end - begin));
  return Status::Ok();
}

// A row that no buffer can hold. Its memory is not kept: it may be enormous.
Status DorisSink::WriteLongRow(Lane* lane, const Cell* row, bool deleted, size_t bound) {
  const auto text = std::make_unique_for_overwrite<char[]>(bound);
  const char* const end = writer_->Put(text.get(), row, deleted);
  if (end == nullptr) return BadRow(row);
  return lane->AddLongRow({text.get(), static_cast<size_t>(end - text.get())});
}

Status DorisSink::BadRow(const Cell* row) const {
  return Status::Permanent(fmt::format("column {} of the row with {} cannot be written to {}: {}",
                                       Quoted(writer_->bad_column()), key_->Describe(row),
                                       loads_.table, writer_->bad_reason()));
}

// The rows that are there are read and written again, as deleted.
Result<int64_t> DorisSink::DeleteRows(const Batch& batch, uint32_t row,
                                      std::span<const uint32_t> columns) {
  MR_RETURN_IF_ERROR(committer_.AwaitVisible(committed_));
  committed_.clear();
  MR_ASSIGN_OR_RETURN(const std::unique_ptr<QueryRows> stored,
                      api_->Select(StoredRowsQuery(config_.database, config_.table, layout_,
                                                   batch.row(row), columns, request_.zone)));
  Batch doomed;
  std::vector<std::optional<std::string_view>> texts;
  for (int64_t rows = 0;; ++rows) {
    MR_ASSIGN_OR_RETURN(const bool more, stored->Next(&texts));
    if (!more) return rows;
    doomed.Reset(batch.stride());
    Cell* const cells = doomed.AddRow(RowKind::kDelete);
    MR_RETURN_IF_ERROR(ReadStoredRow(layout_, texts, &doomed.arena(), cells));
    MR_RETURN_IF_ERROR(WriteRow(cells, /*deleted=*/true));
  }
}

Result<std::string> DorisSink::Prepare(uint64_t) {
  MR_RETURN_IF_ERROR(lanes_->Prepare(&prepared_));
  if (numbering_.sequence == 0) return std::string();
  return ToText({numbering_.incarnation, numbering_.sequence, lanes_->count(), prepared_});
}

Status DorisSink::Commit(std::string_view text) {
  MR_ASSIGN_OR_RETURN(const Token token, ParseToken(text));
  MR_RETURN_IF_ERROR(committer_.Commit(token));
  committed_ = token.transactions;
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
