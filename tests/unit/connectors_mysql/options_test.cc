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

TEST_CASE("modes of TLS as the JDBC driver and Debezium spell them") {
  using Written = std::map<std::string, std::string>;
  const std::vector<std::pair<Written, TlsMode>> cases = {
      {{}, TlsMode::kDisabled},
      {{{"jdbc.properties.sslMode", "DISABLED"}}, TlsMode::kDisabled},
      {{{"jdbc.properties.sslMode", "preferred"}}, TlsMode::kPreferred},
      {{{"jdbc.properties.sslMode", "Required"}}, TlsMode::kRequired},
      {{{"jdbc.properties.sslMode", "verify-ca"}}, TlsMode::kVerifyCa},
      {{{"jdbc.properties.sslMode", "VERIFY_IDENTITY"}}, TlsMode::kVerifyIdentity},
      {{{"debezium.database.ssl.mode", "verify_ca"}}, TlsMode::kVerifyCa},
      {{{"debezium.database.ssl.mode", "required"}, {"jdbc.properties.sslMode", "VERIFY_CA"}},
       TlsMode::kVerifyCa},
      {{{"debezium.database.ssl.mode", "required"}, {"jdbc.properties.useSSL", "false"}},
       TlsMode::kRequired},
      {{{"jdbc.properties.useSSL", "true"}}, TlsMode::kPreferred},
      {{{"jdbc.properties.requireSSL", "TRUE"}}, TlsMode::kRequired},
      {{{"jdbc.properties.requireSSL", "false"}}, TlsMode::kDisabled},
      {{{"jdbc.properties.verifyServerCertificate", "true"}}, TlsMode::kVerifyCa},
      {{{"jdbc.properties.useSSL", "false"}, {"jdbc.properties.requireSSL", "true"}},
       TlsMode::kDisabled},
      {{{"jdbc.properties.useSSL", "false"}, {"jdbc.properties.sslMode", "REQUIRED"}},
       TlsMode::kRequired}};
  for (const auto& [written, mode] : cases) {
    CHECK(Check(written).empty());
    CHECK(ReadConfig(Options::FromTexts(OptionTable(), written)).endpoint.tls.mode == mode);
  }
}

TEST_CASE("options of TLS that cannot be what is wanted are errors that say what to write") {
  using Written = std::map<std::string, std::string>;
  const std::vector<std::pair<Written, std::string>> refused = {
      {{{"jdbc.properties.sslMode", "REQUIERD"}}, "jdbc.properties.sslMode"},
      {{{"debezium.database.ssl.mode", "on"}}, "debezium.database.ssl.mode"},
      {{{"jdbc.properties.trustCertificateKeyStoreUrl", "file:/x"}}, "key store"},
      {{{"jdbc.properties.clientCertificateKeyStorePassword", "x"}}, "key store"},
      {{{"debezium.database.ssl.truststore", "/x"}}, "key store"},
      {{{"debezium.database.ssl.keystore.password", "x"}}, "key store"},
      {{{"ssl.ca", "/x"}}, "verified"},
      {{{"ssl.ca", "/x"}, {"jdbc.properties.sslMode", "REQUIRED"}}, "verified"},
      {{{"ssl.cert", "/x"}, {"jdbc.properties.sslMode", "REQUIRED"}}, "together"},
      {{{"ssl.key", "/x"}, {"jdbc.properties.sslMode", "REQUIRED"}}, "together"},
      {{{"ssl.cert", "/x"}, {"ssl.key", "/x"}}, "required"},
      {{{"ssl.key-password", "x"}}, "ssl.key"}};
  for (const auto& [written, word] : refused) {
    const Diagnostics diagnostics = Check(written);
    REQUIRE_MESSAGE(diagnostics.size() == 1, written.begin()->first);
    CHECK(diagnostics[0].severity == Severity::kError);
    CHECK_MESSAGE(diagnostics[0].message.find(word) != std::string::npos, diagnostics[0].message);
    CHECK(diagnostics[0].span.end > diagnostics[0].span.begin);
  }
}

TEST_CASE("a key store of Java may stay where its content is given as PEM") {
  CHECK(Check({{"jdbc.properties.trustCertificateKeyStoreUrl", "file:/x"},
               {"jdbc.properties.sslMode", "VERIFY_CA"},
               {"ssl.ca", "/ca.pem"}})
            .empty());
}

TEST_CASE("'hostname' is a server or several") {
  const auto parse = [](std::string_view text) { return ParseServers(text, 3306); };
  using Servers = std::vector<ServerAddress>;
  CHECK(parse("db") == Servers{{"db", 3306}});
  CHECK(parse("db:3307") == Servers{{"db", 3307}});
  CHECK(parse("a, b:1 ,10.0.0.1:65535") == Servers{{"a", 3306}, {"b", 1}, {"10.0.0.1", 65535}});
  CHECK(parse("::1") == Servers{{"::1", 3306}});
  CHECK(parse("fe80::1%eth0") == Servers{{"fe80::1%eth0", 3306}});
  CHECK(parse("[::1]") == Servers{{"::1", 3306}});
  CHECK(parse("[::1]:3307,db") == Servers{{"::1", 3307}, {"db", 3306}});
  for (const std::string_view text :
       {"", ",", "a,", "a:", "a:0", "a:65536", "a:x", ":3306", "[::1", "[::1]3306", "[]", "[]:1"}) {
    CHECK_MESSAGE(!parse(text), text);
  }
}

TEST_CASE("what Flink's connector does not take in 'hostname' is said") {
  CHECK(Check({{"hostname", "::1"}}).empty());
  for (const char* text : {"a,b", "a:3307"}) {
    const Diagnostics diagnostics = Check({{"hostname", text}});
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics[0].code == DiagnosticCode::kOtherOnFlink);
    CHECK(diagnostics[0].severity == Severity::kWarning);
  }
  const Diagnostics diagnostics = Check({{"hostname", "a,,b"}});
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].severity == Severity::kError);
}

TEST_CASE("other properties are passed over with a warning") {
  const Diagnostics diagnostics = Check({{"jdbc.properties.useUnicode", "true"}});
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].severity == Severity::kWarning);
}

TEST_CASE("what is handed on is there only if it was written, in a plan too") {
  const Options none = Options::FromTexts(OptionTable(), {});
  CHECK_FALSE(none.Given("debezium.skipped.operations"));
  const Options written = Options::FromTexts(OptionTable(), {{"debezium.skipped.operations", "d"}});
  REQUIRE(written.Given("debezium.skipped.operations"));
  CHECK(written.Text("debezium.skipped.operations") == "d");
}

TEST_CASE("options that were not written add nothing to what a checkpoint depends on") {
  const Options options = Options::FromTexts(OptionTable(), {});
  for (const auto& [key, value] : options.texts()) {
    CHECK_FALSE(key.starts_with("debezium."));
    CHECK_FALSE(key.starts_with("jdbc.properties."));
  }
  // They were in the checkpoints of earlier releases.
  for (const char* key :
       {"scan.startup.specific-offset.skip-events", "scan.startup.timestamp-millis",
        "scan.read-changelog-as-append-only.enabled", "use.legacy.json.format"}) {
    CHECK(options.texts().contains(key));
    CHECK(options.Text(key).empty());
  }
}

TEST_CASE("two words on how bytes become text are one too many") {
  CHECK(Check({{"bytes-as", "hex"}}).empty());
  CHECK(Check({{"debezium.binary.handling.mode", "hex"}}).empty());
  const Diagnostics both =
      Check({{"bytes-as", "hex"}, {"debezium.binary.handling.mode", "base64"}});
  REQUIRE(both.size() == 1);
  CHECK(both[0].message ==
        "'bytes-as' and 'debezium.binary.handling.mode' both say how bytes become text");
  CHECK(Check({{"bytes-as", "octal"}}).size() == 1);
}
