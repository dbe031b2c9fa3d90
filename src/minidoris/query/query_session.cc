#include "minidoris/query/query_session.h"

#include <fmt/format.h>

#include <string>

namespace millrace::minidoris {
namespace {

enum Command : uint8_t {
  kQuit = 0x01,
  kInitDatabase = 0x02,
  kQuery = 0x03,
  kFieldList = 0x04,
  kStatistics = 0x09,
  kPing = 0x0e,
  kStatementPrepare = 0x16,
  kSetOption = 0x1b,
  kResetConnection = 0x1f,
};

}  // namespace

void QuerySession::Run() {
  bool go_on = Authenticate();
  while (packets_.Flush() && go_on) {
    const std::optional<std::string> command = packets_.Read();
    go_on = command && !command->empty() && Dispatch(*command);
  }
}

bool QuerySession::Authenticate() {
  packets_.Write(Greeting(number_));
  if (!packets_.Flush()) return false;
  const std::optional<std::string> payload = packets_.Read();
  if (!payload) return false;
  std::optional<Login> login = ReadLogin(*payload);
  if (!login) {
    writer_.Error(1043, "08S01", "Bad handshake");
    return false;
  }
  if (!login->plugin.empty() && login->plugin != kAuthPlugin) {
    packets_.Write(SwitchPluginRequest());
    if (!packets_.Flush()) return false;
    const std::optional<std::string> answer = packets_.Read();
    if (!answer) return false;
    login->answer = *answer;
  }
  return Admit(*login);
}

bool QuerySession::Admit(const Login& login) {
  // An empty password is answered with nothing (or, by some clients, with one zero byte).
  const bool empty = login.answer.empty() || login.answer == std::string(1, '\0');
  const http::Credentials credentials{login.user, empty ? "" : "given"};
  if (!IsKnownUser(credentials)) {
    writer_.Error(1045, "28000", AccessDenied(credentials));
    return false;
  }
  engine_.emplace(&instance_, number_, login.user);
  if (!login.database.empty() && !engine_->UseDatabase(login.database)) {
    writer_.Error(1049, "42000", fmt::format("Unknown database '{}'", login.database));
    return false;
  }
  writer_.Ok();
  return true;
}

bool QuerySession::Dispatch(std::string_view payload) {
  const std::string_view rest = payload.substr(1);
  switch (static_cast<uint8_t>(payload[0])) {
    case kQuit:
      return false;
    case kInitDatabase:
      UseDatabase(rest);
      return true;
    case kQuery:
      return Query(rest);
    case kFieldList:  // clients use it for completion only
    case kSetOption:
      writer_.End();
      return true;
    case kStatistics:
      packets_.Write("minidoris");
      return true;
    case kPing:
    case kResetConnection:
      writer_.Ok();
      return true;
    case kStatementPrepare:
      writer_.Error(1295, "HY000", "minidoris does not support prepared statements");
      return true;
    default:
      writer_.Error(1047, "08S01", "Unknown command");
      return true;
  }
}

void QuerySession::UseDatabase(std::string_view name) {
  if (engine_->UseDatabase(std::string(name))) return writer_.Ok();
  writer_.Error(1049, "42000", fmt::format("Unknown database '{}'", name));
}

bool QuerySession::Query(std::string_view sql) {
  if (const std::optional<Fault> fault = instance_.faults->Take("query")) {
    Wait(&instance_, fault->delay_ms);
    if (fault->action == "drop" || fault->action == "unavailable") return false;
    if (fault->action == "fail") {
      writer_.Error(1105, "HY000", "errCode = 2, detailMessage = injected fault");
      return true;
    }
  }
  engine_->Run(sql, &writer_);
  return true;
}

}  // namespace millrace::minidoris
