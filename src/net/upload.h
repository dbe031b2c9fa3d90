// A streaming PUT: the body is not known in advance, it is pulled from a bounded queue of buffers
// by a thread of the upload's own, which speaks chunked HTTP. Not a byte of the body leaves before
// the server has answered "100 Continue"; a redirect met before that is followed with all headers,
// a final answer met before that ends the upload. One thread (the owner) uses the object; a stop
// (HttpSettings) ends every wait of both threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/queue.h"
#include "base/status.h"
#include "net/http_client.h"

namespace millrace {

struct UploadBuffer {
  std::unique_ptr<char[]> bytes;
  size_t capacity = 0;
  size_t size = 0;  // filled

  size_t room() const { return capacity - size; }
  char* end() { return bytes.get() + size; }
};

struct UploadRequest {
  std::string url;                   // without user-info
  std::vector<std::string> headers;  // "Name: value"; Expect and Transfer-Encoding are added
  size_t buffer_bytes = 512 * 1024;
  size_t buffers = 3;                    // full ones that may wait; more push back
  int64_t stall_timeout_ms = 300'000;    // the server takes nothing of the body for so long
  int64_t verdict_timeout_ms = 600'000;  // from the end of the body to the answer
};

class Upload final {
 public:
  Upload(UploadRequest request, HttpSettings settings);
  ~Upload();  // without Finish: cuts the connection
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  // Waits until the server has decided. True: it wants the body. False: it has answered already
  // (Finish returns the answer). A status if there is no answer.
  Result<bool> WaitForContinue();
  // An empty buffer to fill.
  UploadBuffer Take();
  // Hands over a filled buffer; waits while the queue is full. False: the upload has ended early,
  // Finish returns the reason.
  bool Send(UploadBuffer buffer);
  // The body is complete. Finish does it too; saying so early lets several uploads end together.
  void End() { filled_.Close(); }
  // Waits for the answer.
  Result<HttpAnswer> Finish();

 private:
  enum class Phase { kAsking, kSending, kDone };
  class Transfer;

  void Run();
  Result<HttpAnswer> RunHops();
  void EnterPhase(Phase phase);
  void Abort();

  const UploadRequest request_;
  const HttpSettings settings_;
  BoundedQueue<UploadBuffer> filled_;
  BoundedQueue<UploadBuffer> spare_;
  std::atomic<bool> aborted_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  Phase phase_ = Phase::kAsking;              // mutex_
  std::optional<Result<HttpAnswer>> result_;  // mutex_

  std::thread thread_;  // last: uses everything above
};

}  // namespace millrace
