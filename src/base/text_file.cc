#include "base/text_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/quote.h"

namespace millrace {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kFileScheme = "file://";
constexpr mode_t kOwnerOnly = 0600;

}  // namespace

Result<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  struct stat about {};
  const bool is_folder = ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
  if (!file || is_folder) {
    return Status::Permanent(fmt::format("file {} cannot be read: {}", Quoted(path),
                                         std::strerror(is_folder ? EISDIR : errno)));
  }
  return ReadText(file);
}

std::string ReadText(std::istream& in) {
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

std::string PathOf(std::string_view address) {
  if (address.starts_with(kFileScheme)) address.remove_prefix(kFileScheme.size());
  return std::string(address);
}

bool FileExists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Status WritePrivateFile(const std::string& path, std::string_view content) {
  const auto failure = [&] {
    return Status::Permanent(
        fmt::format("file {} cannot be written: {}", Quoted(path), std::strerror(errno)));
  };
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly);
  if (fd < 0) return failure();
  ::fchmod(fd, kOwnerOnly);  // also where the file was there before
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      Status status = failure();
      ::close(fd);
      return status;
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  return ::close(fd) == 0 ? Status::Ok() : failure();
}

}  // namespace millrace
