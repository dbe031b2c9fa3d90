#include "connectors/mysql/options.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace millrace;
using namespace millrace::mysql;

namespace {

// Errors and warnings of a table with these options added to those it needs.
Diagnostics Check(const std::map<std::string, std::string>& added) {
  std::map<std::string, std::string> texts = {{"hostname", "h"},
                                              {"username", "u"},
                                              {"password", "secret"},
                                              {"database-name", "d"},
                                              {"table-name", "t"}};
  for (const auto& [key, value] : added) texts[key] = value;
  std::vector<OptionText> written;
  size_t at = 0;
  for (const auto& [key, value] : texts) {
    written.push_back({key, value, {at, at + 1}, {at + 1, at + 2}});
    at += 2;
  }
  Diagnostics diagnostics;
  const Options options = Options::Check(OptionTable(), written, "mysql-cdc", {}, &diagnostics);
  if (diagnostics.empty()) CheckOptions(options, {}, {}, &diagnostics);
  return diagnostics;
}

}  // namespace

TEST_CASE("an option that asks for TLS is an error that names it, never a warning") {
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"jdbc.properties.useSSL", "true"},
      {"jdbc.properties.requireSSL", "TRUE"},
      {"jdbc.properties.verifyServerCertificate", "true"},
      {"jdbc.properties.sslMode", "REQUIRED"},
      {"jdbc.properties.sslMode", "VERIFY_CA"},
      {"jdbc.properties.sslMode", "VERIFY_IDENTITY"},
      {"jdbc.properties.trustCertificateKeyStoreUrl", "file:/x"},
      {"jdbc.properties.clientCertificateKeyStoreUrl", "file:/x"},
      {"debezium.database.ssl.mode", "required"},
      {"debezium.database.ssl.mode", "verify_identity"},
      {"debezium.database.ssl.truststore", "/x"},
      {"debezium.database.ssl.keystore.password", "x"},
  };
  for (const auto& [key, value] : refused) {
    const Diagnostics diagnostics = Check({{key, value}});
    REQUIRE_MESSAGE(diagnostics.size() == 1, key);
    CHECK(diagnostics[0].severity == Severity::kError);
    CHECK(diagnostics[0].message.find(key) != std::string::npos);
    CHECK(diagnostics[0].span.end > diagnostics[0].span.begin);
    CHECK_FALSE(diagnostics[0].hint.empty());
  }
}

TEST_CASE("values that ask for no TLS, or do not insist on it, are what happens") {
  CHECK(Check({{"jdbc.properties.useSSL", "false"}}).empty());
  CHECK(Check({{"jdbc.properties.sslMode", "DISABLED"}}).empty());
  CHECK(Check({{"jdbc.properties.sslMode", "preferred"}}).empty());
  CHECK(Check({{"jdbc.properties.requireSSL", "false"}}).empty());
  CHECK(Check({{"jdbc.properties.verifyServerCertificate", "false"}}).empty());
  CHECK(Check({{"debezium.database.ssl.mode", "preferred"}}).empty());
  CHECK(Check({{"debezium.database.ssl.mode", "disabled"}}).empty());
}

TEST_CASE("other properties are passed over with a warning") {
  const Diagnostics diagnostics = Check({{"jdbc.properties.useUnicode", "true"}});
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].severity == Severity::kWarning);
}

TEST_CASE("options that were not written add nothing to what a checkpoint depends on") {
  const Options options = Options::FromTexts(OptionTable(), {});
  for (const auto& [key, value] : options.texts()) {
    CHECK(key.find("ssl") == std::string::npos);
    CHECK(key.find("SSL") == std::string::npos);
  }
}
