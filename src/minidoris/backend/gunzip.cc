#include "minidoris/backend/gunzip.h"

#include <algorithm>
#include <limits>

namespace millrace::minidoris {

Gunzip::Gunzip(std::unique_ptr<BodyParser> next, RowBuilder* rows)
    : next_(std::move(next)), rows_(rows) {
  constexpr int kGzipOnly = 16;
  inflateInit2(&stream_, MAX_WBITS | kGzipOnly);
}

void Gunzip::Feed(std::string_view piece) {
  while (!piece.empty() && !rows_->failed()) {
    const size_t part = std::min<size_t>(piece.size(), std::numeric_limits<uInt>::max());
    FeedPart(piece.substr(0, part));
    piece.remove_prefix(part);
  }
}

void Gunzip::Finish() {
  if (inside_member_) {
    rows_->Fail("[INTERNAL_ERROR]decompress failed: unexpected end of gzip data");
  }
  next_->Finish();
}

void Gunzip::FeedPart(std::string_view part) {
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

}  // namespace millrace::minidoris
