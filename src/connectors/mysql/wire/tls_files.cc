#include "connectors/mysql/wire/tls_files.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/files.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kPemMark = "-----BEGIN ";

struct File {
  std::string_view option;
  const std::string& path;
  std::string_view extract;  // what takes it out of a PKCS #12 file
};

Status Check(const File& file) {
  if (file.path.empty()) return Status::Ok();
  std::error_code error;
  if (file.option == "ssl.ca" && std::filesystem::is_directory(file.path, error))
    return Status::Ok();
  const Result<std::string> content = SystemFiles().Read(file.path);
  if (!content.ok()) {
    return Status::Permanent(
        fmt::format("the file of option '{}' cannot be read: {}; give the path of a PEM file on "
                    "the machine that runs Millrace",
                    file.option, content.status().message()));
  }
  if (content->find(kPemMark) != std::string::npos) return Status::Ok();
  return Status::Permanent(
      fmt::format("{}, the file of option '{}', is not a PEM file; a PKCS #12 file is converted by "
                  "`openssl pkcs12 -in FILE {}`",
                  file.path, file.option, file.extract));
}

}  // namespace

Status CheckTlsFiles(const Tls& tls) {
  MR_RETURN_IF_ERROR(Check({"ssl.ca", tls.ca, "-nokeys -out ca.pem"}));
  MR_RETURN_IF_ERROR(Check({"ssl.cert", tls.cert, "-clcerts -nokeys -out cert.pem"}));
  return Check({"ssl.key", tls.key, "-nocerts -noenc -out key.pem"});
}

std::string AuthoritiesOf(const Tls& tls) {
  if (!tls.ca.empty()) return tls.ca;
  for (const char* variable : {X509_get_default_cert_file_env(), X509_get_default_cert_dir_env()}) {
    const char* const path = std::getenv(variable);
    if (path != nullptr && *path != '\0') return path;
  }
  return X509_get_default_cert_dir();
}

}  // namespace millrace::mysql
