#include "minidoris/backend/stream_load.h"

#include <fmt/format.h>

#include <random>

#include "base/thread.h"
#include "minidoris/backend/error_log.h"
#include "minidoris/backend/framing.h"
#include "minidoris/backend/gunzip.h"
#include "minidoris/backend/line_counter.h"
#include "minidoris/backend/load_result.h"
#include "minidoris/table/convert.h"

namespace millrace::minidoris {
namespace {

std::string RandomLabel() {
  std::random_device random;
  const auto word = [&] { return static_cast<uint32_t>(random()); };
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:08x}{:04x}", word(), word() & 0xffff,
                     word() & 0xfff, word() & 0xfff, word(), word() & 0xffff);
}

}  // namespace

StreamLoad::StreamLoad(Instance* instance, http::Request request, std::string database,
                       std::string table)
    : instance_(*instance),
      request_(std::move(request)),
      database_(std::move(database)),
      table_(std::move(table)),
      started_ms_(instance->clock->NowMs()) {}

StreamLoad::~StreamLoad() {
  if (transaction_ < 0 || over_) return;
  // What remains after a failure here is aborted by its timeout.
  static_cast<void>(CatchExceptions([this] {
    instance_.transactions->Fail(transaction_, "sender is gone");
    return Status::Ok();
  }));
}

std::optional<http::Response> StreamLoad::Begin() {
  if (auto fault = InjectFault(&instance_, "be")) return fault;
  const std::optional<http::Credentials> credentials = CredentialsOf(request_);
  if (!credentials) return FailLoad("[NOT_AUTHORIZED]no valid Basic authorization");
  OrMessage<LoadEnvelope> envelope = ReadEnvelope(request_);
  if (const auto* message = std::get_if<std::string>(&envelope)) {
    envelope_.label = request_.Header("label").value_or("");
    return FailLoad(*message);
  }
  envelope_ = std::get<LoadEnvelope>(std::move(envelope));
  if (envelope_.label.empty()) envelope_.label = RandomLabel();
  if (const auto message = CheckFraming(request_, envelope_.format, instance_.load_bytes_max,
                                        instance_.json_bytes_max)) {
    return FailLoad(*message);
  }
  if (!IsKnownUser(*credentials)) {
    return FailLoad("[NOT_AUTHORIZED]TStatus: errCode = 2, detailMessage = " +
                    AccessDenied(*credentials));
  }
  if (envelope_.two_phase && instance_.disable_two_phase) {
    return FailLoad("Two phase commit (2PC) for stream load was disabled");
  }
  return BeginTransaction();
}

std::optional<http::Response> StreamLoad::BeginTransaction() {
  LoadTransaction draft;
  draft.database = database_;
  draft.table = table_;
  draft.label = envelope_.label;
  draft.two_phase = envelope_.two_phase;
  draft.timeout_ms =
      envelope_.timeout_seconds ? *envelope_.timeout_seconds * 1000 : instance_.default_timeout_ms;
  draft.client_ip = request_.client_ip;
  draft.user = CredentialsOf(request_)->user;
  draft.comment = envelope_.comment;
  const BeginResult begun = instance_.transactions->Begin(std::move(draft));
  begun_ms_ = instance_.clock->NowMs();
  if (const auto* message = std::get_if<std::string>(&begun)) return FailLoad(*message);
  if (const auto* conflict = std::get_if<LabelConflict>(&begun)) {
    existing_job_status_ = conflict->existing_job_status;
    return Verdict("Label Already Exists", conflict->message);
  }
  transaction_ = std::get<int64_t>(begun);
  std::shared_ptr<const Table> table = instance_.store->Find(database_, table_);
  if (table == nullptr) return FailLoad("unknown table, tableName=" + table_);
  OrMessage<LoadPlan> plan = PlanLoad(request_, envelope_, std::move(table));
  if (const auto* message = std::get_if<std::string>(&plan)) return FailLoad(*message);
  plan_ = std::get<LoadPlan>(std::move(plan));
  StartParser();
  return std::nullopt;
}

void StreamLoad::StartParser() {
  rows_ = std::make_unique<RowBuilder>(
      &plan_, DateTimeText(instance_.clock->WallMs(), 6),
      [this](std::string_view rows) { return instance_.store->Stage(transaction_, rows); });
  if (!instance_.discard) {
    parser_ = MakeBodyParser(&plan_, rows_.get());
    return;
  }
  parser_ = std::make_unique<LineCounter>(&counts_.total);
  if (plan_.gzip) parser_ = std::make_unique<Gunzip>(std::move(parser_), rows_.get());
}

bool StreamLoad::Body(std::string_view piece) {
  counts_.bytes += static_cast<int64_t>(piece.size());
  if (!InjectBodyFault()) return false;
  // A load that failed reads on and reports the failure at the end of its body, as Doris does.
  if (!rows_->failed()) parser_->Feed(piece);
  return true;
}

bool StreamLoad::InjectBodyFault() {
  const std::optional<Fault> fault = instance_.faults->TakeAfter("load_body", counts_.bytes);
  if (!fault) return true;
  Wait(&instance_, fault->delay_ms);
  if (fault->action == "fail") rows_->Fail("[CANCELLED]injected fault");
  return fault->action == "fail" || fault->action == "delay";
}

http::Response StreamLoad::Finish() {
  parser_->Finish();
  if (!instance_.discard) {
    counts_.total = rows_->total();
    counts_.filtered = rows_->filtered();
  }
  counts_.loaded = counts_.total - counts_.filtered;
  if (!rows_->error_log().empty()) {
    error_url_ = fmt::format("http://{}:{}/api/_load_error_log?file={}", instance_.host,
                             instance_.be_http_port,
                             WriteErrorLog(instance_.folder, transaction_, rows_->error_log()));
  }
  if (rows_->failed()) return FailLoad(rows_->failure());
  if (counts_.total > 0 && static_cast<double>(counts_.filtered) >
                               plan_.max_filter_ratio * static_cast<double>(counts_.total)) {
    return FailLoad("[DATA_QUALITY_ERROR]too many filtered rows");
  }
  if (const std::optional<Fault> fault = instance_.faults->Take("precommit")) {
    Wait(&instance_, fault->delay_ms);
    http::Response dropped;
    dropped.drop = fault->action == "drop" || fault->action == "unavailable";
    if (dropped.drop) return dropped;  // the destructor aborts
    if (fault->action == "fail") return FailLoad("[INTERNAL_ERROR]injected fault");
  }
  const Status status = instance_.transactions->Complete(transaction_, counts_, error_url_);
  if (!status.ok()) {
    return FailLoad("[ANALYSIS_ERROR]TStatus: errCode = 2, detailMessage = " + status.message());
  }
  instance_.totals->loads += 1;
  instance_.totals->rows += counts_.loaded;
  instance_.totals->bytes += counts_.bytes;
  return AnswerLoaded();
}

http::Response StreamLoad::AnswerLoaded() {
  const std::optional<Fault> fault = instance_.faults->Take("load_answer");
  const bool late = fault && fault->action == "publish_timeout" && !envelope_.two_phase;
  http::Response response =
      late ? Verdict("Publish Timeout",
                     "[PUBLISH_TIMEOUT]TStatus: transaction commit successfully, BUT data will be "
                     "visible later")
           : Verdict("Success", "OK");
  if (fault) {
    Wait(&instance_, fault->delay_ms);
    response.drop = fault->action == "drop" || fault->action == "unavailable";
  }
  return response;
}

http::Response StreamLoad::FailLoad(const std::string& message) {
  if (transaction_ >= 0) instance_.transactions->Fail(transaction_, message);
  counts_.loaded = 0;
  return Verdict("Fail", message);
}

http::Response StreamLoad::Verdict(std::string_view status, std::string_view message) {
  over_ = true;
  const int64_t now = instance_.clock->NowMs();
  LoadResult result;
  result.transaction = transaction_;
  result.label = envelope_.label;
  result.comment = envelope_.comment;
  result.two_phase = envelope_.two_phase;
  result.status = status;
  result.existing_job_status = existing_job_status_;
  result.message = message;
  result.counts = counts_;
  result.load_ms = now - started_ms_;
  result.begin_ms = begun_ms_ == 0 ? 0 : begun_ms_ - started_ms_;
  result.body_ms = begun_ms_ == 0 ? 0 : now - begun_ms_;
  result.error_url = error_url_;
  if (rows_ != nullptr) result.first_error = rows_->first_error();
  http::Response response;
  response.body = LoadResultText(result);
  return response;
}

}  // namespace millrace::minidoris
