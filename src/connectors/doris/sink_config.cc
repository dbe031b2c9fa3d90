#include "connectors/doris/sink_config.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/units.h"
#include "connectors/doris/load_header.h"

namespace millrace::doris {
namespace {

constexpr size_t kBufferBytesMin = 64 * 1024;
constexpr size_t kBufferBytesMax = 8 * 1024 * 1024;
constexpr int kQueryPort = 9030;

// "jdbc:mysql://host:port/...": host and port.
void ReadJdbcUrl(std::string_view url, SinkConfig* config) {
  constexpr std::string_view kScheme = "jdbc:mysql://";
  if (!url.starts_with(kScheme)) return;
  std::string_view address = url.substr(kScheme.size());
  address = address.substr(0, address.find_first_of("/?,"));
  const size_t colon = address.rfind(':');
  config->query_host = address.substr(0, colon);
  config->query_port = kQueryPort;
  if (colon == std::string_view::npos) return;
  config->query_port =
      static_cast<int>(ParseInteger(address.substr(colon + 1)).value_or(kQueryPort));
}

void ReadProperties(const Options& options, SinkConfig* config) {
  for (const auto& [name, value] : options.WithPrefix(kPropertyPrefix)) {
    const std::string lower = ToLower(name);
    const std::string trimmed(Trim(value));
    if (lower == "format" && EqualsIgnoreCase(trimmed, "csv")) config->format = BodyFormat::kCsv;
    if (lower == "columns") config->columns = trimmed;
    if (lower == "column_separator") config->column_separator = DecodeSeparator(value);
    if (lower == "line_delimiter") config->line_delimiter = DecodeSeparator(value);
    const HeaderRule* rule = FindRule(lower);
    if (rule == nullptr || rule->fate == Fate::kSend) config->headers[lower] = trimmed;
  }
}

}  // namespace

std::vector<std::string> SplitAddresses(std::string_view text) {
  std::vector<std::string> addresses;
  for (const std::string& part : Split(text, ',')) {
    std::string_view address = Trim(part);
    for (const std::string_view scheme : {"http://", "https://"}) {
      const bool written = EqualsIgnoreCase(address.substr(0, scheme.size()), scheme);
      if (written) address.remove_prefix(scheme.size());
    }
    if (!address.empty()) addresses.emplace_back(address);
  }
  return addresses;
}

bool UsesTls(const Options& options, std::string_view protocol) {
  if (!options.Boolean("doris.enable.tls")) return false;
  const std::vector<std::string> excluded =
      Split(options.Text("doris.tls.excluded-protocols"), ',');
  return std::none_of(excluded.begin(), excluded.end(), [&](const std::string& each) {
    return EqualsIgnoreCase(Trim(each), protocol);
  });
}

std::string DecodeSeparator(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char next = text[i + 1];
    unsigned value = 0;
    if ((next == 'x' || next == 'X') && i + 3 < text.size() &&
        std::from_chars(text.data() + i + 2, text.data() + i + 4, value, 16).ptr ==
            text.data() + i + 4) {
      result += static_cast<char>(value);
      i += 3;
    } else if (next == 't' || next == 'n' || next == 'r') {
      result += next == 't' ? '\t' : next == 'n' ? '\n' : '\r';
      i += 1;
    } else {
      result += text[i];
    }
  }
  return result;
}

SinkConfig MakeSinkConfig(const Options& options) {
  SinkConfig config;
  config.frontends = SplitAddresses(options.Text("fenodes"));
  config.backends = SplitAddresses(options.Text("benodes"));
  if (UsesTls(options, "http")) config.scheme = "https";
  const std::string& identifier = options.Text("table.identifier");
  const size_t dot = identifier.find('.');
  config.database = Trim(std::string_view(identifier).substr(0, dot));
  if (dot != std::string::npos) {
    config.table = Trim(std::string_view(identifier).substr(dot + 1));
  }
  config.user = options.Text("username");
  config.password = options.Text("password");
  config.ask_for_backends = !options.Boolean("auto-redirect");
  config.http.connect_timeout_ms = options.DurationMs("doris.request.connect.timeout");
  config.http.answer_timeout_ms = options.DurationMs("doris.request.read.timeout");
  config.http.ca_file = options.Text("doris.tls.ca-certificate-path");
  config.http.verify_hostname = !options.Boolean("doris.tls.skip-hostname-verification");
  if (!config.backends.empty()) {
    // With backends of the user's choice a frontend may not name others.
    config.http.redirects.hosts = config.backends;
    config.http.redirects.hosts.insert(config.http.redirects.hosts.end(), config.frontends.begin(),
                                       config.frontends.end());
  }

  config.label_prefix = options.Text("sink.label-prefix");
  config.deletes = options.Boolean("sink.enable-delete");
  config.lanes = static_cast<int>(std::min(options.Integer("sink.parallelism"), kLanesMax));
  const std::string& bytes_as = options.Text("sink.bytes-as");
  if (EqualsIgnoreCase(bytes_as, "hex")) config.bytes_as = BytesAs::kHex;
  if (EqualsIgnoreCase(bytes_as, "base64")) config.bytes_as = BytesAs::kBase64;
  config.buffer_bytes = std::clamp(static_cast<size_t>(options.MemoryBytes("sink.buffer-size")),
                                   kBufferBytesMin, kBufferBytesMax);
  config.buffers = static_cast<size_t>(
      std::clamp(options.Integer("sink.buffer-count"), kBuffersMin, kBuffersMax));
  ReadProperties(options, &config);

  if (!config.frontends.empty()) {
    const std::string& first = config.frontends.front();
    config.query_host = first.substr(0, first.rfind(':'));
  }
  config.query_port = static_cast<int>(options.Integer("query-port"));
  config.query_tls = UsesTls(options, "mysql");
  ReadJdbcUrl(options.Text("jdbc-url"), &config);
  return config;
}

}  // namespace millrace::doris
