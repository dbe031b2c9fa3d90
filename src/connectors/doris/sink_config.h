// The WITH options of 'connector' = 'doris': the table of all of them (the Flink connector's, old
// spellings included), the checks the table alone cannot express, and the configuration that
// follows.
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
inline constexpr int64_t kLanesMax = 32;

std::span<const OptionSpec> OptionTable();

// Pure. Complaints about values and combinations, among them all that would lose rows.
void CheckOptions(const Options& options, const Schema& schema, Span statement,
                  Diagnostics* diagnostics);

enum class BodyFormat : uint8_t { kJson, kCsv };
enum class BytesAs : uint8_t { kText, kHex, kBase64 };

// Checked options in the form the rest of the connector wants them.
struct SinkConfig {
  std::vector<std::string> frontends;  // "host:port"
  std::vector<std::string> backends;   // of 'benodes'; empty: frontends redirect
  std::string scheme = "http";
  std::string database;
  std::string table;
  std::string user;
  std::string password;
  bool ask_for_backends = false;  // 'auto-redirect' = 'false'
  HttpSettings http;

  std::string label_prefix;
  bool deletes = true;
  int lanes = 0;  // 0: as many as the job allows
  BodyFormat format = BodyFormat::kJson;
  BytesAs bytes_as = BytesAs::kText;
  std::string column_separator = "\t";  // CSV, decoded
  std::string line_delimiter = "\n";    // CSV, decoded
  std::string columns;                  // header as given by the user
  size_t buffer_bytes = 0;
  size_t buffers = 0;
  // Headers of a load that the user gave or changed, lower case; the ones we write ourselves are
  // not among them.
  std::map<std::string, std::string> headers;

  std::string query_host;  // of the MySQL protocol, for scans
  int query_port = 0;
};

SinkConfig MakeSinkConfig(const Options& options);

// "host:port, host:port" in parts; a scheme in front of an address is dropped.
std::vector<std::string> SplitAddresses(std::string_view text);

// Decodes "\x01", "\t", "\n" and the like as the server does.
std::string DecodeSeparator(std::string_view text);

}  // namespace millrace::doris
