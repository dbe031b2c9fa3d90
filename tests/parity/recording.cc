#include "recording.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>
#include <string_view>
#include <utility>

#include "base/json.h"

namespace {

using millrace::Json;
using millrace::Result;
using millrace::Status;

// A file without compression is read as it is.
Result<std::string> ReadAll(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return Status::Permanent(fmt::format("cannot open {}", path));
  std::string text;
  char piece[1 << 16];
  for (;;) {
    const int size = gzread(file.get(), piece, sizeof piece);
    if (size < 0) return Status::Permanent(fmt::format("cannot read {}", path));
    if (size == 0) return text;
    text.append(piece, static_cast<size_t>(size));
  }
}

}  // namespace

Result<std::vector<Recorded>> ReadRecording(const std::string& path) {
  MR_ASSIGN_OR_RETURN(const std::string text, ReadAll(path));
  std::vector<Recorded> all;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    MR_ASSIGN_OR_RETURN(const Json json, Json::Parse(line));
    Recorded one;
    one.expression = json["e"].AsString().value_or("");
    one.group = json["c"].AsString().value_or("");
    one.type = json["type"].AsString();
    one.value = json["val"].AsString();
    if (!json.Has("val")) {
      one.answer = json.Has("refused") ? Recorded::Answer::kRefused : Recorded::Answer::kFailed;
    }
    all.push_back(std::move(one));
  }
  return all;
}
