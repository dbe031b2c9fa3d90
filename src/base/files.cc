#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace millrace {
namespace {

// What jobs remember is nobody else's business.
constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

Status Failure(std::string_view what, const std::string& path, int error) {
  std::string hint;
  if (error == ENOSPC) hint = "; free some space on that file system";
  if (error == EACCES || error == EPERM || error == EROFS)
    hint = "; check the rights on the folder";
  return Status::Permanent(
      fmt::format("{} \"{}\" failed: {}{}", what, path, std::strerror(error), hint));
}

// A file descriptor that closes itself.
class Descriptor final {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

class HeldLock final : public FileLock {
 public:
  explicit HeldLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;  // closing it releases the lock
};

Status WriteAll(int fd, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return Failure("writing", path, errno);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  if (::fsync(fd) != 0) return Failure("syncing", path, errno);
  return Status::Ok();
}

class MachineFiles final : public Files {
 public:
  Result<std::string> Read(const std::string& path) override {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return Failure("opening", path, errno);
    std::string content;
    char block[64 * 1024];
    for (;;) {
      const ssize_t count = ::read(file.get(), block, sizeof block);
      if (count == 0) return content;
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Failure("reading", path, errno);
      content.append(block, static_cast<size_t>(count));
    }
  }

  Status WriteAtomically(const std::string& path, std::string_view content) override {
    const std::filesystem::path target(path);
    MR_RETURN_IF_ERROR(MakeFolder(target.parent_path()));
    const std::string temporary = path + ".tmp";
    Status status = WriteSynced(temporary, content);
    if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) {
      status = Failure("renaming", temporary, errno);
    }
    if (!status.ok()) {
      ::unlink(temporary.c_str());
      return status;
    }
    return SyncFolder(target.parent_path());
  }

  Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Failure("removing", path, errno);
    return Status::Ok();
  }

  Result<std::vector<std::string>> List(const std::string& folder) override {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error == std::errc::no_such_file_or_directory) return names;
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
      names.push_back(entries->path().filename().string());
    }
    if (error) return Failure("listing", folder, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    MR_RETURN_IF_ERROR(MakeFolder(std::filesystem::path(path).parent_path()));
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
    if (!file.valid()) return Failure("opening", path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return Failure("locking", path, errno);
      char holder[32] = {};
      const ssize_t count = ::read(file.get(), holder, sizeof holder - 1);
      std::string process(holder, static_cast<size_t>(std::max<ssize_t>(count, 0)));
      while (!process.empty() && process.back() == '\n') process.pop_back();
      return Status::Transient(fmt::format("\"{}\" is held by process {}", path,
                                           process.empty() ? "(unknown)" : process));
    }
    const std::string owner = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0) return Failure("writing", path, errno);
    MR_RETURN_IF_ERROR(WriteAll(file.get(), path, owner));
    return std::unique_ptr<FileLock>(std::make_unique<HeldLock>(std::move(file)));
  }

 private:
  static Status WriteSynced(const std::string& path, std::string_view content) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
    if (!file.valid()) return Failure("creating", path, errno);
    return WriteAll(file.get(), path, content);
  }

  // Makes a folder and its parents; what was made is synced into its parent.
  static Status MakeFolder(const std::filesystem::path& folder) {
    if (folder.empty()) return Status::Ok();
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return Status::Ok();
    MR_RETURN_IF_ERROR(MakeFolder(folder.parent_path()));
    if (::mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
      return Failure("making the folder", folder.string(), errno);
    }
    return SyncFolder(folder.parent_path());
  }

  static Status SyncFolder(const std::filesystem::path& folder) {
    const std::string path = folder.empty() ? "." : folder.string();
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor.valid()) return Failure("opening the folder", path, errno);
    if (::fsync(descriptor.get()) != 0) return Failure("syncing the folder", path, errno);
    return Status::Ok();
  }
};

}  // namespace

Files& SystemFiles() {
  static MachineFiles files;
  return files;
}

}  // namespace millrace
