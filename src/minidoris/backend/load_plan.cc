#include "minidoris/backend/load_plan.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/units.h"
#include "minidoris/table/convert.h"
#include "minidoris/table/json_scan.h"

namespace millrace::minidoris {
namespace {

constexpr int64_t kTimeoutSecondsMax = 259'200;

std::string HeaderOr(const http::Request& request, std::string_view name, std::string_view other) {
  return request.Header(name).value_or(std::string(other));
}

bool Flag(const http::Request& request, std::string_view name) {
  return EqualsIgnoreCase(HeaderOr(request, name, "false"), "true");
}

// Separators are written as text: \x01 and the like, \t, \n, \r, \\ mean one byte.
std::string DecodeSeparator(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\' || next == '\0') {
      bytes += text[i];
      continue;
    }
    if ((next == 'x' || next == 'X') && i + 3 < text.size() && HexValue(text[i + 2]) >= 0 &&
        HexValue(text[i + 3]) >= 0) {
      bytes += static_cast<char>(HexValue(text[i + 2]) << 4 | HexValue(text[i + 3]));
      i += 3;
      continue;
    }
    constexpr std::string_view kLetters = "tnr\\";
    constexpr std::string_view kMeanings = "\t\n\r\\";
    const size_t found = kLetters.find(next);
    if (found == kLetters.npos) {
      bytes += text[i];
    } else {
      bytes += kMeanings[found];
      ++i;
    }
  }
  return bytes;
}

std::string Unquoted(std::string_view name) {
  name = Trim(name);
  if (name.size() >= 2 && name.front() == '`' && name.back() == '`') {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name);
}

std::optional<std::string> ReadCsv(const http::Request& request, CsvFormat* csv) {
  csv->column_separator = DecodeSeparator(HeaderOr(request, "column_separator", "\\t"));
  csv->line_delimiter = DecodeSeparator(HeaderOr(request, "line_delimiter", "\\n"));
  if (csv->column_separator.empty()) return "column_separator can not be empty";
  if (csv->line_delimiter.empty()) return "line_delimiter can not be empty";
  csv->keep_carriage_return = Flag(request, "keep_carriage_return");
  csv->trim_double_quotes = Flag(request, "trim_double_quotes");
  csv->empty_field_as_null = Flag(request, "empty_field_as_null");
  if (const auto text = request.Header("enclose"); text && !text->empty()) {
    if (text->size() != 1) return "enclose must be single-char, actually is " + *text;
    csv->enclose = text->front();
  }
  if (const auto text = request.Header("escape"); text && !text->empty()) {
    if (text->size() != 1) return "escape must be single-char, actually is " + *text;
    csv->escape = text->front();
  }
  const std::string format = ToLower(HeaderOr(request, "format", "csv"));
  if (format == "csv_with_names") {
    csv->skip_lines = 1;
  } else if (format == "csv_with_names_and_types") {
    csv->skip_lines = 2;
  } else if (const auto text = request.Header("skip_lines")) {
    csv->skip_lines = ParseInteger(*text).value_or(-1);
    if (csv->skip_lines < 0) return "Invalid 'skip_lines': " + *text;
  }
  return std::nullopt;
}

// `["$.a", "$.b"]` -> a, b. Only paths to members of the object itself are known.
std::optional<std::vector<std::string>> ReadJsonPaths(std::string_view text) {
  std::vector<std::string> keys;
  JsonScanner scanner(text);
  std::string scratch;
  if (!scanner.Expect('[')) return std::nullopt;
  do {
    scanner.SkipBlanks();
    const std::string_view path = scanner.String(&scratch);
    if (!scanner.ok() || !path.starts_with("$.")) return std::nullopt;
    const std::string_view key = path.substr(2);
    if (key.empty() || key.find_first_of(".[*") != key.npos) return std::nullopt;
    keys.emplace_back(key);
  } while (scanner.Accept(','));
  if (!scanner.Expect(']') || !scanner.AtEnd()) return std::nullopt;
  return keys;
}

// The names of the fields of a record, from `columns` or from the table and `hidden_columns`.
std::optional<std::string> ReadSources(const http::Request& request, LoadPlan* plan) {
  const Table& table = *plan->table;
  if (const auto columns = request.Header("columns"); columns && !Trim(*columns).empty()) {
    for (const std::string& entry : Split(*columns, ',')) {
      if (entry.find('=') != entry.npos || entry.find('(') != entry.npos) {
        return "minidoris does not compute columns: " + std::string(Trim(entry));
      }
      plan->sources.push_back(Unquoted(entry));
    }
    return std::nullopt;
  }
  for (const Column& column : table.columns) plan->sources.push_back(column.name);
  for (const std::string& name : Split(HeaderOr(request, "hidden_columns", ""), ',')) {
    // Hidden columns the table does not have are ignored; only UNIQUE tables have a delete sign.
    if (table.model == KeysModel::kUnique && EqualsIgnoreCase(Unquoted(name), kDeleteSign)) {
      plan->sources.emplace_back(kDeleteSign);
    }
  }
  return std::nullopt;
}

std::optional<std::string> MapColumns(LoadPlan* plan) {
  const Table& table = *plan->table;
  plan->source_of_column.assign(table.columns.size(), kNoSource);
  for (size_t i = 0; i < plan->sources.size(); ++i) {
    const int source = static_cast<int>(i);
    if (const std::optional<size_t> column = table.Find(plan->sources[i])) {
      plan->source_of_column[*column] = source;
    } else if (table.model == KeysModel::kUnique &&
               EqualsIgnoreCase(plan->sources[i], kDeleteSign)) {
      plan->delete_sign_source = source;
    }
  }
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const bool has_default = column.default_text || column.default_is_now;
    if (plan->source_of_column[i] == kNoSource && !column.nullable && !has_default) {
      return "[ANALYSIS_ERROR]TStatus: errCode = 2, detailMessage = "
             "column has no source field, column=" +
             column.name;
    }
  }
  return std::nullopt;
}

std::optional<std::string> ReadMerge(const http::Request& request, LoadPlan* plan) {
  const std::string merge = ToUpper(HeaderOr(request, "merge_type", "APPEND"));
  if (merge != "APPEND" && merge != "DELETE" && merge != "MERGE") {
    return "Invalid merge type " + merge;
  }
  if (merge != "APPEND" && plan->table->model != KeysModel::kUnique) {
    return "load by MERGE or DELETE is only supported in unique tables.";
  }
  const bool condition = request.Header("delete").has_value();
  if (condition && merge != "MERGE") {
    return "Not support DELETE ON clause when merge type is not MERGE.";
  }
  if (merge == "MERGE") {
    return condition ? "minidoris does not know merge_type MERGE"
                     : "Excepted DELETE ON clause when merge type is MERGE.";
  }
  plan->always_delete = merge == "DELETE";
  for (const std::string_view header : {"where", "json_root", "partitions", "temporary_partitions",
                                        "function_column.sequence_col"}) {
    if (const auto text = request.Header(header); text && !text->empty()) {
      return fmt::format("minidoris does not know the header {}", header);
    }
  }
  if (Flag(request, "partial_columns")) return "minidoris does not know partial updates";
  return std::nullopt;
}

std::optional<std::string> ReadRules(const http::Request& request, LoadPlan* plan) {
  const std::string strict = HeaderOr(request, "strict_mode", "false");
  if (!EqualsIgnoreCase(strict, "true") && !EqualsIgnoreCase(strict, "false")) {
    return "[INVALID_ARGUMENT]Invalid strict mode format. Must be bool type";
  }
  plan->strict = EqualsIgnoreCase(strict, "true");
  plan->max_filter_ratio = std::strtod(HeaderOr(request, "max_filter_ratio", "0").c_str(), nullptr);
  const std::string zone = HeaderOr(request, "timezone", HeaderOr(request, "time_zone", "UTC"));
  const std::optional<int> offset = ZoneOffsetMinutes(zone);
  if (!offset) return "Unknown or incorrect time zone: '" + zone + "'";
  plan->zone_offset_minutes = *offset;
  return std::nullopt;
}

std::optional<std::string> ReadJson(const http::Request& request, LoadPlan* plan) {
  plan->json.strip_outer_array = Flag(request, "strip_outer_array");
  const bool neither = !request.Header("read_json_by_line") && !request.Header("strip_outer_array");
  plan->json.by_line = neither || Flag(request, "read_json_by_line");
  const auto paths = request.Header("jsonpaths");
  if (!paths || paths->empty()) return std::nullopt;
  const auto keys = ReadJsonPaths(*paths);
  if (!keys) return "minidoris does not know these jsonpaths: " + *paths;
  if (keys->size() != plan->sources.size()) return "jsonpaths and columns differ in number";
  plan->sources = *keys;
  return std::nullopt;
}

}  // namespace

OrMessage<LoadEnvelope> ReadEnvelope(const http::Request& request) {
  LoadEnvelope envelope;
  envelope.label = HeaderOr(request, "label", "");
  envelope.two_phase = HeaderOr(request, "two_phase_commit", "") == "true";
  envelope.comment = HeaderOr(request, "comment", "");
  const std::string format = ToLower(HeaderOr(request, "format", "csv"));
  const std::string compression = ToLower(HeaderOr(request, "compress_type", ""));
  envelope.gzip = compression == "gz";
  if (format == "json") {
    envelope.format = BodyFormat::kJson;  // an unknown compression means plain text here
  } else if (!format.empty() && format != "csv" && format != "csv_with_names" &&
             format != "csv_with_names_and_types") {
    return "[INTERNAL_ERROR]unknown data format, format=" + HeaderOr(request, "format", "");
  } else if (!compression.empty() && !envelope.gzip) {
    return "[INTERNAL_ERROR]unknown data format, format=" + format;
  }
  const std::string group = ToLower(HeaderOr(request, "group_commit", "off_mode"));
  if (group != "off_mode" && group != "sync_mode" && group != "async_mode") {
    return std::string(
        "[INTERNAL_ERROR]group_commit can only be [async_mode, sync_mode, off_mode]");
  }
  if (group != "off_mode" && !envelope.label.empty()) {
    return std::string("[INTERNAL_ERROR]label and group_commit can't be set at the same time");
  }
  if (const auto text = request.Header("timeout"); text && !text->empty()) {
    envelope.timeout_seconds = ParseInteger(*text);
    if (!envelope.timeout_seconds) {
      return "[INVALID_ARGUMENT]Invalid timeout format, " + *text + " is not a valid int";
    }
    if (*envelope.timeout_seconds < 1 || *envelope.timeout_seconds > kTimeoutSecondsMax) {
      return fmt::format(
          "[ANALYSIS_ERROR]TStatus: errCode = 2, detailMessage = Invalid timeout: {}. Timeout "
          "should between 1 and {} seconds",
          *envelope.timeout_seconds, kTimeoutSecondsMax);
    }
  }
  return envelope;
}

OrMessage<LoadPlan> PlanLoad(const http::Request& request, const LoadEnvelope& envelope,
                             std::shared_ptr<const Table> table) {
  LoadPlan plan;
  plan.table = std::move(table);
  plan.format = envelope.format;
  plan.gzip = envelope.gzip;
  if (auto message = ReadMerge(request, &plan)) return *message;
  if (auto message = ReadRules(request, &plan)) return *message;
  if (auto message = ReadSources(request, &plan)) return *message;
  if (auto message = MapColumns(&plan)) return *message;
  if (plan.format == BodyFormat::kJson) {
    if (auto message = ReadJson(request, &plan)) return *message;
  } else if (auto message = ReadCsv(request, &plan.csv)) {
    return *message;
  }
  return plan;
}

}  // namespace millrace::minidoris
