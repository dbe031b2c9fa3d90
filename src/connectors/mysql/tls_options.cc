#include "connectors/mysql/tls_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kJdbcMode = "jdbc.properties.sslMode";
constexpr std::string_view kDebeziumMode = "debezium.database.ssl.mode";

struct NamedMode {
  std::string_view name;
  TlsMode mode;
};
constexpr NamedMode kModes[] = {{"DISABLED", TlsMode::kDisabled},
                                {"PREFERRED", TlsMode::kPreferred},
                                {"REQUIRED", TlsMode::kRequired},
                                {"VERIFY_CA", TlsMode::kVerifyCa},
                                {"VERIFY_IDENTITY", TlsMode::kVerifyIdentity}};

// Key stores are Java's: a file of ours has to be there beside them.
struct KeyStore {
  std::string_view prefix;
  std::string_view instead;
  std::string_view hint;
};
constexpr std::string_view kTrustHint =
    "Convert it with `keytool -importkeystore -srckeystore FILE -destkeystore store.p12 "
    "-deststoretype PKCS12` (if it is a JKS file) and `openssl pkcs12 -in store.p12 -nokeys -out "
    "ca.pem`, and add 'ssl.ca' = 'ca.pem'.";
constexpr std::string_view kClientHint =
    "Convert it with `keytool -importkeystore -srckeystore FILE -destkeystore store.p12 "
    "-deststoretype PKCS12` (if it is a JKS file), `openssl pkcs12 -in store.p12 -clcerts -nokeys "
    "-out cert.pem` and `openssl pkcs12 -in store.p12 -nocerts -noenc -out key.pem`, and add "
    "'ssl.cert' = 'cert.pem' and 'ssl.key' = 'key.pem'.";
constexpr KeyStore kKeyStores[] = {
    {"jdbc.properties.trustCertificateKeyStore", "ssl.ca", kTrustHint},
    {"debezium.database.ssl.truststore", "ssl.ca", kTrustHint},
    {"jdbc.properties.clientCertificateKeyStore", "ssl.cert", kClientHint},
    {"debezium.database.ssl.keystore", "ssl.cert", kClientHint}};

std::optional<TlsMode> ParseMode(std::string_view text) {
  std::string name = ToUpper(Trim(text));
  std::replace(name.begin(), name.end(), '-', '_');
  for (const NamedMode& known : kModes) {
    if (known.name == name) return known.mode;
  }
  return std::nullopt;
}

TlsMode ModeOf(const Options& options, std::string_view key) {
  return options.Given(key) ? ParseMode(options.Text(key)).value_or(TlsMode::kDisabled)
                            : TlsMode::kDisabled;
}

// The driver's older options, which count if sslMode is not written. It has TLS on unless useSSL is
// false.
TlsMode OlderJdbcMode(const Options& options) {
  const auto is_set = [&](std::string_view key) {
    return options.Given(key) && options.Boolean(key);
  };
  const bool is_off =
      options.Given("jdbc.properties.useSSL") && !options.Boolean("jdbc.properties.useSSL");
  if (is_off) return TlsMode::kDisabled;
  if (is_set("jdbc.properties.verifyServerCertificate")) return TlsMode::kVerifyCa;
  if (is_set("jdbc.properties.requireSSL")) return TlsMode::kRequired;
  return is_set("jdbc.properties.useSSL") ? TlsMode::kPreferred : TlsMode::kDisabled;
}

class Checker final {
 public:
  Checker(const Options& options, Diagnostics* diagnostics)
      : options_(options), diagnostics_(*diagnostics) {}

  void CheckMode(std::string_view key) {
    if (!options_.Given(key) || ParseMode(options_.Text(key))) return;
    std::vector<std::string> names;
    for (const NamedMode& mode : kModes) names.emplace_back(mode.name);
    Report(key,
           fmt::format("the value {} of option {} must be one of {}", Quoted(options_.Text(key)),
                       Quoted(key), Join(names, ", ")),
           "");
  }

  // A key store is read by nobody; it may stay in the script if its content is given as PEM.
  void CheckKeyStores() {
    for (const auto& [key, value] : options_.texts()) {
      for (const KeyStore& store : kKeyStores) {
        const bool counts = key.starts_with(store.prefix) && options_.Given(key);
        if (counts && options_.Text(store.instead).empty()) {
          Report(key,
                 fmt::format("option {} names a key store of Java, which Millrace cannot read",
                             Quoted(key)),
                 std::string(store.hint));
          return;
        }
      }
    }
  }

  void CheckFiles() {
    const Tls tls = TlsOf(options_);
    const std::string add = "Add 'jdbc.properties.sslMode' = 'VERIFY_IDENTITY'";
    if (!tls.ca.empty() && !tls.verifies()) {
      Report("ssl.ca", "'ssl.ca' is not looked at unless the server's certificate is verified",
             add + ", or VERIFY_CA.");
    }
    if (tls.cert.empty() != tls.key.empty()) {
      Report(tls.cert.empty() ? "ssl.key" : "ssl.cert",
             "'ssl.cert' and 'ssl.key' are needed together",
             "A file that has both may be named twice.");
    }
    const bool has_files = !tls.cert.empty() || !tls.key.empty();
    if (has_files && tls.mode < TlsMode::kRequired) {
      Report(tls.cert.empty() ? "ssl.key" : "ssl.cert",
             "a certificate of the client is only shown where TLS is required",
             add + ", VERIFY_CA or REQUIRED.");
    }
    if (!tls.key_password.empty() && tls.key.empty()) {
      Report("ssl.key-password",
             "'ssl.key-password' is the password of 'ssl.key', which is missing", "");
    }
  }

 private:
  void Report(std::string_view key, std::string message, std::string hint) {
    diagnostics_.push_back({DiagnosticCode::kInvalidValue, options_.ValueSpan(key),
                            std::move(message), std::move(hint)});
  }

  const Options& options_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckTlsOptions(const Options& options, Diagnostics* diagnostics) {
  Checker checker(options, diagnostics);
  checker.CheckMode(kJdbcMode);
  checker.CheckMode(kDebeziumMode);
  checker.CheckKeyStores();
  checker.CheckFiles();
}

Tls TlsOf(const Options& options) {
  Tls tls;
  const TlsMode jdbc =
      options.Given(kJdbcMode) ? ModeOf(options, kJdbcMode) : OlderJdbcMode(options);
  tls.mode = std::max(jdbc, ModeOf(options, kDebeziumMode));
  tls.ca = options.Text("ssl.ca");
  tls.cert = options.Text("ssl.cert");
  tls.key = options.Text("ssl.key");
  tls.key_password = options.Text("ssl.key-password");
  return tls;
}

}  // namespace millrace::mysql
