#include "unit/connectors_doris/fake_doris.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

namespace millrace::doris {
namespace {

constexpr size_t kBufferBytes = 256;

class FakeApi;

class FakeStream final : public LoadStream {
 public:
  FakeStream(FakeDoris* doris, int64_t id) : doris_(*doris), id_(id) {}

  UploadBuffer Take() override {
    UploadBuffer buffer;
    buffer.bytes = std::make_unique<char[]>(kBufferBytes);
    buffer.capacity = kBufferBytes;
    return buffer;
  }
  bool Send(UploadBuffer buffer) override {
    if (doris_.dead) return false;
    txn().body.append(buffer.bytes.get(), buffer.size);
    return txn().state == FakeDoris::State::kPrepare;
  }
  void End() override {}
  Result<LoadAnswer> Finish() override;

 private:
  FakeDoris::Txn& txn() { return doris_.txns[static_cast<size_t>(id_) - 1]; }

  FakeDoris& doris_;
  const int64_t id_;
};

Status Dead() { return Status::Cancelled(); }

// Does one effect on the world, unless the process dies first; false if it is dead afterwards.
bool Effect(FakeDoris* doris, const std::function<void()>& effect) {
  if (doris->dead) return false;
  ++doris->effects;
  const bool dies = doris->effects >= doris->die_at;
  if (dies) doris->dead = true;
  if (!dies || doris->die_after_effect) effect();
  return !dies;
}

Result<LoadAnswer> FakeStream::Finish() {
  const bool alive = Effect(&doris_, [&] {
    if (txn().state == FakeDoris::State::kPrepare) txn().state = FakeDoris::State::kPrecommitted;
  });
  if (!alive) return Dead();
  LoadAnswer answer;
  answer.transaction = id_;
  answer.label = txn().label;
  answer.two_phase = true;
  answer.status = txn().state == FakeDoris::State::kPrecommitted ? "Success" : "Fail";
  answer.message = answer.status == "Fail" ? "[CANCELLED]aborted" : "OK";
  answer.total_rows = std::count(txn().body.begin(), txn().body.end(), '\n');
  if (doris_.change_verdict) doris_.change_verdict(&answer);
  return answer;
}

// Of the columns id and name.
class FakeRows final : public QueryRows {
 public:
  explicit FakeRows(const std::map<int64_t, std::string>& rows) {
    for (const auto& [id, name] : rows) rows_.push_back({std::to_string(id), name});
  }

  Result<bool> Next(std::vector<std::optional<std::string_view>>* row) override {
    if (next_ == rows_.size()) return false;
    row->assign(rows_[next_].begin(), rows_[next_].end());
    ++next_;
    return true;
  }

 private:
  std::vector<std::array<std::string, 2>> rows_;
  size_t next_ = 0;
};

class FakeApi final : public StreamLoadApi {
 public:
  explicit FakeApi(FakeDoris* doris) : doris_(*doris) {}

  Result<Json> DescribeTable() override { return Json::Parse(doris_.schema); }
  Result<std::vector<ColumnDetail>> DescribeColumns() override { return doris_.details; }

  Result<Begun> Begin(const std::string& label, const std::vector<std::string>& headers) override {
    Begun begun;
    if (!doris_.refusals.empty()) {
      begun.answer = doris_.refusals.front();
      doris_.refusals.pop_front();
      return begun;
    }
    const FakeDoris::Txn* owner = doris_.Newest(label);
    if (owner != nullptr && owner->state != FakeDoris::State::kAborted) {
      begun.answer.status = "Label Already Exists";
      begun.answer.existing_job_status =
          owner->state == FakeDoris::State::kVisible ? "FINISHED" : "RUNNING";
      begun.answer.message =
          fmt::format("[LABEL_ALREADY_EXISTS]Label [{}] has already been used, relate to txn [{}]",
                      label, owner->id);
      return begun;
    }
    const bool alive = Effect(&doris_, [&] {
      doris_.txns.push_back({static_cast<int64_t>(doris_.txns.size()) + 1, label,
                             FakeDoris::State::kPrepare, "", headers});
    });
    if (!alive) return Dead();
    begun.stream = std::make_unique<FakeStream>(&doris_, doris_.txns.back().id);
    return begun;
  }

  Result<OperationAnswer> Operate(Operation operation, int64_t id,
                                  const std::string& label) override {
    FakeDoris::Txn* txn = nullptr;
    if (id < 0) {
      txn = doris_.Newest(label);
    } else if (static_cast<size_t>(id) <= doris_.txns.size()) {
      txn = &doris_.txns[static_cast<size_t>(id) - 1];
    }
    OperationAnswer answer;
    const bool alive = Effect(
        &doris_, [&] { answer = operation == Operation::kCommit ? Commit(txn) : Abort(txn); });
    if (!alive) return Dead();
    if (doris_.failures-- > 0) return Status::Transient("the answer was lost");
    return answer;
  }

  Result<LabelState> StateOf(const std::string& label) override {
    if (doris_.dead) return Dead();
    if (doris_.failures-- > 0) return Status::Transient("the answer was lost");
    const FakeDoris::Txn* txn = doris_.Newest(label);
    if (txn == nullptr) return LabelState::kUnknown;
    if (txn->state == FakeDoris::State::kVisible && doris_.looks_in_vain > 0) {
      --doris_.looks_in_vain;
      return LabelState::kCommitted;
    }
    constexpr LabelState kStates[] = {LabelState::kPrepare, LabelState::kPrecommitted,
                                      LabelState::kVisible, LabelState::kAborted};
    return kStates[static_cast<size_t>(txn->state)];
  }

  // Every query is answered with all visible rows.
  Result<std::unique_ptr<QueryRows>> Select(const std::string& query) override {
    doris_.queries.push_back(query);
    return std::unique_ptr<QueryRows>(std::make_unique<FakeRows>(doris_.Visible()));
  }

  Result<std::string> ErrorLog(const std::string&) override { return doris_.error_log; }

 private:
  OperationAnswer Commit(FakeDoris::Txn* txn) {
    if (txn == nullptr) return {"ANALYSIS_ERROR", "transaction [9] not found"};
    switch (txn->state) {
      case FakeDoris::State::kPrecommitted:
        txn->state = FakeDoris::State::kVisible;
        doris_.committed.push_back(txn->id);
        return {"Success", "commit successfully."};
      case FakeDoris::State::kVisible:
        return {"ANALYSIS_ERROR", "transaction [1] is already visible, not pre-committed."};
      case FakeDoris::State::kAborted:
        return {"ANALYSIS_ERROR", "transaction [1] is already aborted. abort reason: timeout"};
      default:
        return {"ANALYSIS_ERROR", "transaction [1] is prepare, not pre-committed."};
    }
  }

  static OperationAnswer Abort(FakeDoris::Txn* txn) {
    if (txn == nullptr) return {"ANALYSIS_ERROR", "transaction not found, label=x"};
    if (txn->state == FakeDoris::State::kVisible) {
      return {"ANALYSIS_ERROR", "transaction [1] is already VISIBLE, could not abort."};
    }
    txn->state = FakeDoris::State::kAborted;
    return {"Success", "abort successfully."};
  }

  FakeDoris& doris_;
};

}  // namespace

std::map<int64_t, std::string> FakeDoris::Visible() const {
  std::map<int64_t, std::string> rows;
  for (const int64_t id : committed) {
    std::istringstream lines(txns[static_cast<size_t>(id) - 1].body);
    for (std::string line; std::getline(lines, line);) {
      const auto row = nlohmann::json::parse(line);
      const auto key = row.at("id").get<int64_t>();
      if (row.value("__DORIS_DELETE_SIGN__", 0) == 1) {
        rows.erase(key);
      } else {
        rows[key] = row.at("name").get<std::string>();
      }
    }
  }
  return rows;
}

FakeDoris::Txn* FakeDoris::Newest(const std::string& label) {
  Txn* newest = nullptr;
  for (Txn& txn : txns) {
    if (txn.label == label) newest = &txn;
  }
  return newest;
}

int FakeDoris::Count(State state) const {
  int count = 0;
  for (const Txn& txn : txns) count += txn.state == state ? 1 : 0;
  return count;
}

std::unique_ptr<StreamLoadApi> FakeDoris::Connect() { return std::make_unique<FakeApi>(this); }

}  // namespace millrace::doris
