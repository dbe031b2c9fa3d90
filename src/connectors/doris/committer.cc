#include "connectors/doris/committer.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::doris {
namespace {

// Lanes that are searched for leftovers even if neither the token nor this run knows of so many.
constexpr int kLanesSearchedMin = 8;
constexpr int kPartsMax = 10'000;
constexpr uint64_t kIncarnationsMax = 100'000;

Status Lost(const Transaction& transaction, std::string_view why) {
  return Status::Permanent(fmt::format(
      "transaction {} (label {}, {} rows) belongs to the last checkpoint, but Doris says: {}. Its "
      "rows are not in Doris. Doris drops loads that wait for their commit longer than the "
      "frontend's stream_load_default_precommit_timeout_second, an hour by default; was the job "
      "down for longer? Run the script with --fresh to load everything again (a UNIQUE table ends "
      "up right, without doubles), and raise that setting",
      transaction.id, transaction.label, transaction.rows, why));
}

Status Forgotten(const Transaction& transaction, std::string_view why) {
  return Status::Permanent(fmt::format(
      "transaction {} (label {}, {} rows) belongs to the last checkpoint, but Doris says: {}, and "
      "knows nothing of the label. Doris forgets finished loads after "
      "streaming_label_keep_max_second (12 hours by default), so the rows may be there or not. "
      "Look for them; then run the script with --fresh to load everything again (a UNIQUE table "
      "ends up right, without doubles)",
      transaction.id, transaction.label, transaction.rows, why));
}

}  // namespace

int64_t PauseMs(int attempt) {
  int64_t pause = kFirstPauseMs;
  for (int i = 0; i < attempt && pause < kLongestPauseMs; ++i) pause *= 2;
  return std::min(pause, kLongestPauseMs);
}

bool Committer::TryCommit(const Transaction& transaction, Status* failure) {
  const Result<OperationAnswer> answer =
      api_.Operate(Operation::kCommit, transaction.id, transaction.label);
  if (!answer.ok()) {
    *failure = answer.status();
    return !failure->transient();
  }
  switch (JudgeCommit(*answer)) {
    case CommitVerdict::kDone:
      *failure = Status::Ok();
      return true;
    case CommitVerdict::kAborted:
      *failure = Lost(transaction, answer->message);
      return true;
    case CommitVerdict::kRefused:
      *failure = Status::Permanent(answer->message);
      return true;
    case CommitVerdict::kTrouble:
      *failure = Status::Transient(answer->message);
      return false;
    case CommitVerdict::kNotFound:
      break;
  }
  const Result<LabelState> state = api_.StateOf(transaction.label);
  if (!state.ok()) {
    *failure = state.status();
    return !failure->transient();
  }
  switch (*state) {
    case LabelState::kCommitted:
      *failure = Status::Ok();
      return true;
    case LabelState::kAborted:
      *failure = Lost(transaction, answer->message + "; its label is aborted");
      return true;
    case LabelState::kUnknown:
      *failure = Forgotten(transaction, answer->message);
      return true;
    default:  // it is there after all: a frontend that is not up to date has answered
      *failure = Status::Transient(answer->message);
      return false;
  }
}

Status Committer::CommitOne(const Transaction& transaction) {
  const int64_t start_ms = clock_.NowMs();
  Status failure;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    if (TryCommit(transaction, &failure)) {
      if (failure.ok()) {
        log_.Info("doris commit: label {}, transaction {}, {} ms", transaction.label,
                  transaction.id, clock_.NowMs() - start_ms);
      }
      return failure;
    }
    if (attempt == 0) {
      log_.Warning("doris commit of transaction {} will be repeated: {}", transaction.id,
                   failure.message());
    }
    if (attempt + 1 < kAttemptsMax) clock_.SleepMs(PauseMs(attempt));
  }
  return failure.Annotated(fmt::format("commit of transaction {}", transaction.id));
}

Status Committer::Commit(const Token& token) {
  for (const Transaction& transaction : token.transactions) {
    MR_RETURN_IF_ERROR(CommitOne(transaction));
  }
  return Status::Ok();
}

Result<LabelState> Committer::StateOf(const std::string& label) {
  for (int attempt = 0;; ++attempt) {
    Result<LabelState> state = api_.StateOf(label);
    if (state.ok() || !state.status().transient() || attempt + 1 == kAttemptsMax) return state;
    clock_.SleepMs(PauseMs(attempt));
  }
}

Result<AbortVerdict> Committer::Abort(int64_t transaction, const std::string& label) {
  Status failure;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    if (attempt > 0) clock_.SleepMs(PauseMs(attempt - 1));
    const Result<OperationAnswer> answer = api_.Operate(Operation::kAbort, transaction, label);
    if (!answer.ok()) {
      failure = answer.status();
      if (!failure.transient()) return failure;
      continue;
    }
    const AbortVerdict verdict = JudgeAbort(*answer);
    if (verdict == AbortVerdict::kTrouble) {
      failure = Status::Transient(fmt::format("abort of label {}: {}", label, answer->message));
      continue;
    }
    if (verdict == AbortVerdict::kRefused) {
      // An old server that takes no label here. The label will be met when it is used again, and
      // then Doris names the transaction.
      log_.Warning("doris load {} of an earlier run could not be aborted: {}", label,
                   answer->message);
    } else {
      log_.Info("doris abort: label {} of an earlier run", label);
    }
    return verdict;
  }
  return failure;
}

Result<Committer::Found> Committer::DropSequence(const Labels& labels, LoadName name, int lanes) {
  Found found = Found::kNothing;
  for (name.lane = 0; name.lane < lanes; ++name.lane) {
    for (name.part = 1; name.part <= kPartsMax; ++name.part) {
      const std::string label = labels.Of(name);
      MR_ASSIGN_OR_RETURN(const LabelState state, StateOf(label));
      if (state == LabelState::kUnknown) break;
      if (state == LabelState::kCommitted) return Found::kCommitted;
      found = Found::kDropped;
      if (state == LabelState::kAborted) continue;
      MR_ASSIGN_OR_RETURN(const AbortVerdict verdict, Abort(-1, label));
      if (verdict == AbortVerdict::kCommitted) return Found::kCommitted;
    }
  }
  return found;
}

Result<uint64_t> Committer::DropNewer(const Token& token, const Labels& labels, int lanes,
                                      bool repeatable) {
  const int searched = std::max({lanes, token.lanes, kLanesSearchedMin});
  LoadName name;
  for (uint64_t i = 0; i < kIncarnationsMax; ++i) {
    name.incarnation = token.incarnation + i;
    name.sequence = token.sequence;
    Found found = Found::kDropped;
    while (found == Found::kDropped) {  // a run uses every sequence in turn
      ++name.sequence;
      MR_ASSIGN_OR_RETURN(found, DropSequence(labels, name, searched));
    }
    if (found == Found::kNothing) return name.incarnation;
    if (token.sequence == 0) continue;  // a job that begins anew, not the first with these labels
    if (!repeatable) {
      return Status::Permanent(fmt::format(
          "Doris holds loads that are newer than the checkpoint (label {}...): an older checkpoint "
          "was put in the place of the last. The table has no UNIQUE KEY, so loading their rows "
          "again would double them. Put the last checkpoint back, or begin anew with --fresh and "
          "an empty table",
          labels.Of(name)));
    }
    log_.Warning(
        "Doris holds loads that are newer than the checkpoint (label {}...); their rows will be "
        "loaded again and replace themselves",
        labels.Of(name));
  }
  return Status::Permanent("no label is free; choose another 'sink.label-prefix'");
}

}  // namespace millrace::doris
