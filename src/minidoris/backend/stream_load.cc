#include "minidoris/backend/stream_load.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/ascii.h"
#include "base/units.h"
#include "minidoris/backend/convert.h"

namespace millrace::minidoris {
namespace {

constexpr int kJsonIndent = 4;

std::string RandomLabel() {
  std::random_device random;
  const auto word = [&] { return static_cast<uint32_t>(random()); };
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:08x}{:04x}", word(), word() & 0xffff,
                     word() & 0xfff, word() & 0xfff, word(), word() & 0xffff);
}

// --discard: counts the lines and keeps none.
class LineCounter final : public BodyParser {
 public:
  explicit LineCounter(int64_t* lines) : lines_(*lines) {}

  void Feed(std::string_view piece) override {
    const char* at = piece.data();
    const char* const end = at + piece.size();
    int64_t count = 0;
    while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)))) !=
           nullptr) {
      ++count;
      ++at;
    }
    lines_ += count;
    if (!piece.empty()) open_ = piece.back() != '\n';
  }

  void Finish() override { lines_ += open_ ? 1 : 0; }

 private:
  int64_t& lines_;
  bool open_ = false;
};

}  // namespace

StreamLoad::StreamLoad(Service* service, HttpRequest request, std::string database,
                       std::string table)
    : service_(*service),
      request_(std::move(request)),
      database_(std::move(database)),
      table_(std::move(table)),
      started_ms_(service->clock->NowMs()) {}

StreamLoad::~StreamLoad() {
  if (transaction_ >= 0 && !over_) service_.transactions->Fail(transaction_, "sender is gone");
}

std::optional<HttpResponse> StreamLoad::Begin() {
  if (auto fault = MeetFault(&service_, "be")) return fault;
  const std::optional<Credentials> credentials = BasicCredentials(request_);
  if (!credentials) return FailLoad("[NOT_AUTHORIZED]no valid Basic authorization");
  OrMessage<LoadEnvelope> envelope = ReadEnvelope(request_);
  if (const auto* message = std::get_if<std::string>(&envelope)) {
    envelope_.label = request_.Header("label").value_or("");
    return FailLoad(*message);
  }
  envelope_ = std::get<LoadEnvelope>(std::move(envelope));
  if (envelope_.label.empty()) envelope_.label = RandomLabel();
  if (const std::optional<std::string> message = CheckFraming()) return FailLoad(*message);
  if (!IsKnownUser(*credentials)) {
    return FailLoad("[NOT_AUTHORIZED]TStatus: errCode = 2, detailMessage = " +
                    AccessDenied(*credentials));
  }
  if (envelope_.two_phase && service_.disable_two_phase) {
    return FailLoad("Two phase commit (2PC) for stream load was disabled");
  }
  return BeginTransaction();
}

std::optional<std::string> StreamLoad::CheckFraming() {
  const std::optional<std::string> length = request_.Header("content-length");
  const std::string encoding = request_.Header("transfer-encoding").value_or("");
  const bool chunked = encoding.find("chunked") != encoding.npos;
  if (!length && !chunked) {
    return "[INVALID_ARGUMENT]content_length is empty and transfer-encoding!=chunked, please set "
           "content_length or transfer-encoding=chunked";
  }
  if (length && chunked) {
    return "[INVALID_ARGUMENT]please do not set both content_length and transfer-encoding";
  }
  if (!length) return std::nullopt;
  content_length_ = ParseInteger(*length).value_or(0);
  if (content_length_ > service_.load_bytes_max) {
    return fmt::format(
        "[E-217]body size {} exceed BE's conf `streaming_load_max_mb` {}. increase "
        "it if you are sure this load is reasonable",
        content_length_, service_.load_bytes_max >> 20);
  }
  const bool by_line =
      EqualsIgnoreCase(request_.Header("read_json_by_line").value_or("false"), "true");
  if (envelope_.format == BodyFormat::kJson && !by_line &&
      content_length_ > service_.json_bytes_max) {
    return fmt::format(
        "[E-217]json body size {} exceed BE's conf `streaming_load_json_max_mb` {}. "
        "increase it if you are sure this load is reasonable",
        content_length_, service_.json_bytes_max >> 20);
  }
  return std::nullopt;
}

std::optional<HttpResponse> StreamLoad::BeginTransaction() {
  Transaction draft;
  draft.database = database_;
  draft.table = table_;
  draft.label = envelope_.label;
  draft.two_phase = envelope_.two_phase;
  draft.timeout_ms =
      envelope_.timeout_seconds ? *envelope_.timeout_seconds * 1000 : service_.default_timeout_ms;
  draft.client_ip = request_.client_ip;
  draft.user = BasicCredentials(request_)->user;
  draft.comment = envelope_.comment;
  const BeginResult begun = service_.transactions->Begin(std::move(draft));
  begun_ms_ = service_.clock->NowMs();
  if (const auto* message = std::get_if<std::string>(&begun)) return FailLoad(*message);
  if (const auto* conflict = std::get_if<LabelConflict>(&begun)) {
    existing_job_status_ = conflict->existing_job_status;
    return Verdict("Label Already Exists", conflict->message);
  }
  transaction_ = std::get<int64_t>(begun);
  std::shared_ptr<const Table> table = service_.store->Find(database_, table_);
  if (table == nullptr) return FailLoad("unknown table, tableName=" + table_);
  OrMessage<LoadPlan> plan = PlanLoad(request_, envelope_, std::move(table));
  if (const auto* message = std::get_if<std::string>(&plan)) return FailLoad(*message);
  plan_ = std::get<LoadPlan>(std::move(plan));
  StartParser();
  return std::nullopt;
}

void StreamLoad::StartParser() {
  rows_ = std::make_unique<RowBuilder>(
      &plan_, DateTimeText(service_.clock->WallMs(), 6),
      [this](std::string_view rows) { return service_.store->Stage(transaction_, rows); });
  if (!service_.discard) {
    parser_ = MakeBodyParser(&plan_, rows_.get());
    return;
  }
  parser_ = std::make_unique<LineCounter>(&counts_.total);
  if (plan_.gzip) parser_ = MakeGunzip(std::move(parser_), rows_.get());
}

bool StreamLoad::Body(std::string_view piece) {
  counts_.bytes += static_cast<int64_t>(piece.size());
  if (counts_.bytes > service_.load_bytes_max) return false;  // no answer, as libevent does it
  if (!MeetBodyFault()) return false;
  // A load that failed goes on reading and says so only at the end.
  if (!rows_->failed()) parser_->Feed(piece);
  return true;
}

bool StreamLoad::MeetBodyFault() {
  const std::optional<Fault> fault = service_.faults->TakeAfter("load_body", counts_.bytes);
  if (!fault) return true;
  Wait(&service_, fault->delay_ms);
  if (fault->action == "fail") rows_->Fail("[CANCELLED]injected fault");
  return fault->action == "fail" || fault->action == "delay";
}

HttpResponse StreamLoad::Finish() {
  parser_->Finish();
  if (!service_.discard) {
    counts_.total = rows_->total();
    counts_.filtered = rows_->filtered();
  }
  counts_.loaded = counts_.total - counts_.filtered;
  if (!rows_->error_log().empty()) error_url_ = SaveErrorLog();
  if (rows_->failed()) return FailLoad(rows_->failure());
  if (counts_.total > 0 && static_cast<double>(counts_.filtered) >
                               plan_.max_filter_ratio * static_cast<double>(counts_.total)) {
    return FailLoad("[DATA_QUALITY_ERROR]too many filtered rows");
  }
  if (const std::optional<Fault> fault = service_.faults->Take("precommit")) {
    Wait(&service_, fault->delay_ms);
    HttpResponse dropped;
    dropped.drop = fault->action == "drop" || fault->action == "unavailable";
    if (dropped.drop) return dropped;  // the destructor aborts
    if (fault->action == "fail") return FailLoad("[INTERNAL_ERROR]injected fault");
  }
  const Status status = service_.transactions->Complete(transaction_, counts_, error_url_);
  if (!status.ok()) {
    return FailLoad("[ANALYSIS_ERROR]TStatus: errCode = 2, detailMessage = " + status.message());
  }
  service_.totals->loads += 1;
  service_.totals->rows += counts_.loaded;
  service_.totals->bytes += counts_.bytes;
  const std::optional<Fault> fault = service_.faults->Take("load_answer");
  const bool late = fault && fault->action == "publish_timeout" && !envelope_.two_phase;
  HttpResponse response =
      late ? Verdict("Publish Timeout",
                     "[PUBLISH_TIMEOUT]TStatus: transaction commit successfully, BUT data will be "
                     "visible later")
           : Verdict("Success", "OK");
  if (fault) {
    response.delay_ms = fault->delay_ms;
    response.drop = fault->action == "drop" || fault->action == "unavailable";
  }
  return response;
}

HttpResponse StreamLoad::FailLoad(const std::string& message) {
  if (transaction_ >= 0) service_.transactions->Fail(transaction_, message);
  counts_.loaded = 0;
  return Verdict("Fail", message);
}

HttpResponse StreamLoad::Verdict(std::string_view status, std::string_view message) {
  over_ = true;
  const int64_t now = service_.clock->NowMs();
  nlohmann::ordered_json answer;
  answer["TxnId"] = transaction_;
  answer["Label"] = envelope_.label;
  answer["Comment"] = envelope_.comment;
  answer["TwoPhaseCommit"] = envelope_.two_phase ? "true" : "false";
  answer["Status"] = status;
  if (!existing_job_status_.empty()) answer["ExistingJobStatus"] = existing_job_status_;
  answer["Message"] = message;
  answer["NumberTotalRows"] = counts_.total;
  answer["NumberLoadedRows"] = counts_.loaded;
  answer["NumberFilteredRows"] = counts_.filtered;
  answer["NumberUnselectedRows"] = 0;
  answer["LoadBytes"] = counts_.bytes;
  answer["LoadTimeMs"] = now - started_ms_;
  answer["BeginTxnTimeMs"] = begun_ms_ == 0 ? 0 : begun_ms_ - started_ms_;
  answer["StreamLoadPutTimeMs"] = 0;
  answer["ReadDataTimeMs"] = begun_ms_ == 0 ? 0 : now - begun_ms_;
  answer["WriteDataTimeMs"] = begun_ms_ == 0 ? 0 : now - begun_ms_;
  answer["ReceiveDataTimeMs"] = begun_ms_ == 0 ? 0 : now - begun_ms_;
  answer["CommitAndPublishTimeMs"] = 0;
  if (!error_url_.empty()) {
    answer["ErrorURL"] = error_url_;
    answer["FirstErrorMsg"] = rows_->first_error();
  }
  HttpResponse response;
  response.body =
      answer.dump(kJsonIndent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return response;
}

std::string StreamLoad::SaveErrorLog() const {
  const std::filesystem::path folder = std::filesystem::path(service_.folder) / "error_log";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  const std::string name = fmt::format("error_log_insert_stmt_{}", transaction_);
  std::ofstream(folder / name, std::ios::binary) << rows_->error_log();
  return fmt::format("http://{}:{}/api/_load_error_log?file=__shard_0/{}", service_.host,
                     service_.be_http_port, name);
}

}  // namespace millrace::minidoris
