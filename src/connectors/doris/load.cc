#include "connectors/doris/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "connectors/doris/message.h"
#include "connectors/doris/retry.h"

namespace millrace::doris {
namespace {

constexpr int kBeginAttemptsMax = 6;
constexpr int kLabelsTriedMax = 6;  // in one attempt
// Of the rows that Doris refused, in the message.
constexpr size_t kErrorLogLines = 3;
constexpr size_t kErrorLogLineMax = 400;

// The failure of a load that Doris refused for good, with what it says of the rows.
Status Refused(const LoadContext& context, const std::string& label, const LoadAnswer& answer) {
  std::string text = fmt::format("Doris refused load {} into {}: {}", label, context.table,
                                 Excerpt(answer.message));
  if (!answer.first_error.empty()) text += "; " + Excerpt(answer.first_error);
  if (!answer.error_url.empty()) {
    const Result<std::string> error_log = context.api->ErrorLog(answer.error_url);
    if (error_log.ok()) {
      const std::vector<std::string> lines = Split(*error_log, '\n');
      for (size_t i = 0; i < std::min(lines.size(), kErrorLogLines); ++i) {
        if (!lines[i].empty()) text += "\n  " + lines[i].substr(0, kErrorLogLineMax);
      }
    } else {
      text += fmt::format(" (error log not read: {})", error_log.status().message());
    }
  }
  if (MeaningOf(Subject::kLoad, answer.message) == Meaning::kTwoPhaseCommitOff) {
    text += ". Set disable_stream_load_2pc = false in the backends' be.conf";
  }
  return Status::Permanent(std::move(text));
}

// Looks at an answer that came instead of "continue". Ok: try again at once.
Status Unblock(const LoadContext& context, const std::string& label, const LoadAnswer& answer,
               LoadName* name) {
  switch (Judge(answer)) {
    case LoadVerdict::kLabelFinished:
      ++name->incarnation;
      context.log->Info("doris label {} is already used; continuing as incarnation {}", label,
                        name->incarnation);
      return Status::Ok();
    case LoadVerdict::kLabelBusy:
      // Left by an earlier run, or ours whose answer was lost; nothing of it is in a checkpoint.
      return context.committer->Abort(OwnerOfLabel(answer.message).value_or(-1), label).status();
    case LoadVerdict::kTransient:
      return Status::Transient(Excerpt(answer.message));
    case LoadVerdict::kPermanent:
      return Refused(context, label, answer);
    case LoadVerdict::kPrepared:
      break;
  }
  if (answer.transaction >= 0) {
    MR_RETURN_IF_ERROR(context.committer->Abort(answer.transaction, label).status());
  }
  return Status::Transient(fmt::format("Doris answered load {} before the body was sent", label));
}

}  // namespace

Result<std::unique_ptr<Load>> Load::Begin(const LoadContext& context, LoadName* name) {
  std::unique_ptr<Load> load;
  const auto begin = [&] {
    for (int i = 0; i < kLabelsTriedMax; ++i) {
      const std::string label = context.labels->Of(*name);
      MR_ASSIGN_OR_RETURN(Begun begun, context.api->Begin(label, context.headers));
      if (begun.stream != nullptr) {
        load.reset(new Load(context, label, std::move(begun.stream)));
        return Status::Ok();
      }
      MR_RETURN_IF_ERROR(Unblock(context, label, begun.answer, name));
    }
    return Status::Transient(fmt::format("label {} stays occupied", context.labels->Of(*name)));
  };
  const Status status = Retry(*context.stop, kBeginAttemptsMax, [&](int) {
    Status begun = begin();
    if (begun.transient()) {
      context.log->Warning("doris load {} will be repeated: {}", context.labels->Of(*name),
                           begun.message());
    }
    return begun;
  });
  if (!status.ok()) return status.Annotated(fmt::format("load into {}", context.table));
  return load;
}

Status Load::Send(UploadBuffer buffer) {
  if (stream_ == nullptr) return HasEnded();
  const auto size = static_cast<int64_t>(buffer.size);
  if (stream_->Send(std::move(buffer))) {
    bytes_ += size;
    return Status::Ok();
  }
  const Result<LoadAnswer> answer = std::exchange(stream_, nullptr)->Finish();
  if (!answer.ok()) {
    return answer.status().Annotated(fmt::format("load {} into {}", label_, context_.table));
  }
  if (Judge(*answer) == LoadVerdict::kPermanent) return Refused(context_, label_, *answer);
  return Status::Transient(
      fmt::format("Doris ended load {} into {} before the body was complete: {} {}", label_,
                  context_.table, answer->status, Excerpt(answer->message)));
}

Status Load::HasEnded() const {
  return Status::Transient(fmt::format("load {} into {} has ended", label_, context_.table));
}

Status Load::CheckVerdict(const LoadAnswer& answer, int64_t rows) const {
  switch (Judge(answer)) {
    case LoadVerdict::kPrepared:
      break;
    case LoadVerdict::kPermanent:
      return Refused(context_, label_, answer);
    case LoadVerdict::kLabelFinished:
    case LoadVerdict::kLabelBusy:
    case LoadVerdict::kTransient:
      return Status::Transient(fmt::format("load {} into {}: {} {}", label_, context_.table,
                                           answer.status, Excerpt(answer.message)));
  }
  std::string mismatch;
  if (answer.label != label_) {
    mismatch = fmt::format("Doris took load {} into {} under label {}, which cannot be found again",
                           label_, context_.table, answer.label);
  } else if (!answer.two_phase) {
    mismatch = fmt::format("Doris committed load {} into {} immediately; two-phase commit is off",
                           label_, context_.table);
  } else if (answer.filtered_rows != 0 || answer.total_rows != rows) {
    mismatch = fmt::format(
        "Doris counted {} rows of load {} into {}, {} of them filtered, but {} "
        "were sent",
        answer.total_rows, label_, context_.table, answer.filtered_rows, rows);
  } else if (answer.transaction < 0) {
    mismatch = fmt::format("Doris named no transaction of load {} into {}", label_, context_.table);
  }
  if (mismatch.empty()) return Status::Ok();
  if (answer.transaction >= 0) {
    static_cast<void>(context_.committer->Abort(answer.transaction, answer.label));
  }
  return Status::Permanent(std::move(mismatch));
}

void Load::End() {
  if (stream_ != nullptr) stream_->End();
}

Result<Transaction> Load::Finish(int64_t rows) {
  if (stream_ == nullptr) return HasEnded();
  const Result<LoadAnswer> answer = std::exchange(stream_, nullptr)->Finish();
  if (!answer.ok()) {
    return answer.status().Annotated(fmt::format("load {} into {}", label_, context_.table));
  }
  MR_RETURN_IF_ERROR(CheckVerdict(*answer, rows));
  context_.log->Info("doris load: label {}, transaction {}, {} rows, {} bytes, {} ms, table {}",
                     label_, answer->transaction, rows, bytes_, context_.clock->NowMs() - start_ms_,
                     context_.table);
  return Transaction{context_.database, label_, answer->transaction, rows, bytes_};
}

}  // namespace millrace::doris
