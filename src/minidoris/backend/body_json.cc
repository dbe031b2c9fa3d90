#include "minidoris/backend/body_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace millrace::minidoris {

JsonParser::JsonParser(const LoadPlan* plan, RowBuilder* rows)
    : plan_(*plan), rows_(rows), fields_(plan->sources.size()), scratch_(plan->sources.size()) {}

void JsonParser::Feed(std::string_view piece) {
  if (rows_->failed()) return;
  bool fits = true;
  if (plan_.json.by_line) {
    fits = cutter_.Feed(piece, [this](std::string_view line) { Line(line); });
  } else {
    document_ += piece;
    fits = document_.size() <= kRecordBytesMax;
  }
  if (!fits) {
    rows_->Fail(
        fmt::format("[E-217]json body size exceed BE's conf `streaming_load_json_max_mb` "
                    "{}. increase it if you are sure this load is reasonable",
                    kRecordBytesMax >> 20));
    document_.clear();
  }
}

void JsonParser::Finish() {
  if (plan_.json.by_line) {
    cutter_.Finish([this](std::string_view line) { Line(line); });
  } else if (!rows_->failed() && !Trim(document_).empty()) {
    Document();
  }
  rows_->Finish();
}

void JsonParser::Line(std::string_view line) {
  line = Trim(line);
  if (line.empty() || rows_->failed()) return;
  if (!IsUtf8(line)) {
    return rows_->Filter(
        "Parse json data for JsonDoc failed. code: 10, error info: UTF8_ERROR: "
        "The input is not valid UTF-8",
        "");
  }
  JsonScanner scanner(line);
  if (plan_.json.strip_outer_array) {  // each line is an array of objects
    if (!scanner.Expect('[')) {
      return rows_->Filter("JSON data is not an array-object, `strip_outer_array` must be FALSE.",
                           line);
    }
    if (scanner.Accept(']')) return;
    do {
      const std::string_view object = scanner.RawValue();
      if (!scanner.ok()) break;
      AddObject(object);
    } while (scanner.Accept(','));
    if (!scanner.Expect(']')) rows_->Filter("Parse json data for array failed", line);
    return;
  }
  if (!ReadObject(&scanner)) {
    return rows_->Filter(
        "Parse json data for JsonDoc failed. code: 3, error info: TAPE_ERROR: The "
        "JSON document has an improper structure",
        line);
  }
  if (!scanner.AtEnd()) {
    return rows_->Fail(
        "[DATA_QUALITY_ERROR]Multiple JSON objects in a single line are not "
        "supported");
  }
  if (!any_key_) {
    return rows_->Filter(
        fmt::format("There is no column matching jsonpaths in the json file, columns:[{}], please "
                    "check columns and jsonpaths:",
                    Join(plan_.sources, ", ")),
        line);
  }
  rows_->Add(fields_, line);
}

void JsonParser::Document() {
  if (!IsUtf8(document_)) {
    return rows_->Fail("[DATA_QUALITY_ERROR]Parse json data failed: the input is not valid UTF-8");
  }
  JsonScanner scanner(document_);
  const bool array = scanner.Peek() == '[';
  if (array && !plan_.json.strip_outer_array) {
    return rows_->Fail(
        "[DATA_QUALITY_ERROR]JSON data is array-object, `strip_outer_array` must "
        "be TRUE.");
  }
  if (!array && plan_.json.strip_outer_array) {
    return rows_->Fail(
        "[DATA_QUALITY_ERROR]JSON data is not an array-object, "
        "`strip_outer_array` must be FALSE.");
  }
  if (!array) {
    const std::string_view object = scanner.RawValue();
    if (scanner.ok() && scanner.AtEnd()) return AddObject(object);
    return rows_->Fail("[DATA_QUALITY_ERROR]Parse json data for JsonDoc failed.");
  }
  scanner.Expect('[');
  if (scanner.Accept(']')) return;
  do {
    const std::string_view object = scanner.RawValue();
    if (!scanner.ok()) break;
    AddObject(object);
  } while (scanner.Accept(','));
  if (!scanner.Expect(']') || !scanner.AtEnd()) {
    rows_->Fail("[DATA_QUALITY_ERROR]Parse json data for JsonDoc failed.");
  }
}

void JsonParser::AddObject(std::string_view text) {
  JsonScanner scanner(text);
  if (!ReadObject(&scanner)) {
    return rows_->Filter("JSON data is not an object", text);
  }
  if (!any_key_) {
    return rows_->Filter("There is no column matching jsonpaths in the json file", text);
  }
  rows_->Add(fields_, text);
}

bool JsonParser::ReadObject(JsonScanner* scanner) {
  for (Field& field : fields_) field = Field{.text = {}, .present = false, .null = false};
  any_key_ = false;
  if (!scanner->Expect('{')) return false;
  if (scanner->Accept('}')) return true;
  size_t guess = 0;
  do {
    scanner->SkipBlanks();
    const int source = SourceOf(scanner->String(&key_scratch_), guess);
    if (!scanner->Expect(':')) return false;
    if (source == kNoSource || fields_[static_cast<size_t>(source)].present) {
      scanner->RawValue();
    } else {
      any_key_ = true;
      SetField(static_cast<size_t>(source), scanner);
      guess = static_cast<size_t>(source) + 1;
    }
  } while (scanner->Accept(','));
  return scanner->Expect('}');
}

void JsonParser::SetField(size_t source, JsonScanner* scanner) {
  Field& field = fields_[source];
  field.present = true;
  if (scanner->Peek() == '"') {
    field.text = scanner->String(&scratch_[source]);
    return;
  }
  field.text = scanner->RawValue();
  if (field.text == "null") field.null = true;
  if (field.text == "true") field.text = "1";
  if (field.text == "false") field.text = "0";
}

int JsonParser::SourceOf(std::string_view key, size_t guess) const {
  if (guess < plan_.sources.size() && plan_.sources[guess] == key) return static_cast<int>(guess);
  const auto found = std::find(plan_.sources.begin(), plan_.sources.end(), key);
  if (found == plan_.sources.end()) return kNoSource;
  return static_cast<int>(found - plan_.sources.begin());
}

}  // namespace millrace::minidoris
