// JSON bodies: one object per line, one document, or one array of objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "minidoris/backend/body_parser.h"
#include "minidoris/backend/line_cutter.h"
#include "minidoris/table/json_scan.h"

namespace millrace::minidoris {

class JsonParser final : public BodyParser {
 public:
  JsonParser(const LoadPlan* plan, RowBuilder* rows);
  void Feed(std::string_view piece) override;
  void Finish() override;

 private:
  void Line(std::string_view line);
  void Document();
  // Reads one object into fields_. False if it is malformed.
  bool ReadObject(JsonScanner* scanner);
  void AddObject(std::string_view text);
  void SetField(size_t source, JsonScanner* scanner);
  // Index into plan_.sources of the key, or kNoSource. `guess` is where the last object had it.
  int SourceOf(std::string_view key, size_t guess) const;

  const LoadPlan& plan_;
  RowBuilder* const rows_;
  LineCutter cutter_{"\n"};
  std::string document_;
  std::vector<Field> fields_;
  std::vector<std::string> scratch_;  // unescaped text of each field
  std::string key_scratch_;
  bool any_key_ = false;
};

}  // namespace millrace::minidoris
