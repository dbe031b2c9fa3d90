#include "connectors/mysql/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/queue.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "connectors/mysql/binlog/log_reader.h"
#include "connectors/mysql/binlog/visibility.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/preflight.h"
#include "connectors/mysql/snapshot/snapshot.h"

namespace millrace::mysql {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kQueueBatches = 8;         // on their way to the engine
constexpr int64_t kRoundMs = 30'000;        // a round ends by itself after so long
constexpr int64_t kIdlePositionMs = 1'000;  // how often an idle log gives a position

// A batch on its way to the engine, or why there is none.
struct Delivery {
  std::unique_ptr<Batch> batch;
  Status status;
};

class MysqlSource final : public Source {
 public:
  MysqlSource(const SourceRequest& request, const Environment& environment)
      : request_(request),
        options_(*request.options),
        environment_(environment),
        settings_(ReadSettings(options_)),
        queue_(kQueueBatches) {
    request_.options = &options_;
  }

  ~MysqlSource() override {
    stop_ = true;
    queue_.Close();
    {
      std::lock_guard lock(mutex_);
      for (Connection* connection : open_connections_) connection->Interrupt();
      if (log_ != nullptr) log_->Interrupt();
    }
    if (director_.joinable()) director_.join();
  }

  Status Seek(const Position& position) override {
    MR_ASSIGN_OR_RETURN(std::unique_ptr<Connection> control,
                        Connection::Connect(settings_.endpoint));
    MR_RETURN_IF_ERROR(Preflight(control.get(), settings_));
    LogPosition start;
    if (position.empty()) {
      // Before the tables are listed: of one that is created later, the log has every row.
      MR_ASSIGN_OR_RETURN(start, StartPosition(control.get(), settings_));
      const bool from_now = settings_.with_snapshot || settings_.mode == StartMode::kLatest;
      if (from_now) MR_RETURN_IF_ERROR(WaitForPreparedXa(control.get(), environment_));
    }
    MR_ASSIGN_OR_RETURN(std::vector<ServerTable> found,
                        Discover(control.get(), databases_, tables_, settings_.database_pattern,
                                 settings_.table_pattern));
    MR_RETURN_IF_ERROR(CheckColumns(found));
    std::vector<RowLayout> layouts;
    for (const ServerTable& table : found) {
      MR_ASSIGN_OR_RETURN(RowLayout layout, MakeLayout(table, request_));
      layouts.push_back(std::move(layout));
    }
    tables_found_ = static_cast<int64_t>(layouts.size());
    snapshot_ = std::make_unique<Snapshot>(std::move(layouts), settings_.rows_per_part,
                                           !request_.keyed_target);
    if (position.empty()) {
      snapshot_done_ = !settings_.with_snapshot;
    } else {
      MR_ASSIGN_OR_RETURN(start, ParsePosition(position));
    }
    const LogReaderConfig config{settings_.endpoint,    &request_,
                                 &databases_,           &tables_,
                                 settings_.server_id,   settings_.heartbeat_ms,
                                 settings_.server_zone, environment_};
    log_ = std::make_unique<LogReader>(config, start);
    environment_.log->Info("{}: {} MySQL table(s) match {}.{}; reading from {}", request_.table,
                           tables_found_, settings_.database_pattern, settings_.table_pattern,
                           snapshot_done_ ? "binlog " + start.ToString() : "a snapshot");
    director_ = std::thread([this] {
      Status status = Direct();
      queue_.Push({nullptr, std::move(status)});
    });
    return Status::Ok();
  }

  Status Poll(Batch* batch) override {
    if (!final_status_.ok()) return final_status_;
    std::optional<Delivery> delivery = queue_.Pop(request_.poll_wait_ms);
    if (!delivery) return Status::Ok();
    if (delivery->batch == nullptr) {
      final_status_ = delivery->status;
      if (final_status_.ok()) batch->set_end_of_input();
      return final_status_;
    }
    std::swap(*batch, *delivery->batch);
    std::lock_guard lock(mutex_);
    if (spare_.size() < kQueueBatches) spare_.push_back(std::move(delivery->batch));
    return Status::Ok();
  }

  void RequestPosition() override {
    round_over_ = true;
    position_wanted_ = true;
  }

  SourceProgress Progress() override {
    SourceProgress progress;
    progress.phase = snapshot_done_ ? SourcePhase::kStreaming : SourcePhase::kSnapshot;
    progress.tables = tables_found_;
    if (snapshot_ != nullptr && !snapshot_done_) {
      for (const TableProgress& table : snapshot_->progress())
        progress.tables_done += table.done ? 1 : 0;
      progress.rows_estimated = snapshot_->rows_estimated();
      progress.rows_read = snapshot_->rows_read();
    } else {
      progress.tables_done = tables_found_;
    }
    std::lock_guard lock(mutex_);
    progress.position = shown_position_;
    if (last_event_second_ > 0 && snapshot_done_) {
      progress.lag_ms = caught_up_ ? 0 : environment_.clock->WallMs() - last_event_second_ * 1000;
    }
    return progress;
  }

 private:
  // A declared column may be missing in some tables, but not in all of them.
  Status CheckColumns(const std::vector<ServerTable>& tables) const {
    for (const Column& column : request_.schema.columns) {
      if (!column.metadata_key.empty()) continue;
      const bool found = std::any_of(tables.begin(), tables.end(), [&](const ServerTable& table) {
        return table.Find(column.name).has_value();
      });
      if (found) continue;
      std::vector<std::string> names;
      for (const ServerColumn& other : tables[0].columns) names.push_back(other.name);
      const std::string hint = DidYouMean(column.name, names);
      return Status::Permanent(fmt::format(
          "no MySQL table that matches table {} has a column {}. {}", Quoted(request_.table),
          Quoted(column.name), hint.empty() ? "Leave it out of CREATE TABLE." : hint));
    }
    return Status::Ok();
  }

  std::string PositionText() const {
    const LogPosition& log = log_->position();
    Json json = {{"file", log.file}, {"offset", log.offset}};
    if (log.gtids) json["gtids"] = log.gtids->ToString();
    json["phase"] = snapshot_done_ ? "streaming" : "snapshot";
    if (snapshot_done_) return json.dump();
    Json tables = Json::object();
    for (const TableProgress& table : snapshot_->progress()) {
      const bool begun = table.done || table.next || !table.after.empty();
      if (!begun) continue;
      Json& entry = tables[table.layout.table.FullName()];
      if (table.done) {
        entry = "done";
      } else if (table.next) {
        entry = {{"next", *table.next}};
      } else {
        entry = {{"after", table.after}};
      }
    }
    json["tables"] = std::move(tables);
    return json.dump();
  }

  Result<LogPosition> ParsePosition(const Position& saved) {
    const std::string text = saved.ToText();
    const Status bad = Status::Permanent(fmt::format(
        "the checkpoint holds no position of a mysql-cdc table: {}", text.substr(0, 200)));
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("file") || !json.contains("offset") ||
        !json.contains("phase") || !json["file"].is_string() ||
        !json["offset"].is_number_unsigned()) {
      return bad;
    }
    LogPosition position;
    position.file = json["file"].get<std::string>();
    position.offset = json["offset"].get<uint64_t>();
    if (json.contains("gtids") && json["gtids"].is_string()) {
      position.gtids = GtidSet::Parse(json["gtids"].get<std::string>());
      if (!position.gtids) return bad;
    }
    if (json["phase"] == "streaming") {
      snapshot_done_ = true;
      return position;
    }
    if (!json.contains("tables") || !json["tables"].is_object()) return bad;
    for (const auto& [name, entry] : json["tables"].items()) {
      std::optional<int64_t> next;
      std::vector<std::string> after;
      if (entry.is_object() && entry.contains("next") && entry["next"].is_number_integer()) {
        next = entry["next"].get<int64_t>();
      }
      if (entry.is_object() && entry.contains("after") && entry["after"].is_array()) {
        for (const Json& value : entry["after"]) {
          if (value.is_string()) after.push_back(value.get<std::string>());
        }
      }
      snapshot_->Restore(name, entry.is_string(), next, std::move(after));
    }
    return position;
  }

  std::unique_ptr<Batch> GiveBatch() {
    std::lock_guard lock(mutex_);
    if (spare_.empty()) return std::make_unique<Batch>();
    std::unique_ptr<Batch> batch = std::move(spare_.back());
    spare_.pop_back();
    return batch;
  }

  bool Deliver(std::unique_ptr<Batch> batch) {
    return !stop_ && queue_.Push({std::move(batch), Status::Ok()});
  }

  // The whole life of the source, in its own thread.
  Status Direct() {
    if (!snapshot_done_ && snapshot_->done()) snapshot_done_ = true;
    while (!snapshot_done_ && !stop_) MR_RETURN_IF_ERROR(Round());
    if (stop_) return Status::Cancelled();
    if (settings_.bounded) return Status::Ok();
    return Stream();
  }

  Status Round() {
    round_over_ = false;
    const int64_t started_ms = environment_.clock->NowMs();
    MR_RETURN_IF_ERROR(OpenReaders());
    std::vector<LogPosition> views(readers_.size());
    for (size_t i = 0; i < readers_.size(); ++i) {
      MR_ASSIGN_OR_RETURN(views[i], OpenReadView(readers_[i].get(), log_->position(),
                                                 !request_.keyed_target, environment_));
    }
    std::vector<bool> done_before;
    for (const TableProgress& table : snapshot_->progress()) done_before.push_back(table.done);
    MR_RETURN_IF_ERROR(ReadParts(started_ms));
    for (auto& reader : readers_) MR_RETURN_IF_ERROR(reader->Execute("COMMIT"));
    MR_ASSIGN_OR_RETURN(const LogPosition high, CurrentLogEnd(readers_[0].get()));
    if (!request_.keyed_target) SetGate(done_before, views[0]);
    MR_RETURN_IF_ERROR(ReadLogUntil(high));
    log_->set_gate(nullptr);
    if (snapshot_->done()) {
      snapshot_done_ = true;
      environment_.log->Info("{}: the snapshot is complete: {} rows of {} table(s); at binlog {}",
                             request_.table, snapshot_->rows_read(), tables_found_,
                             log_->position().ToString());
      CloseReaders();
    }
    return DeliverPosition(nullptr) ? Status::Ok() : Status::Cancelled();
  }

  // Every reader claims parts until none is left or the round is over.
  Status ReadParts(int64_t started_ms) {
    std::vector<Status> statuses(readers_.size());
    std::vector<std::thread> threads;
    std::atomic<bool> failed = false;
    for (size_t i = 0; i < readers_.size(); ++i) {
      threads.emplace_back([&, i] {
        statuses[i] = ReadPartsWith(readers_[i].get(), started_ms, failed);
        if (!statuses[i].ok()) failed = true;
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Status& status : statuses) {
      if (!status.ok() && !status.cancelled()) return status;
    }
    return stop_ ? Status::Cancelled() : Status::Ok();
  }

  Status ReadPartsWith(Connection* connection, int64_t started_ms,
                       const std::atomic<bool>& failed) {
    while (!stop_ && !failed && !round_over_) {
      MR_ASSIGN_OR_RETURN(const std::optional<Part> part, snapshot_->Claim(connection));
      if (!part) break;
      MR_RETURN_IF_ERROR(snapshot_->Read(
          *part, connection, round_over_, settings_.server_zone, request_.stride,
          [this] { return GiveBatch(); },
          [this](std::unique_ptr<Batch> batch) { return Deliver(std::move(batch)); }));
      if (environment_.clock->NowMs() - started_ms > kRoundMs) round_over_ = true;
    }
    return Status::Ok();
  }

  // For a target that must get every change once: tables that are not begun wait for their
  // snapshot, and what a table's read view held is not given again. Tables are then read whole, by
  // one reader.
  void SetGate(const std::vector<bool>& done_before, const LogPosition& view) {
    std::map<std::string, int> states;  // 0 not read, 1 read in this round, 2 read before
    const std::vector<TableProgress> progress = snapshot_->progress();
    for (size_t i = 0; i < progress.size(); ++i) {
      states[progress[i].layout.table.FullName()] = done_before[i] ? 2 : progress[i].done ? 1 : 0;
    }
    log_->set_gate(
        [states = std::move(states), view](const std::string& table, const LogPosition& end) {
          const auto state = states.find(table);
          if (state == states.end() || state->second == 2) return true;
          return state->second == 1 && IsBefore(view, end);
        });
  }

  Status ReadLogUntil(const LogPosition& high) {
    std::unique_ptr<Batch> batch;
    while (!stop_ && (IsBefore(log_->position(), high) || !log_->at_boundary())) {
      MR_RETURN_IF_ERROR(NextEvent(&batch));
      if (batch->full() && !Deliver(std::move(batch))) return Status::Cancelled();
    }
    if (stop_) return Status::Cancelled();
    if (batch != nullptr && !batch->empty() && !Deliver(std::move(batch)))
      return Status::Cancelled();
    return Status::Ok();
  }

  Status NextEvent(std::unique_ptr<Batch>* batch) {
    if (*batch == nullptr) {
      *batch = GiveBatch();
      (*batch)->Reset(request_.stride);
    }
    return log_->Next(batch->get());
  }

  // Hands over a batch (or an empty one) that can be resumed behind.
  bool DeliverPosition(std::unique_ptr<Batch> batch) {
    if (batch == nullptr) {
      batch = GiveBatch();
      batch->Reset(request_.stride);
    }
    position_wanted_ = false;
    batch->set_position(Position(millrace::Json::Parse(PositionText()).value()));
    {
      std::lock_guard lock(mutex_);
      shown_position_ = log_->position().ToString();
      last_event_second_ = log_->last_event_second();
    }
    return Deliver(std::move(batch));
  }

  Status Stream() {
    std::unique_ptr<Batch> batch;
    int64_t given_ms = environment_.clock->NowMs();
    std::string given_position;
    while (!stop_) {
      const bool waiting = log_->DataIsWaiting();
      caught_up_ = !waiting;
      const bool filled = batch != nullptr && !batch->empty();
      // In a backlog of large transactions batches fill up inside of them, and boundaries find none
      // that is full: a checkpoint that is due must not wait for the end of the backlog.
      const bool wanted = position_wanted_;
      if (log_->at_boundary() && filled && (batch->full() || !waiting || wanted)) {
        if (!DeliverPosition(std::move(batch))) return Status::Cancelled();
        given_ms = environment_.clock->NowMs();
      } else if (filled && batch->full()) {  // inside a transaction: no place to go on from
        if (!Deliver(std::move(batch))) return Status::Cancelled();
      } else if (log_->at_boundary() && !filled && log_->position().ToString() != given_position &&
                 (wanted || environment_.clock->NowMs() - given_ms > kIdlePositionMs)) {
        given_position = log_->position().ToString();
        if (!DeliverPosition(std::move(batch))) return Status::Cancelled();
        given_ms = environment_.clock->NowMs();
      }
      MR_RETURN_IF_ERROR(NextEvent(&batch));
    }
    return Status::Cancelled();
  }

  Status OpenReaders() {
    const size_t wanted =
        request_.keyed_target ? static_cast<size_t>(std::max(1, request_.parallelism)) : 1;
    while (readers_.size() < wanted) {
      MR_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                          Connection::Connect(settings_.endpoint));
      MR_RETURN_IF_ERROR(
          connection->Execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
      std::lock_guard lock(mutex_);
      if (stop_) return Status::Cancelled();
      open_connections_.push_back(connection.get());
      readers_.push_back(std::move(connection));
    }
    return Status::Ok();
  }

  void CloseReaders() {
    std::lock_guard lock(mutex_);
    open_connections_.clear();
    readers_.clear();
  }

  SourceRequest request_;
  const Options options_;
  const Environment environment_;
  const Settings settings_;
  const NamePattern databases_{settings_.database_pattern};
  const NamePattern tables_{settings_.table_pattern};
  BoundedQueue<Delivery> queue_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> round_over_ = false;
  std::atomic<bool> position_wanted_ = false;
  std::atomic<bool> snapshot_done_ = false;
  std::atomic<bool> caught_up_ = false;
  std::atomic<int64_t> tables_found_ = 0;
  std::unique_ptr<Snapshot> snapshot_;
  std::unique_ptr<LogReader> log_;
  std::thread director_;
  Status final_status_;
  std::vector<std::unique_ptr<Connection>> readers_;  // the director's
  std::mutex mutex_;
  std::vector<Connection*> open_connections_;  // mutex_
  std::vector<std::unique_ptr<Batch>> spare_;  // mutex_
  std::string shown_position_;                 // mutex_
  int64_t last_event_second_ = 0;              // mutex_
};

}  // namespace

Result<std::unique_ptr<Source>> OpenSource(const SourceRequest& request,
                                           const Environment& environment) {
  return std::unique_ptr<Source>(std::make_unique<MysqlSource>(request, environment));
}

}  // namespace millrace::mysql
