#include "connectors/doris/committer.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/doris/message.h"
#include "connectors/doris/retry.h"

namespace millrace::doris {
namespace {

constexpr int kAttemptsMax = 8;
constexpr int kVisibleAttemptsMax = 100;  // about five minutes
// Lanes that are searched for leftovers even if neither the token nor this run knows of so many.
constexpr int kLanesSearchedMin = 8;
constexpr int kSegmentsMax = 10'000;
constexpr uint64_t kIncarnationsMax = 100'000;

Status Lost(const Transaction& transaction, std::string_view why) {
  return Status::Permanent(fmt::format(
      "transaction {} (label {}, {} rows) belongs to the latest checkpoint, but Doris answered: "
      "{}. "
      "Its rows are not in Doris. Doris drops loads that wait for their commit longer than the "
      "frontend's stream_load_default_precommit_timeout_second, an hour by default; was the job "
      "down for longer? Run the script with --fresh to load everything again (a UNIQUE table ends "
      "up right, without duplicates), and raise that setting",
      transaction.id, transaction.label, transaction.rows, Excerpt(why)));
}

Status Forgotten(const Transaction& transaction, std::string_view why) {
  return Status::Permanent(fmt::format(
      "transaction {} (label {}, {} rows) belongs to the latest checkpoint, but Doris answered: "
      "{}, "
      "and does not know the label. Doris forgets finished loads after "
      "streaming_label_keep_max_second (12 hours by default), so the rows may be there or not. "
      "Look for them; then run the script with --fresh to load everything again (a UNIQUE table "
      "ends up right, without duplicates)",
      transaction.id, transaction.label, transaction.rows, Excerpt(why)));
}

}  // namespace

Status Committer::TryCommit(const Transaction& transaction) {
  MR_ASSIGN_OR_RETURN(const OperationAnswer answer,
                      api_.Operate(Operation::kCommit, transaction.id, transaction.label));
  switch (JudgeCommit(answer)) {
    case CommitVerdict::kDone:
      return Status::Ok();
    case CommitVerdict::kAborted:
      return Lost(transaction, answer.message);
    case CommitVerdict::kPermanent:
      return Status::Permanent(
          fmt::format("commit of transaction {}: {}", transaction.id, Excerpt(answer.message)));
    case CommitVerdict::kTransient:
      return Status::Transient(Excerpt(answer.message));
    case CommitVerdict::kNotFound:
      break;
  }
  return CommitByLabel(transaction, answer.message);
}

Status Committer::CommitByLabel(const Transaction& transaction, const std::string& message) {
  MR_ASSIGN_OR_RETURN(const LabelState state, api_.StateOf(transaction.label));
  switch (state) {
    case LabelState::kCommitted:
    case LabelState::kVisible:
      return Status::Ok();
    case LabelState::kAborted:
      return Lost(transaction, message + "; its label is aborted");
    case LabelState::kUnknown:
      return Forgotten(transaction, message);
    case LabelState::kPrepare:
    case LabelState::kPrecommitted:
      break;
  }
  // It is there after all: a frontend that is not up to date has answered.
  return Status::Transient(Excerpt(message));
}

Status Committer::CommitOne(const Transaction& transaction) {
  const int64_t start_ms = clock_.NowMs();
  Status status = Retry(stop_, kAttemptsMax, [&](int attempt) {
    Status tried = TryCommit(transaction);
    if (tried.transient() && attempt == 0) {
      log_.Warning("doris commit of transaction {} will be repeated: {}", transaction.id,
                   tried.message());
    }
    return tried;
  });
  if (status.transient()) {
    return status.Annotated(fmt::format("commit of transaction {}", transaction.id));
  }
  if (status.ok()) {
    log_.Info("doris commit: label {}, transaction {}, {} ms", transaction.label, transaction.id,
              clock_.NowMs() - start_ms);
  }
  return status;
}

Status Committer::Commit(const Token& token) {
  for (const Transaction& transaction : token.transactions) {
    MR_RETURN_IF_ERROR(CommitOne(transaction));
  }
  return Status::Ok();
}

// A label that is not known any more was committed long ago.
Status Committer::AwaitVisible(const std::vector<Transaction>& transactions) {
  for (const Transaction& transaction : transactions) {
    for (int attempt = 0;; ++attempt) {
      MR_ASSIGN_OR_RETURN(const LabelState state, StateOf(transaction.label));
      if (state != LabelState::kCommitted) break;
      if (attempt == kVisibleAttemptsMax) {
        return Status::Transient(
            fmt::format("transaction {} (label {}) is committed, but Doris has not made it visible",
                        transaction.id, transaction.label));
      }
      if (!stop_.WaitFor(kBackoff.PauseMs(attempt))) return Status::Cancelled();
    }
  }
  return Status::Ok();
}

Result<LabelState> Committer::StateOf(const std::string& label) {
  LabelState state = LabelState::kUnknown;
  MR_RETURN_IF_ERROR(Retry(stop_, kAttemptsMax, [&](int) {
    MR_ASSIGN_OR_RETURN(state, api_.StateOf(label));
    return Status::Ok();
  }));
  return state;
}

Result<AbortVerdict> Committer::Abort(int64_t transaction, const std::string& label) {
  AbortVerdict verdict = AbortVerdict::kDone;
  MR_RETURN_IF_ERROR(Retry(stop_, kAttemptsMax, [&](int) {
    MR_ASSIGN_OR_RETURN(const OperationAnswer answer,
                        api_.Operate(Operation::kAbort, transaction, label));
    verdict = JudgeAbort(answer);
    if (verdict == AbortVerdict::kTransient) {
      return Status::Transient(
          fmt::format("abort of label {}: {}", label, Excerpt(answer.message)));
    }
    if (verdict == AbortVerdict::kPermanent) {
      // An old server that takes no label here. The label will be met when it is used again, and
      // then Doris names the transaction.
      log_.Warning("doris load {} of an earlier run could not be aborted: {}", label,
                   Excerpt(answer.message));
    } else {
      log_.Info("doris abort: label {} of an earlier run", label);
    }
    return Status::Ok();
  }));
  return verdict;
}

Result<Committer::Found> Committer::DropSequence(const Labels& labels, LoadName name, int lanes) {
  Found found = Found::kNothing;
  for (name.lane = 0; name.lane < lanes; ++name.lane) {
    for (name.segment = 1; name.segment <= kSegmentsMax; ++name.segment) {
      const std::string label = labels.Of(name);
      MR_ASSIGN_OR_RETURN(const LabelState state, StateOf(label));
      if (state == LabelState::kUnknown) break;
      const bool committed = state == LabelState::kCommitted || state == LabelState::kVisible;
      if (committed) return Found::kCommitted;
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
    if (token.sequence == 0) continue;  // run with --fresh: an earlier job used these labels
    if (!repeatable) {
      return Status::Permanent(fmt::format(
          "Doris holds loads that are newer than the checkpoint (label {}...): an older checkpoint "
          "was put in place of the latest. The table has no UNIQUE KEY, so loading their rows "
          "again "
          "would duplicate them. Put the latest checkpoint back, or run the script with --fresh "
          "and "
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
