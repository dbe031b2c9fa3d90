#include "connectors/mysql/source_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/quote.h"
#include "base/suggest.h"
#include "connectors/mysql/binlog/log_survey.h"
#include "connectors/mysql/binlog/visibility.h"
#include "connectors/mysql/preflight.h"
#include "connectors/mysql/resume_check.h"
#include "connectors/mysql/wire/server_identity.h"

namespace millrace::mysql {
namespace {

// A declared column may be missing in some tables, but not in all of them.
Status CheckColumns(const SourceRequest& request, const std::vector<ServerTable>& tables) {
  for (const Column& column : request.schema.columns) {
    if (!column.metadata_key.empty()) continue;
    const bool found = std::any_of(tables.begin(), tables.end(), [&](const ServerTable& table) {
      return table.Find(column.name).has_value();
    });
    if (found) continue;
    std::vector<std::string> names;
    for (const ServerColumn& other : tables[0].columns()) names.push_back(other.name);
    const std::string hint = DidYouMean(column.name, names);
    return Status::Permanent(fmt::format("no MySQL table that matches table {} has a column {}. {}",
                                         Quoted(request.table), Quoted(column.name),
                                         hint.empty() ? "Leave it out of CREATE TABLE." : hint));
  }
  return Status::Ok();
}

// A table that is read on lost no declared column since, or it is said what is read instead.
Result<RowLayout> LayoutFor(Capture* capture, const ServerTable& table) {
  if (!capture->start) {
    return MakeLayout(table, capture->request, {.zero_dates = &capture->zero_dates});
  }
  const TableKey key(table.database, table.name);
  const TableHistory::Layout before = capture->history->Find(key);
  const ReadRules rules{true, capture->history->NullColumns(key), &capture->zero_dates};
  for (const Column& column : capture->request.schema.columns) {
    if (!column.metadata_key.empty() || before == nullptr) continue;
    const bool was_there = before->Find(column.name).has_value();
    const bool may_be_lost = capture->config.schema_change != SchemaChange::kStop;
    if (!was_there || table.Find(column.name) || may_be_lost) continue;
    return Status::Permanent(
        fmt::format("declared column {} of MySQL table {} was taken away while its snapshot was "
                    "under way: give the column "
                    "back, or declare the columns as they are now and run the script with --fresh",
                    Quoted(column.name), table.FullName()));
  }
  return MakeLayout(table, capture->request, rules);
}

ScanOutput OutputTo(cdc::BatchPool* batches, Captures* captures) {
  const Capture& first = *captures->front();
  return {batches, first.request.stride, first.config.server_zone,
          [captures](uint32_t capture, uint32_t rows) {
            (*captures)[capture]->progress.AddRowsRead(rows);
          }};
}

std::vector<PreflightSubject> SubjectsOf(const Captures& captures) {
  std::vector<PreflightSubject> subjects;
  for (const auto& capture : captures) {
    subjects.push_back(
        {&capture->request, &capture->config, capture->start ? &*capture->start : nullptr});
  }
  return subjects;
}

}  // namespace

SourceRun::SourceRun(Captures* captures, const Environment& environment, cdc::BatchPool* batches)
    : captures_(*captures),
      config_(captures->front()->config),
      environment_(environment),
      batches_(*batches),
      scan_output_(OutputTo(batches, captures)),
      snapshot_({captures, config_.endpoint, &connections_, &scan_output_, environment}),
      lag_(config_.endpoint, environment, &connections_) {}

Status SourceRun::Run() {
  MR_RETURN_IF_ERROR(Open());
  MR_RETURN_IF_ERROR(EmitEmptiedOfStart());
  MR_RETURN_IF_ERROR(stream_->CatchUp({}));
  MR_RETURN_IF_ERROR(ReadAdded());
  if (!plan_->done()) MR_RETURN_IF_ERROR(snapshot_.Read(plan_.get(), stream_.get()));
  while (!config_.bounded) {
    MR_RETURN_IF_ERROR(stream_->Stream());
    MR_RETURN_IF_ERROR(snapshot_.Read(plan_.get(), stream_.get()));
  }
  return Status::Ok();
}

// What an earlier run stopped before: it did not see that the target lost these rows.
Status SourceRun::EmitEmptiedOfStart() {
  std::set<CapturedTable> emptied;
  for (const auto& capture : captures_) {
    if (!capture->start) continue;
    const bool deletes_rows = capture->HistoryConfig().deletes_rows;
    for (const TableKey& table : capture->start->emptied) {
      if (deletes_rows) {
        emptied.insert({capture->request.number, table});
        continue;
      }
      environment_.log->Warning(
          "{}: rows that {} lost stay in the target, because 'ddl.removed-rows' = 'delete' is not "
          "set any more; delete them there by hand",
          capture->request.table, FullName(table));
    }
  }
  return emptied.empty() ? Status::Ok() : stream_->EmitEmptied(emptied);
}

void SourceRun::RequestPosition() {
  position_wanted_ = true;
  snapshot_.EndRound();
}

void SourceRun::Interrupt() {
  connections_.Interrupt();
  snapshot_.Interrupt();
  std::lock_guard lock(log_mutex_);
  if (log_ != nullptr) log_->Interrupt();
}

Status SourceRun::Open() {
  MR_ASSIGN_OR_RETURN(Connection* const control, OpenServer());
  Preflight preflight(control, SubjectsOf(captures_), environment_);
  MR_RETURN_IF_ERROR(preflight.CheckServer());
  MR_ASSIGN_OR_RETURN(server_, ReadServerFacts(control));
  Result<std::vector<FoundTables>> tables = FindTables(control);
  if (!tables.ok()) return preflight.Explain(tables.status());
  std::vector<FoundTables>& found = *tables;
  for (size_t i = 0; i < found.size(); ++i) {
    MR_RETURN_IF_ERROR(preflight.CheckTables(i, found[i].tables));
  }
  MR_RETURN_IF_ERROR(preflight.Report());
  LogPosition position = BeginCaptures(&found);
  MR_RETURN_IF_ERROR(MakePlan(found));
  connections_.Close(control);
  for (const auto& capture : captures_) {
    environment_.log->Info("{}: {} MySQL table(s) match {}.{}; reading from {}",
                           capture->request.table, found[capture->request.number].tables.size(),
                           capture->config.database_pattern, capture->config.table_pattern,
                           capture->streaming
                               ? "binlog " + capture->from.value_or(position).ToString()
                               : "a snapshot");
  }
  return StartLog(std::move(position));
}

// By capture. Those without a checkpoint begin together; the others where each has come to, which
// is one position unless an earlier release wrote it.
Result<std::vector<FoundTables>> SourceRun::FindTables(Connection* control) {
  std::vector<FoundTables> found(captures_.size());
  TableFinder::CaptureList fresh;
  for (const auto& capture : captures_) {
    if (!capture->start) {
      fresh.push_back(capture.get());
      continue;
    }
    NoteOtherPatterns(capture.get());
    MR_ASSIGN_OR_RETURN(found[capture->request.number], FindAtStart(control, *capture));
  }
  if (fresh.empty()) return found;
  MR_ASSIGN_OR_RETURN(std::vector<FoundTables> first, FindFirst(control, fresh));
  for (size_t i = 0; i < fresh.size(); ++i) {
    MR_RETURN_IF_ERROR(CheckColumns(fresh[i]->request, first[i].tables));
    found[fresh[i]->request.number] = std::move(first[i]);
  }
  return found;
}

// Where an earlier run has come to.
Result<FoundTables> SourceRun::FindAtStart(Connection* control, const Capture& capture) {
  const SourcePosition& start = *capture.start;
  if (start.history.is_null()) {  // of an earlier release
    MR_ASSIGN_OR_RETURN(std::vector<FoundTables> found,
                        Finder().FindAt(control, {&capture}, start.log));
    return std::move(found.front());
  }
  FoundTables found;
  found.position = start.log;
  MR_ASSIGN_OR_RETURN(found.history,
                      TableHistory::FromJson(capture.HistoryConfig(), start.history));
  if (!start.streaming) {
    MR_ASSIGN_OR_RETURN(found.tables, Discover(control, capture.databases, capture.tables));
    std::erase_if(found.tables, [&](const ServerTable& table) {
      return !capture.IsCaptured({table.database, table.name});
    });
    return found;
  }
  for (const TableKey& table : found.history->CapturedTables()) {
    found.tables.emplace_back(table.first, table.second, found.history->Find(table));
  }
  return found;
}

// The first server of 'hostname' that can go on from where the job is.
Result<Connection*> SourceRun::OpenServer() {
  const auto fits = [&](Connection* connection) {
    MR_ASSIGN_OR_RETURN(server_identity_, ServerIdentity(connection));
    return CanResumeAll(connection);
  };
  MR_ASSIGN_OR_RETURN(
      Connection* const control,
      connections_.OpenFirst(config_.endpoint, config_.servers, fits, environment_.log));
  for (const auto& capture : captures_) {
    if (capture->start) MoveTo(server_identity_, &*capture->start);
  }
  return control;
}

// Which of several positions is the first is known by file and offset only.
Status SourceRun::CanResumeAll(Connection* connection) const {
  const bool of_several = config_.servers.size() > 1;
  const SourcePosition* first = nullptr;
  for (const auto& capture : captures_) {
    if (!capture->start) continue;
    const SourcePosition& start = *capture->start;
    MR_RETURN_IF_ERROR(CanResume(connection, server_identity_, start, of_several));
    if (first == nullptr) first = &start;
    const bool is_other = !start.server.empty() && start.server != server_identity_;
    if (!is_other || start.log.gtids == first->log.gtids) continue;
    return Status::Permanent(fmt::format(
        "tables {} and {} are at several positions in the binlog of {}, which is another server "
        "than MySQL {}: let the job run there for one more checkpoint, or run it with --fresh",
        captures_.front()->request.table, capture->request.table, start.server,
        connection->server()));
  }
  return Status::Ok();
}

// The position is read before the tables are listed: of a table that is created later, the log has
// every row.
Result<std::vector<FoundTables>> SourceRun::FindFirst(Connection* control,
                                                      const TableFinder::CaptureList& captures) {
  const bool from_now = config_.with_snapshot || config_.mode == StartMode::kLatest;
  const TableFinder finder = Finder();
  if (from_now) return finder.FindNow(control, captures, [&] { return FindStart(control); });
  const bool by_time = config_.mode == StartMode::kTimestamp;
  const auto position =
      by_time ? SeekLog(control, LogConfig(), config_.start_second, [this] { return stopped(); })
              : StartPosition(control, config_);
  if (!position.ok()) return position.status();
  return finder.FindAt(control, captures, *position);
}

Result<LogPosition> SourceRun::FindStart(Connection* control) {
  MR_ASSIGN_OR_RETURN(LogPosition position, StartPosition(control, config_));
  MR_RETURN_IF_ERROR(WaitForPreparedXa(control, environment_));
  return position;
}

// Each capture knows its tables and where it begins; returns where the log is read from.
LogPosition SourceRun::BeginCaptures(std::vector<FoundTables>* found) {
  LogPosition first = found->front().position;
  for (const FoundTables& one : *found) {
    if (IsBefore(one.position, first)) first = one.position;
  }
  for (const auto& capture : captures_) {
    FoundTables& own = (*found)[capture->request.number];
    capture->streaming = capture->start ? capture->start->streaming : !config_.with_snapshot;
    capture->history = std::move(own.history);
    if (IsBefore(first, own.position)) capture->from = own.position;
  }
  return first;
}

Status SourceRun::MakePlan(const std::vector<FoundTables>& found) {
  std::vector<RowLayout> layouts;
  std::vector<ChunkPlan::Config> configs;
  for (const auto& capture : captures_) {
    configs.push_back(ChunksOf(*capture));
    const bool nothing_is_left = capture->start && capture->streaming;
    if (nothing_is_left) continue;
    for (const ServerTable& table : found[capture->request.number].tables) {
      MR_ASSIGN_OR_RETURN(RowLayout layout, LayoutFor(capture.get(), table));
      if (!capture->streaming) layouts.push_back(std::move(layout));
    }
  }
  plan_ = std::make_unique<ChunkPlan>(std::move(configs));
  for (RowLayout& layout : layouts) MR_RETURN_IF_ERROR(plan_->Add(std::move(layout)));
  for (const auto& capture : captures_) {
    const auto tables = static_cast<int64_t>(found[capture->request.number].tables.size());
    RestorePlan(capture.get(), tables);
  }
  return Status::Ok();
}

void SourceRun::RestorePlan(Capture* capture, int64_t tables) {
  const uint32_t number = capture->request.number;
  if (const auto& start = capture->start) {
    for (const std::string& table :
         plan_->Restore(number, start->tables, !start->history.is_null())) {
      environment_.log->Warning(
          "{}: the key of {} is not the one it had at the checkpoint; the snapshot of that table "
          "starts over",
          capture->request.table, table);
    }
    capture->progress.AddRowsRead(start->rows_read);
  }
  capture->progress.SetTables(SourcePhase::kSnapshot, tables, plan_->rows_estimated(number));
  capture->progress.SetTablesDone(plan_->tables_done(number));
  capture->streaming = capture->streaming || plan_->done(number);
  if (capture->streaming) capture->progress.SetStreaming();
}

// A plan whose patterns changed has been accepted, because its added tables are to be read.
void SourceRun::NoteOtherPatterns(Capture* capture) {
  std::vector<TablePatterns> earlier = TableHistory::CapturedIn(capture->start->history);
  if (earlier.empty() && capture->options.Boolean("scan.newly-added-table.enabled")) {
    environment_.log->Warning(
        "{}: its checkpoint was written by an earlier release and does not say which tables were "
        "captured: of tables that are new to the pattern only changes are read; run the script "
        "once with the pattern as it was",
        capture->request.table);
  }
  const bool is_same =
      earlier.empty() ||
      (earlier.size() == 1 && earlier.front().databases.text() == capture->databases.text() &&
       earlier.front().tables.text() == capture->tables.text());
  if (is_same) return;
  environment_.log->Info(
      "{}: captures {}.{} now, not {}.{}; the rows of tables that no longer match stay in the "
      "target, and those of tables that are new are read as soon as the binlog is read up to now",
      capture->request.table, capture->databases.text(), capture->tables.text(),
      earlier.front().databases.text(), earlier.front().tables.text());
  capture->earlier = std::move(earlier);
}

// Tables that match the patterns now and did not in the run before.
Status SourceRun::ReadAdded() {
  const bool has_any = std::any_of(captures_.begin(), captures_.end(),
                                   [](const auto& one) { return !one->earlier.empty(); });
  if (!has_any) return Status::Ok();
  MR_ASSIGN_OR_RETURN(Connection* const control, connections_.Open(config_.endpoint));
  MR_ASSIGN_OR_RETURN(const LogPosition now, CurrentLogEnd(control));
  MR_RETURN_IF_ERROR(stream_->CatchUp(now));
  std::set<CapturedTable> added;
  for (const auto& capture : captures_) {
    if (capture->earlier.empty()) continue;
    MR_ASSIGN_OR_RETURN(const std::vector<TableKey> tables,
                        ListTables(control, capture->databases, capture->tables));
    for (const TableKey& table : tables) {
      if (AllMatch(capture->earlier, table)) continue;
      MR_ASSIGN_OR_RETURN(const bool is_there, LearnAdded(control, capture.get(), table));
      if (is_there) added.insert({capture->request.number, table});
    }
  }
  connections_.Close(control);
  for (const auto& capture : captures_) {
    capture->earlier.clear();
    capture->history->ForgetEarlier();
  }
  decoders_->ForgetIds();
  if (config_.with_snapshot) MR_RETURN_IF_ERROR(ReadTables(added, "it is new to the pattern"));
  return stream_->EmitPosition();  // which says what is captured from here on
}

// The history knows an added table if its database was captured before. False: it is gone.
Result<bool> SourceRun::LearnAdded(Connection* control, Capture* capture, const TableKey& table) {
  if (capture->history->Find(table) != nullptr) return true;
  const LogPosition& here = stream_->position();
  MR_ASSIGN_OR_RETURN(std::optional<TableLayout> layout,
                      Finder().DescribeAt(control, table, here, here));
  if (layout) {
    capture->history->Learn(table, std::move(*layout));
    return true;
  }
  MR_ASSIGN_OR_RETURN(const auto still_there, Describe(control, table.first, table.second));
  if (!still_there) return false;
  return Status::Transient(
      fmt::format("table {} was altered while it was added to what is captured", FullName(table)));
}

LogReaderConfig SourceRun::LogConfig() const {
  return {connections_.At(config_.endpoint),
          server_identity_,
          config_.servers.size() > 1,
          decoders_.get(),
          config_.server_id,
          config_.heartbeat_ms,
          config_.server_zone,
          environment_};
}

bool SourceRun::stopped() const {
  return connections_.interrupted() ||
         (environment_.stop != nullptr && environment_.stop->requested());
}

TableFinder SourceRun::Finder() const {
  return TableFinder({&server_, LogConfig(), [this] { return stopped(); }});
}

Result<std::optional<TableLayout>> SourceRun::DescribeAt(const TableKey& table,
                                                         const LogPosition& here) {
  // A connection of its own: the one that carries the binlog is busy with it.
  MR_ASSIGN_OR_RETURN(Connection* const connection, connections_.Open(config_.endpoint));
  auto layout = Finder().DescribeAt(connection, table, stream_->position(), here);
  connections_.Close(connection);
  return layout;
}

Status SourceRun::StartLog(LogPosition position) {
  TableDecoders::Config decoders;
  for (const auto& capture : captures_) {
    decoders.captures.push_back(
        {&capture->request, capture->history.get(), capture->from, &capture->zero_dates});
  }
  decoders.server = &server_;
  decoders.log = environment_.log;
  decoders.describe = [this](const TableKey& table, const LogPosition& here) {
    return DescribeAt(table, here);
  };
  decoders_ = std::make_unique<TableDecoders>(std::move(decoders));
  {
    std::lock_guard lock(log_mutex_);
    // One that is made after Interrupt would never be interrupted.
    if (connections_.interrupted()) return Status::Cancelled();
    log_ = std::make_unique<LogReader>(LogConfig(), std::move(position));
  }
  LogStream::Config stream;
  stream.log = log_.get();
  stream.decoders = decoders_.get();
  stream.plan = plan_.get();
  stream.captures = &captures_;
  stream.read_tables = [this](const std::set<CapturedTable>& tables, std::string_view why) {
    return ReadTables(tables, why);
  };
  stream.batches = &batches_;
  stream.lag = &lag_;
  stream.clock = environment_.clock;
  stream.position_wanted = &position_wanted_;
  stream.server = server_identity_;
  stream.streaming = plan_->done();
  stream_ = std::make_unique<LogStream>(stream);
  return Status::Ok();
}

// Their rows are read like those of a snapshot; the changes after the position that is reached
// follow.
Status SourceRun::ReadTables(const std::set<CapturedTable>& tables, std::string_view why) {
  MR_ASSIGN_OR_RETURN(Connection* const control, connections_.Open(config_.endpoint));
  // MySQL writes a statement to the log a moment before others see what it did.
  MR_RETURN_IF_ERROR(
      OpenReadView(control, stream_->position(), /*exact=*/false, environment_).status());
  MR_RETURN_IF_ERROR(control->Execute("COMMIT"));
  for (const CapturedTable& table : tables) {
    MR_RETURN_IF_ERROR(ReadTable(control, table, why));
  }
  connections_.Close(control);
  for (const auto& capture : captures_) {
    const uint32_t number = capture->request.number;
    if (plan_->done(number)) continue;
    capture->progress.SetTables(SourcePhase::kSnapshot, plan_->tables(number),
                                plan_->rows_estimated(number));
    capture->progress.SetTablesDone(plan_->tables_done(number));
  }
  return Status::Ok();
}

Status SourceRun::ReadTable(Connection* control, const CapturedTable& arrived,
                            std::string_view why) {
  Capture& capture = *captures_[arrived.capture];
  MR_ASSIGN_OR_RETURN(const std::optional<ServerTable> table,
                      Describe(control, arrived.table.first, arrived.table.second));
  if (!table) {  // renamed once more, or dropped, as the log says or will say
    plan_->Remove(arrived.capture, FullName(arrived.table));
    return Status::Ok();
  }
  MR_ASSIGN_OR_RETURN(RowLayout layout,
                      MakeLayout(*table, capture.request,
                                 {.checks_values = true,
                                  .null_columns = capture.history->NullColumns(arrived.table),
                                  .zero_dates = &capture.zero_dates}));
  MR_RETURN_IF_ERROR(plan_->Add(std::move(layout)));
  environment_.log->Info("{}: reading the rows of {}, because {}", capture.request.table,
                         FullName(arrived.table), why);
  return Status::Ok();
}

}  // namespace millrace::mysql
