// One stream load on the backend: begin, body, verdict (reference, sections 1.4 to 1.9).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/server.h"
#include "minidoris/backend/body_parser.h"
#include "minidoris/backend/load_plan.h"
#include "minidoris/service.h"

namespace millrace::minidoris {

class StreamLoad final : public HttpExchange {
 public:
  StreamLoad(Service* service, HttpRequest request, std::string database, std::string table);
  ~StreamLoad() override;  // a load that was not finished is aborted: its client has gone

  std::optional<HttpResponse> Begin() override;
  bool Body(std::string_view piece) override;
  HttpResponse Finish() override;

 private:
  std::optional<std::string> CheckFraming();
  std::optional<HttpResponse> BeginTransaction();
  void StartParser();
  bool MeetBodyFault();
  HttpResponse Verdict(std::string_view status, std::string_view message);
  HttpResponse FailLoad(const std::string& message);
  std::string SaveErrorLog() const;

  Service& service_;
  const HttpRequest request_;
  const std::string database_;
  const std::string table_;
  LoadEnvelope envelope_;
  LoadPlan plan_;
  std::unique_ptr<RowBuilder> rows_;
  std::unique_ptr<BodyParser> parser_;
  int64_t transaction_ = -1;
  bool over_ = false;  // a verdict was given
  std::string existing_job_status_;
  std::string error_url_;
  LoadCounts counts_;
  int64_t started_ms_ = 0;
  int64_t begun_ms_ = 0;
  int64_t content_length_ = -1;
};

}  // namespace millrace::minidoris
