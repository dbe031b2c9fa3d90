#include "minidoris/backend/body_parser.h"

#include "minidoris/backend/body_csv.h"
#include "minidoris/backend/body_json.h"
#include "minidoris/backend/gunzip.h"

namespace millrace::minidoris {

std::unique_ptr<BodyParser> MakeBodyParser(const LoadPlan* plan, RowBuilder* rows) {
  std::unique_ptr<BodyParser> parser;
  if (plan->format == BodyFormat::kJson) {
    parser = std::make_unique<JsonParser>(plan, rows);
  } else {
    parser = std::make_unique<CsvParser>(plan, rows);
  }
  if (!plan->gzip) return parser;
  return std::make_unique<Gunzip>(std::move(parser), rows);
}

}  // namespace millrace::minidoris
