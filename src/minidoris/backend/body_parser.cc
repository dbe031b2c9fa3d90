#include "minidoris/backend/body_parser.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "minidoris/backend/body_csv.h"
#include "minidoris/backend/body_json.h"

namespace millrace::minidoris {
namespace {

class Gunzip final : public BodyParser {
 public:
  Gunzip(std::unique_ptr<BodyParser> next, RowBuilder* rows) : next_(std::move(next)), rows_(rows) {
    constexpr int kGzipOnly = 16;
    inflateInit2(&stream_, MAX_WBITS | kGzipOnly);
  }
  ~Gunzip() override { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  void Feed(std::string_view piece) override {
    while (!piece.empty() && !rows_->failed()) {
      const size_t part = std::min<size_t>(piece.size(), std::numeric_limits<uInt>::max());
      FeedPart(piece.substr(0, part));
      piece.remove_prefix(part);
    }
  }

  void Finish() override {
    if (inside_member_)
      rows_->Fail("[INTERNAL_ERROR]decompress failed: unexpected end of gzip data");
    next_->Finish();
  }

 private:
  void FeedPart(std::string_view part) {
    // zlib's interface predates const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream_.avail_in = static_cast<uInt>(part.size());
    // Continues also while the output buffer was full: there may be more to write.
    bool more = true;
    while (more && !rows_->failed()) {
      if (stream_.avail_in > 0 && !inside_member_) {
        inflateReset(&stream_);
        inside_member_ = true;
      }
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) inside_member_ = false;
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return rows_->Fail("[INTERNAL_ERROR]decompress failed: the body is not gzip");
      }
      const size_t size = buffer_.size() - stream_.avail_out;
      if (size > 0) next_->Feed({buffer_.data(), size});
      more = stream_.avail_in > 0 || (inside_member_ && stream_.avail_out == 0);
    }
  }

  const std::unique_ptr<BodyParser> next_;
  RowBuilder* const rows_;
  z_stream stream_ = {};
  bool inside_member_ = false;
  std::array<char, 256 << 10> buffer_;
};

}  // namespace

std::unique_ptr<BodyParser> MakeBodyParser(const LoadPlan* plan, RowBuilder* rows) {
  std::unique_ptr<BodyParser> parser;
  if (plan->format == BodyFormat::kJson) {
    parser = std::make_unique<JsonParser>(plan, rows);
  } else {
    parser = std::make_unique<CsvParser>(plan, rows);
  }
  return plan->gzip ? MakeGunzip(std::move(parser), rows) : std::move(parser);
}

std::unique_ptr<BodyParser> MakeGunzip(std::unique_ptr<BodyParser> next, RowBuilder* rows) {
  return std::make_unique<Gunzip>(std::move(next), rows);
}

}  // namespace millrace::minidoris
