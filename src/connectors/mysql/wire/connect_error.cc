#include "connectors/mysql/wire/connect_error.h"

#include <fmt/format.h>
#include <mysql.h>
// The order matters: they need the types of mysql.h.
#include <errmsg.h>
#include <mysqld_error.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "base/units.h"
#include "connectors/mysql/wire/server_error.h"

namespace millrace::mysql {
namespace {

constexpr unsigned kSecureTransportRequired = 3159;  // MySQL and MariaDB

// What libmariadb puts before an error of the server that came before TLS began, with its number.
constexpr std::string_view kBeforeTls = "cannot be verified: ";

struct TlsCause {
  std::string_view words;  // of libmariadb or OpenSSL
  std::string_view meaning;
};

constexpr std::string_view kNoTls = "server does not support it";

// The first one that is found counts.
constexpr TlsCause kTlsCauses[] = {
    {kNoTls,
     "the server offers no TLS; give it a certificate (ssl_cert, ssl_key), or set "
     "'jdbc.properties.sslMode' = 'DISABLED'"},
    {"Validation of SSL server certificate failed",
     "the certificate of the server is not for the host {host}; write a 'hostname' that the "
     "certificate names, or set 'jdbc.properties.sslMode' = 'VERIFY_CA'"},
    {"has expired",
     "the certificate of the server, or of the authority that signed it, has expired; renew it"},
    {"not yet valid",
     "the certificate of the server is not valid yet; compare the clocks of both machines"},
    {"revoked", "the certificate of the server was revoked; give the server a new one"},
    {"self-signed certificate",
     "the certificate of the server is not signed by an authority of {ca}; set 'ssl.ca' to the PEM "
     "file with the certificate of the one that signed it"},
    {"local issuer certificate",
     "the certificate of the server is not signed by an authority of {ca}; set 'ssl.ca' to the PEM "
     "file with the certificate of the one that signed it"},
    {"key values mismatch",
     "the file of 'ssl.key' is not the key of the certificate in 'ssl.cert'"},
    {"bad decrypt", "the password of 'ssl.key' is not the one in 'ssl.key-password'"},
    {"alert unknown ca",
     "the server does not trust the authority that signed the certificate in 'ssl.cert'"},
    {"alert certificate required",
     "the server wants a certificate of the client; set 'ssl.cert' and 'ssl.key'"},
    {"bad certificate", "the server does not accept the certificate in 'ssl.cert'"},
    {"protocol version", "the server has no TLS 1.2 or 1.3, which is asked for"},
    {"unsupported protocol", "the server has no TLS 1.2 or 1.3, which is asked for"},
};

std::string WithNames(std::string_view text, const Endpoint& endpoint) {
  std::string out(text);
  const auto replace = [&](std::string_view mark, std::string_view value) {
    if (const size_t at = out.find(mark); at != std::string::npos)
      out.replace(at, mark.size(), value);
  };
  replace("{host}", endpoint.socket.empty() ? endpoint.host : "localhost");
  replace("{ca}", endpoint.tls.ca.empty() ? "this system" : endpoint.tls.ca);
  return out;
}

// The library ends its message with the number of the system's error: "... (111)".
int SystemErrorIn(std::string_view text) {
  const size_t open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return 0;
  const auto number = ParseInteger(text.substr(open + 1, text.size() - open - 2));
  return number && *number > 0 && *number < 4096 ? static_cast<int>(*number) : 0;
}

// "...cannot be verified: 1130 - Host ...": the error of the server.
std::optional<ConnectFailure> BeforeTls(const ConnectFailure& failure) {
  const size_t mark = failure.text.find(kBeforeTls);
  if (mark == std::string::npos) return std::nullopt;
  const std::string_view rest = std::string_view(failure.text).substr(mark + kBeforeTls.size());
  const size_t dash = rest.find(" - ");
  const auto code = ParseInteger(rest.substr(0, dash));
  if (dash == std::string_view::npos || !code || *code < 1) return std::nullopt;
  return ConnectFailure{static_cast<unsigned>(*code), std::string(rest.substr(dash + 3))};
}

// What to look at when the network does not lead to the server.
std::string_view NetworkHint(const Endpoint& endpoint, int error) {
  if (!endpoint.socket.empty()) {
    return error == EACCES ? "; this process may not open the file of 'socket'"
                           : "; check 'socket', and that the server runs";
  }
  switch (error) {
    case ECONNREFUSED:
      return "; nobody listens there: check 'hostname' and 'port', and that the server runs";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return "; there is no way to this address: check 'hostname' and the network";
    default:
      return "";
  }
}

std::string_view ServerHint(const Endpoint& endpoint, unsigned code) {
  switch (code) {
    case ER_ACCESS_DENIED_ERROR:
      return endpoint.tls.mode >= TlsMode::kRequired && endpoint.tls.cert.empty()
                 ? "; check the options username and password, and that this user may log in from "
                   "this host; one with REQUIRE X509 also needs 'ssl.cert' and 'ssl.key'"
                 : "; check the options username and password, and that this user may log in from "
                   "this host";
    case ER_HOST_NOT_PRIVILEGED:
      return "; create the user for this host: CREATE USER 'user'@'host', or 'user'@'%'";
    case CR_UNKNOWN_HOST:
      return "; no name server knows it: check 'hostname'";
    case CR_AUTH_PLUGIN_CANNOT_LOAD:
      return "; give the user one that can be used here: caching_sha2_password, ed25519, "
             "mysql_native_password or sha256_password";
    case CR_PLUGIN_NOT_ALLOWED:
      return "; the server asks for the password as it is, or by a way that is not safe without "
             "TLS";
    default:
      return HintFor(code);
  }
}

Status Failed(const Endpoint& endpoint, unsigned code, std::string_view text, std::string_view hint,
              bool transient) {
  std::string message = fmt::format("MySQL {}: connecting failed: {} (error {}){}", endpoint.Name(),
                                    text, code, hint);
  return transient ? Status::Transient(std::move(message)) : Status::Permanent(std::move(message));
}

Status ExplainTls(const Endpoint& endpoint, const ConnectFailure& failure) {
  for (const TlsCause& cause : kTlsCauses) {
    if (failure.text.find(cause.words) == std::string::npos) continue;
    return Failed(endpoint, failure.code, WithNames(cause.meaning, endpoint),
                  fmt::format(": {}", failure.text), /*transient=*/false);
  }
  return Failed(endpoint, failure.code, failure.text, "", /*transient=*/true);
}

}  // namespace

bool IsDenied(const ConnectFailure& failure) { return failure.code == ER_ACCESS_DENIED_ERROR; }

bool LacksTls(const ConnectFailure& failure) {
  return failure.code == CR_SSL_CONNECTION_ERROR && failure.text.find(kNoTls) != std::string::npos;
}

Status ExplainConnectFailure(const Endpoint& endpoint, const ConnectFailure& failure) {
  const unsigned code = failure.code;
  if (failure.timed_out) return Failed(endpoint, code, failure.text, "", /*transient=*/true);
  if (const auto server = BeforeTls(failure)) return ExplainConnectFailure(endpoint, *server);
  const bool wants_tls = code == kSecureTransportRequired ||
                         failure.text.find("insecure transport") != std::string::npos;
  if (wants_tls) {
    return Failed(endpoint, code, failure.text,
                  fmt::format("; the server wants TLS of everybody: {}", kTurnTlsOn),
                  /*transient=*/false);
  }
  if (code == CR_SSL_CONNECTION_ERROR) return ExplainTls(endpoint, failure);
  if (code == CR_CONNECTION_ERROR || code == CR_CONN_HOST_ERROR) {
    const int error = SystemErrorIn(failure.text);
    const std::string text =
        error == 0 ? failure.text : std::error_code(error, std::generic_category()).message();
    return Failed(endpoint, code, text, NetworkHint(endpoint, error), /*transient=*/true);
  }
  const bool unusable = code == CR_AUTH_PLUGIN_CANNOT_LOAD || code == CR_PLUGIN_NOT_ALLOWED;
  std::string hint(ServerHint(endpoint, code));
  if (code == CR_PLUGIN_NOT_ALLOWED) hint += fmt::format(": {}", kTurnTlsOn);
  return Failed(endpoint, code, failure.text, hint, IsTransient(code) && !unusable);
}

}  // namespace millrace::mysql
