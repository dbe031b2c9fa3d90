// gzip bodies.
#pragma once

#include <zlib.h>

#include <array>
#include <memory>
#include <string_view>

#include "minidoris/backend/body_parser.h"

namespace millrace::minidoris {

// Decompresses for another parser. Members may follow each other; a body that ends inside one, or
// is not gzip, fails the load.
class Gunzip final : public BodyParser {
 public:
  // `rows` must outlive it.
  Gunzip(std::unique_ptr<BodyParser> next, RowBuilder* rows);
  ~Gunzip() override { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  void Feed(std::string_view piece) override;
  void Finish() override;

 private:
  void FeedPart(std::string_view part);

  const std::unique_ptr<BodyParser> next_;
  RowBuilder* const rows_;
  z_stream stream_ = {};
  bool inside_member_ = false;
  std::array<char, 256 << 10> buffer_;
};

}  // namespace millrace::minidoris
