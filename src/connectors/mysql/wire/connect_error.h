// Why a connection could not be made, in words of the options.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "connectors/mysql/wire/endpoint.h"

namespace millrace::mysql {

// What to do where a server or a user wants TLS.
inline constexpr std::string_view kTurnTlsOn =
    "set 'jdbc.properties.sslMode' = 'REQUIRED', or 'VERIFY_IDENTITY' with 'ssl.ca'";

struct ConnectFailure {
  unsigned code = 0;  // of the server or of the client library
  std::string text;   // theirs
  bool timed_out = false;
};

// The server knows no such user with this password at this place, or wants TLS of them.
bool IsDenied(const ConnectFailure& failure);

// TLS is required, and the server has none; nothing was sent to it.
bool LacksTls(const ConnectFailure& failure);

// Permanent where only a change of the script or of the server can help.
Status ExplainConnectFailure(const Endpoint& endpoint, const ConnectFailure& failure);

}  // namespace millrace::mysql
