// The WITH options of 'connector' = 'doris': the table of all of them (the Flink connector's, old
// spellings included), the checks the table alone cannot express, and the configuration that
// follows from them.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "net/http_client.h"

namespace millrace::doris {

inline constexpr std::string_view kPropertyPrefix = "sink.properties.";
inline constexpr int64_t kBuffersMin = 2;
inline constexpr int64_t kBuffersMax = 64;
inline constexpr int64_t kLanesMax = 32;  // of the option
// Whatever the parallelism of the job; a checkpoint that says more is damaged.
inline constexpr int kLanesEverMax = 256;

std::span<const OptionSpec> OptionTable();

// Pure. Reports wrong values and combinations, among them all that would lose rows, and all that
// ask for TLS where there would be none.
void CheckOptions(const Options& options, const Schema& schema, Span statement,
                  Diagnostics* diagnostics);

enum class BodyFormat : uint8_t { kJson, kCsv };
enum class BytesAs : uint8_t { kText, kHex, kBase64 };

// Checked options in the form the rest of the connector wants them, that which reads as well.
struct SinkConfig {
  std::vector<std::string> frontends;  // "host:port"
  std::vector<std::string> backends;   // of 'benodes'; empty: frontends redirect
  std::string scheme = "http";         // of all HTTP connections
  std::string database;
  std::string table;
  std::string user;
  std::string password;
  bool ask_for_backends = false;  // 'auto-redirect' = 'false'
  HttpSettings http;              // its certificates are those of the query port, too

  std::string label_prefix;
  bool deletes = true;
  int lanes = 0;  // 0: as many as the job allows
  BodyFormat format = BodyFormat::kJson;
  BytesAs bytes_as = BytesAs::kText;
  std::string column_separator = "\t";  // CSV, decoded
  std::string line_delimiter = "\n";    // CSV, decoded
  std::string columns;                  // header as the user wrote it
  size_t buffer_bytes = 0;
  size_t buffers = 0;
  // Headers of a load that the user gave or changed, lower case; the ones we write ourselves are
  // not among them.
  std::map<std::string, std::string> headers;

  std::string query_host;  // of the MySQL protocol
  int query_port = 0;
  bool query_tls = false;
};

SinkConfig MakeSinkConfig(const Options& options);

// Whether the options ask for TLS over `protocol`, which is "http" or "mysql".
bool UsesTls(const Options& options, std::string_view protocol);

// "host:port, host:port" as a list; the scheme of an address is dropped.
std::vector<std::string> SplitAddresses(std::string_view text);

// Decodes "\x01", "\t", "\n" and the like as the server does.
std::string DecodeSeparator(std::string_view text);

}  // namespace millrace::doris
