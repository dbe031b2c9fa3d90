// Columns of bytes: as text, vectors, geometries.
#include "connectors/mysql/values/bytes_as.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "connectors/mysql/options.h"
#include "connectors/mysql/schema/column_text.h"
#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/values/cell_writer.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

Options With(const std::map<std::string, std::string>& texts) {
  return Options::FromTexts(OptionTable(), texts);
}

// What a column is read as; nothing if it cannot.
std::optional<Target> TargetOf(std::string_view column, const Type& declared,
                               const std::map<std::string, std::string>& texts = {}) {
  TableLayout described;
  described.columns.push_back(ParseServerColumn("c", column));
  const ServerTable table("d", "t", std::make_shared<const TableLayout>(std::move(described)));
  const Options options = With(texts);
  SourceRequest request;
  request.options = &options;
  request.schema.columns.push_back({"c", declared, ""});
  request.columns = {0};
  const Result<RowLayout> layout = MakeLayout(table, request);
  return layout.ok() ? std::optional(layout->targets[0]->target) : std::nullopt;
}

struct Shown {
  explicit Shown(Target target, BytesAs bytes_as = BytesAs::kBytes)
      : column{0, target, Type::String(), "d.t.c", bytes_as, nullptr} {
    writer.set_arena(&arena);
  }
  std::string Text() {
    if (!writer.status().ok()) return writer.status().message();
    std::string text;
    AppendCell(&text, cell);
    return text;
  }
  std::string Bytes(std::string_view bytes) {
    writer.Bytes(column, bytes, &cell);
    return Text();
  }
  std::string Bit(std::string_view bytes, int64_t bits) {
    writer.Bit(column, bytes, bits, &cell);
    return Text();
  }

  Arena arena;
  CellWriter writer{TimeZone()};
  TargetColumn column;
  Cell cell = Cell::Null();
};

const std::string kFloats("\0\0\x80\x3f\0\0\x80\xbe", 8);  // 1, -0.25

TEST_CASE("the option, and Debezium's name for it") {
  CHECK(ReadBytesAs(nullptr) == BytesAs::kBytes);
  const auto read = [](const std::map<std::string, std::string>& texts) {
    const Options options = With(texts);
    return ReadBytesAs(&options);
  };
  CHECK(read({}) == BytesAs::kBytes);
  CHECK(read({{"bytes-as", "TEXT"}}) == BytesAs::kText);
  CHECK(read({{"bytes-as", "hex"}}) == BytesAs::kHex);
  CHECK(read({{"bytes-as", "base64"}}) == BytesAs::kBase64);
  CHECK(read({{"debezium.binary.handling.mode", "bytes"}}) == BytesAs::kBytes);
  CHECK(read({{"debezium.binary.handling.mode", "hex"}}) == BytesAs::kSmallHex);
  CHECK(read({{"debezium.binary.handling.mode", "Base64"}}) == BytesAs::kBase64);
}

TEST_CASE("columns of bytes are text only where the user asks for it") {
  const Type bytes = Type::Of(TypeKind::kVarBinary);
  for (const char* const column : {"binary(4)", "varbinary(4)", "tinyblob", "longblob"}) {
    CHECK_FALSE(TargetOf(column, Type::String()));
    CHECK(TargetOf(column, Type::String(), {{"bytes-as", "hex"}}) == Target::kBytesAsText);
    CHECK(TargetOf(column, bytes, {{"bytes-as", "hex"}}) == Target::kBytes);
  }
  CHECK(TargetOf("bit(8)", Type::String()) == Target::kText);
  CHECK(TargetOf("bit(8)", Type::String(), {{"bytes-as", "base64"}}) == Target::kBytesAsText);
  CHECK(TargetOf("bit(1)", Type::Of(TypeKind::kBoolean), {{"bytes-as", "hex"}}) ==
        Target::kBoolean);
  CHECK(TargetOf("varchar(4)", Type::String(), {{"bytes-as", "hex"}}) == Target::kText);
}

TEST_CASE("geometries and vectors") {
  const Type bytes = Type::Of(TypeKind::kVarBinary);
  CHECK(TargetOf("point", Type::String(), {{"bytes-as", "hex"}}) == Target::kGeoJson);
  CHECK(TargetOf("geometry", bytes) == Target::kWkb);
  CHECK(TargetOf("vector(2)", Type::String(), {{"bytes-as", "hex"}}) == Target::kVectorText);
  CHECK(TargetOf("vector(2)", bytes) == Target::kBytes);
  CHECK(TargetOf("vector(2)", Type::Array(Type::Of(TypeKind::kFloat))) == Target::kVector);
  CHECK_FALSE(TargetOf("vector(2)", Type::Array(Type::String())));
  CHECK_FALSE(TargetOf("blob", Type::Array(Type::Of(TypeKind::kFloat))));
  CHECK(Shown(Target::kVectorText).Bytes(kFloats) == "[1.00000e+00,-2.50000e-01]");
  CHECK(Shown(Target::kVectorText).Bytes("") == "[]");
  CHECK(Shown(Target::kVector).Bytes(kFloats) == "[1.0, -0.25]");
  CHECK(Shown(Target::kVector).Bytes(kFloats.substr(1)).find("(malformed)") != std::string::npos);
  CHECK(Shown(Target::kGeoJson).Bytes("x").find("(malformed)") != std::string::npos);
  CHECK(Shown(Target::kWkb).Bytes("x").find("(malformed)") != std::string::npos);
}

TEST_CASE("bytes as text") {
  const std::string bytes("\0\xab\x10", 3);
  CHECK(Shown(Target::kBytesAsText, BytesAs::kHex).Bytes(bytes) == "00AB10");
  CHECK(Shown(Target::kBytesAsText, BytesAs::kSmallHex).Bytes(bytes) == "00ab10");
  CHECK(Shown(Target::kBytesAsText, BytesAs::kBase64).Bytes(bytes) == "AKsQ");
  CHECK(Shown(Target::kBytesAsText, BytesAs::kText).Bytes("é") == "é");
  CHECK(Shown(Target::kBytesAsText, BytesAs::kText).Bytes(bytes) ==
        "value x'00ab10' of column d.t.c is not UTF-8; set 'bytes-as' to 'hex' or 'base64', or "
        "declare the column as BYTES");
}

TEST_CASE("the bytes of a BIT are its lowest bits first, under every form") {
  CHECK(Shown(Target::kBytesAsText, BytesAs::kHex).Bit("\x01\x02", 16) == "0201");
  CHECK(Shown(Target::kText).Bit("\x01\x02", 16) == "258");
}

}  // namespace
}  // namespace millrace::mysql
