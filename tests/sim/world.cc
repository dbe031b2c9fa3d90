#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::sim {
namespace {

Status Transient() { return Status::Transient("the network is away"); }

class SimSource final : public Source {
 public:
  SimSource(const SimMysql* mysql, size_t end, Fate* fate, Broken broken)
      : mysql_(*mysql), end_(end), fate_(*fate), broken_(broken) {}

  Status Seek(std::span<const Position> positions) override {
    const Position& position = positions.front();
    fate_.Effect();
    if (fate_.Fails()) return Transient();
    if (position.empty()) return Status::Ok();
    next_ = position.json()["transaction"].AsUint().value();
    if (const auto shard = position.json()["emptied"].AsInt()) emptied_ = shard;
    return Status::Ok();
  }

  // A few changes; sometimes a transaction is cut in the middle, sometimes nothing comes.
  Status Poll(Batch* batch) override {
    if (fate_.Fails()) return Transient();
    if (emptied_) {
      EmptyShard(batch);
      return Status::Ok();
    }
    const size_t wanted = fate_.Below(6);
    bool early = false;
    while (batch->rows() < wanted && next_ < end_) {
      if (mysql_.at(next_).emptied) {
        emptied_ = mysql_.at(next_++).emptied;
        batch->set_position(broken_ == Broken::kForgetEmptied ? At(next_) : At(next_, emptied_));
        return Status::Ok();
      }
      const std::vector<Change>& transaction = mysql_.at(next_).changes;
      if (broken_ == Broken::kPositionTooEarly && change_ == 0) early = true;
      for (; change_ < transaction.size() && batch->rows() < wanted; ++change_)
        Add(transaction[change_], batch);
      if (change_ < transaction.size()) break;
      change_ = 0;
      ++next_;
    }
    if (early && change_ > 0) {
      batch->set_position(At(next_ + 1));
    } else if (change_ == 0 && (wanted > 0 || fate_.Chance(0.2))) {
      batch->set_position(At(next_));
    }
    if (next_ >= end_ && change_ == 0 && !batch->position().empty()) batch->set_end_of_input();
    return Status::Ok();
  }

 private:
  static Position At(size_t transaction, std::optional<int64_t> emptied = {}) {
    Json json = Json::Object({{"transaction", transaction}});
    if (emptied) json.Set("emptied", Json(*emptied));
    return Position(std::move(json));
  }
  void EmptyShard(Batch* batch) {
    Cell* const row = batch->AddRow(RowKind::kDelete);
    row[0] = row[1] = Cell::Null();
    row[2] = Cell::Text("database");
    row[3] = Cell::Text(batch->arena().Copy(std::to_string(*std::exchange(emptied_, {}))));
    batch->set_empties_tables();
    batch->set_position(At(next_));
    if (next_ >= end_) batch->set_end_of_input();
  }
  static void Add(const Change& change, Batch* batch) {
    Cell* row = batch->AddRow(change.kind);
    row[0] = Cell::Int(change.key);
    row[1] = Cell::Int(change.value);
    row[2] = row[3] = Cell::Null();  // nobody looks
  }

  const SimMysql& mysql_;
  const size_t end_;
  Fate& fate_;
  const Broken broken_;
  size_t next_ = 0;
  size_t change_ = 0;
  std::optional<int64_t> emptied_;  // said in the position, and still to be emitted
};

}  // namespace

// The protocol of a two-phase sink in its smallest form: one load per checkpoint, labels by number.
class SimSink final : public Sink {
 public:
  SimSink(SimDoris* doris, Broken broken) : doris_(*doris), broken_(broken) {}

  Status Open() override {
    doris_.fate_.Effect();
    return doris_.fate_.Fails() ? Transient() : Status::Ok();
  }

  Status Recover(std::string_view token) override {
    if (!token.empty() && broken_ != Broken::kForgetToCommit) MR_RETURN_IF_ERROR(Commit(token));
    number_ = token.empty() ? 0 : Number(token);
    if (broken_ == Broken::kKeepNewerLoads) return Status::Ok();
    for (auto& [label, load] : doris_.loads) {
      if (load.state != SimDoris::State::kPrepared || Number(label) <= number_) continue;
      doris_.fate_.Effect();
      if (doris_.fate_.Fails()) return Transient();
      load.state = SimDoris::State::kAborted;
      doris_.fate_.Effect();
    }
    return Status::Ok();
  }

  Status Write(const Batch& batch, std::span<const uint32_t> rows) override {
    doris_.fate_.Effect();
    if (doris_.fate_.Fails()) return Transient();
    for (const uint32_t index : rows) {
      const Cell* row = batch.row(index);
      open_.push_back({batch.kind(index), row[0].i, row[1].i});
    }
    return Status::Ok();
  }

  Result<int64_t> DeleteRows(const Batch& batch, uint32_t row,
                             std::span<const uint32_t> columns) override {
    if (columns.size() != 2 || columns[0] != 2 || columns[1] != 3) {
      return Status::Permanent("rows are deleted by other columns than those of their shard");
    }
    doris_.fate_.Effect();
    if (doris_.fate_.Fails()) return Transient();
    const int64_t shard = std::stoll(std::string(batch.row(row)[3].view()));
    int64_t deleted = 0;
    for (const auto& [key, value] : doris_.visible) {
      if (ShardOf(key) != shard) continue;
      open_.push_back({RowKind::kDelete, key, value});
      ++deleted;
    }
    return deleted;
  }

  Result<std::string> Prepare(uint64_t) override {
    if (open_.empty()) return number_ == 0 ? std::string() : Label(number_);
    const std::string label = Label(number_ + 1);
    const auto known = doris_.loads.find(label);
    if (known != doris_.loads.end() && known->second.state != SimDoris::State::kAborted) {
      return Status::Permanent(fmt::format("label {} exists", label));
    }
    doris_.fate_.Effect();
    if (doris_.fate_.Fails()) return Transient();  // refused
    SimDoris::Load& load = doris_.loads[label];
    load = {SimDoris::State::kPrepared, open_};
    if (broken_ == Broken::kCommitBeforeFile) doris_.Apply(load);
    doris_.fate_.Effect();
    if (doris_.fate_.Fails()) return Transient();  // done, and the answer lost
    open_.clear();
    ++number_;
    return label;
  }

  Status Commit(std::string_view token) override {
    SimDoris::Load& load = doris_.loads[std::string(token)];
    if (load.state == SimDoris::State::kVisible) return Status::Ok();
    if (load.state == SimDoris::State::kAborted) return Status::Permanent("the load was aborted");
    doris_.fate_.Effect();
    if (doris_.fate_.Fails())
      return broken_ == Broken::kIgnoreLostAnswer ? Status::Ok() : Transient();
    doris_.Apply(load);
    load.state = SimDoris::State::kVisible;
    doris_.fate_.Effect();
    return doris_.fate_.Fails() ? Transient() : Status::Ok();
  }

 private:
  static std::string Label(uint64_t number) { return fmt::format("load-{:08}", number); }
  static uint64_t Number(std::string_view label) {
    return std::stoull(std::string(label.substr(5)));
  }

  SimDoris& doris_;
  const Broken broken_;
  uint64_t number_ = 0;  // of the last prepared load
  std::vector<Change> open_;
};

Result<std::string> SimFiles::Read(const std::string& path) {
  const auto file = files_.find(path);
  if (file == files_.end()) return Status::Permanent("no such file: " + path);
  return file->second;
}

Status SimFiles::WriteAtomically(const std::string& path, std::string_view content) {
  fate_.Effect();  // a temporary file may be left; nobody reads it
  if (fate_.Chance(0.5)) fate_.Effect();
  if (fate_.Fails()) return Status::Permanent(kDiskFailure);
  files_[path] = content;
  fate_.Effect();
  return fate_.Fails() ? Status::Permanent(kDiskFailure) : Status::Ok();
}

Status SimFiles::Remove(const std::string& path) {
  fate_.Effect();
  files_.erase(path);
  return Status::Ok();
}

Result<std::vector<std::string>> SimFiles::List(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& [path, content] : files_) {
    if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
  }
  return names;
}

Result<std::unique_ptr<FileLock>> SimFiles::Lock(const std::string&) {
  return std::make_unique<FileLock>();
}

void SimMysql::Commit(Transaction transaction) {
  Table state = states_.back();
  if (transaction.emptied) {
    std::erase_if(state,
                  [&](const auto& row) { return ShardOf(row.first) == *transaction.emptied; });
  }
  for (const Change& change : transaction.changes) {
    const bool gone = change.kind == RowKind::kDelete || change.kind == RowKind::kUpdateBefore;
    if (gone) {
      state.erase(change.key);
    } else {
      state[change.key] = change.value;
    }
  }
  log_.push_back(std::move(transaction));
  states_.push_back(std::move(state));
}

Result<std::unique_ptr<Source>> SimMysql::Open(const SourceRequest&, size_t end, Broken broken) {
  fate_.Effect();
  if (fate_.Fails()) return Transient();
  return std::unique_ptr<Source>(std::make_unique<SimSource>(this, end, &fate_, broken));
}

Result<std::unique_ptr<Sink>> SimDoris::Open(Broken broken) {
  return std::unique_ptr<Sink>(std::make_unique<SimSink>(this, broken));
}

void SimDoris::Apply(const Load& load) {
  for (const Change& change : load.rows) {
    const bool gone = change.kind == RowKind::kDelete || change.kind == RowKind::kUpdateBefore;
    if (gone) {
      visible.erase(change.key);
    } else {
      visible[change.key] = change.value;
    }
  }
}

size_t SimDoris::prepared() const {
  return static_cast<size_t>(std::count_if(loads.begin(), loads.end(), [](const auto& entry) {
    return entry.second.state == State::kPrepared;
  }));
}

}  // namespace millrace::sim
