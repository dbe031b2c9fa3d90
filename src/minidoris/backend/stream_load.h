// One stream load on the backend: begin, body, verdict. It answers as StreamLoadAction of Doris's
// backend does (be/src/http/action/stream_load.cpp), down to the texts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "minidoris/backend/body_parser.h"
#include "minidoris/backend/load_plan.h"
#include "minidoris/frontend/instance.h"

namespace millrace::minidoris {

class StreamLoad final : public http::Exchange {
 public:
  StreamLoad(Instance* instance, http::Request request, std::string database, std::string table);
  ~StreamLoad() override;  // a load that was not finished is aborted: its client has gone

  std::optional<http::Response> Begin() override;
  bool Body(std::string_view piece) override;
  http::Response Finish() override;

 private:
  std::optional<http::Response> BeginTransaction();
  void StartParser();
  bool InjectBodyFault();
  // The load is complete and stored: the answer, with the fault that is set for it.
  http::Response AnswerLoaded();
  http::Response Verdict(std::string_view status, std::string_view message);
  http::Response FailLoad(const std::string& message);

  Instance& instance_;
  const http::Request request_;
  const std::string database_;
  const std::string table_;
  LoadEnvelope envelope_;
  LoadPlan plan_;
  std::unique_ptr<RowBuilder> rows_;
  std::unique_ptr<BodyParser> parser_;
  int64_t transaction_ = -1;
  bool over_ = false;  // there is a verdict
  std::string existing_job_status_;
  std::string error_url_;
  LoadCounts counts_;
  int64_t started_ms_ = 0;
  int64_t begun_ms_ = 0;
};

}  // namespace millrace::minidoris
