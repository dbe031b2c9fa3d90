// The few things we do with files, through an interface so that a test can be the disk. Paths are
// absolute or relative to the working folder; text is bytes. Files and folders that are made are
// for their owner only (0600, 0700).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace millrace {

class FileLock {  // held as long as it lives
 public:
  virtual ~FileLock() = default;
};

class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::string> Read(const std::string& path) = 0;
  // Temporary file, write, fsync, rename, fsync of the folder: after an ok the new content is there
  // even if the machine dies; after an error the old content is. Makes the folder if it is missing.
  virtual Status WriteAtomically(const std::string& path, std::string_view content) = 0;
  virtual Status Remove(const std::string& path) = 0;                            // absent is ok
  virtual Result<std::vector<std::string>> List(const std::string& folder) = 0;  // names, sorted;
                                                                                 // absent is empty
  // An exclusive lock on `path` (made if missing), held by one process at a time. Transient error
  // naming the holder's process id if somebody else holds it; permanent if it cannot be made.
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
};

// The machine's disk. Lives for the whole process.
Files& SystemFiles();

}  // namespace millrace
