#include "connectors/doris/check_tls.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "connectors/doris/sink_config.h"

namespace millrace::doris {
namespace {

constexpr size_t npos = std::string::npos;
constexpr std::string_view kHint = "Set 'doris.enable.tls' = 'true'.";

void Report(const Options& options, Diagnostics* diagnostics, std::string_view key,
            std::string message, std::string hint) {
  diagnostics->push_back(
      {DiagnosticCode::kInvalidValue, options.ValueSpan(key), std::move(message), std::move(hint)});
}

// The parameters of the URL that ask for TLS. It is on or off for all of the connector; where it is
// on, certificate and host name are verified, which is the most these parameters can ask for.
void CheckJdbcUrl(const Options& options, Diagnostics* diagnostics) {
  const std::string& url = options.Text("jdbc-url");
  const size_t mark = url.find('?');
  if (mark == npos) return;
  for (const std::string& parameter : Split(std::string_view(url).substr(mark + 1), '&')) {
    const size_t equals = parameter.find('=');
    const std::string name = ToLower(Trim(parameter.substr(0, equals)));
    const std::string value = equals == npos ? "" : ToLower(Trim(parameter.substr(equals + 1)));
    const bool wants_tls =
        (IsOneOf(name, {"usessl", "requiressl", "verifyservercertificate"}) && value == "true") ||
        (name == "sslmode" && !IsOneOf(value, {"disabled", "preferred"}));
    if (wants_tls && !UsesTls(options, "mysql")) {
      Report(options, diagnostics, "jdbc-url",
             fmt::format("{} asks for TLS, but TLS is off", Quoted(parameter)), std::string(kHint));
    }
    if (name.starts_with("trustcertificatekeystore") ||
        name.starts_with("clientcertificatekeystore")) {
      Report(options, diagnostics, "jdbc-url",
             fmt::format("parameter {} is not supported", Quoted(name)),
             "Use 'doris.tls.ca-certificate-path' with a PEM file.");
    }
  }
}

}  // namespace

void CheckTls(const Options& options, Diagnostics* diagnostics) {
  constexpr std::string_view kExcluded = "doris.tls.excluded-protocols";
  for (const std::string& each : Split(options.Text(kExcluded), ',')) {
    const std::string name = ToLower(Trim(each));
    if (!name.empty() && !IsOneOf(name, {"http", "mysql", "thrift", "arrowflight"})) {
      Report(options, diagnostics, kExcluded,
             fmt::format("{} is not a protocol of Doris", Quoted(name)),
             "The protocols that may go without TLS are http and mysql.");
    }
  }
  // A certificate authority beside an explicit 'false' is left from when TLS was on.
  if (!options.Given("doris.enable.tls") && options.Given("doris.tls.ca-certificate-path")) {
    Report(options, diagnostics, "doris.tls.ca-certificate-path",
           "a certificate authority is given, but TLS is off", std::string(kHint));
  }
  for (const std::string_view key : {"fenodes", "benodes"}) {
    if (!UsesTls(options, "http") && ToLower(options.Text(key)).find("https://") != npos) {
      Report(options, diagnostics, key,
             fmt::format("option {} has an https address, but TLS is off", Quoted(key)),
             std::string(kHint));
    }
  }
  CheckJdbcUrl(options, diagnostics);
}

}  // namespace millrace::doris
