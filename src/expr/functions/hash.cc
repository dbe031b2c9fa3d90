// Hashes; of strings by their UTF-8 bytes.
#include <fmt/core.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/encode.h"
#include "base/units.h"
#include "base/utf8.h"
#include "expr/functions/resolve.h"

namespace millrace {
namespace {

// OpenSSL's context of one algorithm, made once and used for every row.
struct Digester final : FunctionState {
  struct FreeAlgorithm {
    void operator()(EVP_MD* freed) const { EVP_MD_free(freed); }
  };
  struct FreeContext {
    void operator()(EVP_MD_CTX* freed) const { EVP_MD_CTX_free(freed); }
  };
  const char* name = nullptr;
  std::unique_ptr<EVP_MD, FreeAlgorithm> algorithm;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

// `name` is one of the literals below.
Status Digest(const FunctionCall& call, const char* name, Cell* out) {
  auto& digester = call.Keep<Digester>();
  if (digester.name != name) {
    digester.algorithm.reset(EVP_MD_fetch(nullptr, name, nullptr));
    digester.name = name;
  }
  const std::string_view text = call.Text(0);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_MD_CTX* const context = digester.context.get();
  const bool done = digester.algorithm != nullptr && context != nullptr &&
                    EVP_DigestInit_ex2(context, digester.algorithm.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(context, digest.data(), &size) == 1;
  if (!done) return Status::Permanent("the hash is not available in this build of OpenSSL");
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), size);
  char* digits = call.arena->Allocate(2 * bytes.size());
  WriteHex(bytes, kHexDigits, digits);
  *out = Cell::Text({digits, 2 * bytes.size()});
  return Status::Ok();
}

constexpr char kMd5[] = "MD5";
constexpr char kSha1[] = "SHA1";
constexpr char kSha224[] = "SHA224";
constexpr char kSha256[] = "SHA256";
constexpr char kSha384[] = "SHA384";
constexpr char kSha512[] = "SHA512";

template <const char* algorithm>
Status HashWith(const FunctionCall& call, Cell* out) {
  return Digest(call, algorithm, out);
}

const char* Sha2Algorithm(int64_t bits) {
  switch (bits) {
    case 224:
      return kSha224;
    case 256:
      return kSha256;
    case 384:
      return kSha384;
    case 512:
      return kSha512;
    default:
      return nullptr;
  }
}

Status Sha2(const FunctionCall& call, Cell* out) {
  const char* algorithm = Sha2Algorithm(call.Integer(1));
  if (algorithm == nullptr) {
    return Status::Permanent(
        fmt::format("takes 224, 256, 384 or 512 bits, not {}", call.Integer(1)));
  }
  return Digest(call, algorithm, out);
}

// The hexadecimal digits of a hash.
template <uint32_t count>
const Type kDigits{TypeKind::kChar, true, count};
const Type kSha2Type{TypeKind::kVarChar, true, 128};

Resolution Sha2Type(Arguments arguments) {
  const auto bits = arguments[1].constant;
  if (bits && Sha2Algorithm(ParseInteger(*bits).value_or(0)) == nullptr) {
    return RejectValue(1, "takes 224, 256, 384 or 512 bits");
  }
  return Returns(kSha2Type, AnyNullable(arguments));
}

// The hash of java.lang.String, over UTF-16, without its sign.
Status HashCode(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  uint32_t hash = 0;
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    uint32_t code = CodePointOrByte(text, at, &length);
    if (code >= 0x10000) {
      hash = 31 * hash + HighSurrogateOf(code);
      code = LowSurrogateOf(code);
    }
    hash = 31 * hash + code;
  }
  const auto value = static_cast<int32_t>(hash);
  *out = Cell::Int(static_cast<int32_t>(value < 0 ? 0 - hash : hash));
  return Status::Ok();
}

constexpr Function kFunctions[] = {
    {"MD5", "MD5(STRING) -> STRING", 1, 1, "s", Returns<kDigits<32>>, Op::kCall, HashWith<kMd5>,
     "MD5 as 32 lower-case hexadecimal digits."},
    {"SHA1", "SHA1(STRING) -> STRING", 1, 1, "s", Returns<kDigits<40>>, Op::kCall, HashWith<kSha1>,
     "SHA-1 as 40 lower-case hexadecimal digits."},
    {"SHA224", "SHA224(STRING) -> STRING", 1, 1, "s", Returns<kDigits<56>>, Op::kCall,
     HashWith<kSha224>, "SHA-224 as 56 lower-case hexadecimal digits."},
    {"SHA256", "SHA256(STRING) -> STRING", 1, 1, "s", Returns<kDigits<64>>, Op::kCall,
     HashWith<kSha256>, "SHA-256 as 64 lower-case hexadecimal digits."},
    {"SHA384", "SHA384(STRING) -> STRING", 1, 1, "s", Returns<kDigits<96>>, Op::kCall,
     HashWith<kSha384>, "SHA-384 as 96 lower-case hexadecimal digits."},
    {"SHA512", "SHA512(STRING) -> STRING", 1, 1, "s", Returns<kDigits<128>>, Op::kCall,
     HashWith<kSha512>, "SHA-512 as 128 lower-case hexadecimal digits."},
    {"SHA2", "SHA2(STRING, INT) -> STRING", 2, 2, "si", Sha2Type, Op::kCall, Sha2,
     "SHA-2 with 224, 256, 384 or 512 bits, in lower-case hexadecimal digits."},
    {"HASH_CODE", "HASH_CODE(STRING) -> INT", 1, 1, "t", Returns<kIntType>, Op::kCall, HashCode,
     "The absolute value of the hash code of Java's String."},
};

}  // namespace

std::span<const Function> HashFunctions() { return kFunctions; }

}  // namespace millrace
