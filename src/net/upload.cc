#include "net/upload.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstring>

#include "base/clock.h"
#include "base/thread.h"
#include "net/curl_handle.h"
#include "net/url.h"

namespace millrace {
namespace {

// libcurl's own buffer; large, because every refill is a call and every flush a system call.
constexpr long kCurlBufferBytes = 1024 * 1024;
// Never send the body only because the permission is late: our own deadline ends the wait.
constexpr long kContinueNeverMs = 24L * 3600 * 1000;

int64_t NowMs() { return SystemClock().NowMs(); }

// The other side has closed or reset the connection.
bool PeerIsGone(CURL* curl) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK) return false;
  if (socket == CURL_SOCKET_BAD) return false;
  pollfd entry{socket, POLLRDHUP, 0};
  return poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

// One hop: a PUT to one URL. Lives on the upload's thread.
class Upload::Transfer final {
 public:
  Transfer(Upload* upload, Url url)
      : upload_(*upload),
        url_(std::move(url)),
        text_(url_.Text()),
        multi_(MakeCurlMulti()),
        curl_(MakeCurlHandle()) {}

  Result<HttpAnswer> Perform();
  bool body_wanted() const { return body_wanted_; }

 private:
  static size_t Read(char* out, size_t size, size_t count, void* self) {
    return static_cast<Transfer*>(self)->Fill(out, size * count);
  }
  static int Rewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_CANTSEEK; }

  void SetUp(HttpAnswer* answer, char* error);
  size_t Fill(char* out, size_t room);
  // The next buffer to send; false at the end of the body and if the transfer is to be ended.
  bool NextBuffer(bool* at_end);
  // From now on the server owes us something. `failure` is the reason if it takes longer.
  void Await(int64_t timeout_ms, const char* failure);
  bool Interrupted();
  bool Cancelled() const { return upload_.aborted_ || IsStopped(upload_.settings_); }

  Upload& upload_;
  const Url url_;
  const std::string text_;
  CurlMulti multi_;  // before the handle: ends after it
  CurlHandle curl_;
  CurlHeaders headers_;
  UploadBuffer current_;
  size_t at_ = 0;  // of current_
  bool body_wanted_ = false;
  int64_t waiting_since_ms_ = 0;
  int64_t deadline_ms_ = 0;
  const char* failure_ = "";  // why we ended it
};

void Upload::Transfer::Await(int64_t timeout_ms, const char* failure) {
  waiting_since_ms_ = NowMs();
  deadline_ms_ = waiting_since_ms_ + timeout_ms;
  failure_ = failure;
}

bool Upload::Transfer::Interrupted() {
  const int64_t now_ms = NowMs();
  if (upload_.settings_.on_wait) {
    upload_.settings_.on_wait(url_.authority, now_ms - waiting_since_ms_);
  }
  return Cancelled() || now_ms > deadline_ms_;
}

bool Upload::Transfer::NextBuffer(bool* at_end) {
  for (;;) {
    std::optional<UploadBuffer> next = upload_.filled_.Pop(kInterruptMs);
    if (Cancelled()) return false;
    // Nothing can come between closing and this look: who closes is the only one who pushes.
    if (!next && upload_.filled_.closed()) {
      next = upload_.filled_.Pop(0);
      *at_end = !next;
      if (!next) return false;
    }
    if (next) {
      current_ = std::move(*next);
      at_ = 0;
      return true;
    }
    if (PeerIsGone(curl_.get())) {
      failure_ = "the server closed the connection during the load";
      return false;
    }
  }
}

size_t Upload::Transfer::Fill(char* out, size_t room) {
  if (!body_wanted_) {
    body_wanted_ = true;
    upload_.EnterPhase(Phase::kSending);
  }
  while (at_ == current_.size) {
    if (current_.bytes) {
      current_.size = 0;
      upload_.spare_.Push(std::move(current_));
      current_ = {};
    }
    at_ = 0;
    bool at_end = false;
    if (NextBuffer(&at_end)) continue;
    if (!at_end) return CURL_READFUNC_ABORT;
    Await(upload_.request_.verdict_timeout_ms, "no answer after the end of the body");
    return 0;
  }
  const size_t length = std::min(room, current_.size - at_);
  std::memcpy(out, current_.bytes.get() + at_, length);
  at_ += length;
  Await(upload_.request_.stall_timeout_ms, "the server stopped taking the body");
  return length;
}

void Upload::Transfer::SetUp(HttpAnswer* answer, char* error) {
  CURL* curl = curl_.get();
  SetUpCurl(curl, upload_.settings_, text_, answer, error);
  std::vector<std::string> lines = upload_.request_.headers;
  lines.emplace_back("Expect: 100-continue");
  lines.emplace_back("Transfer-Encoding: chunked");
  headers_ = MakeCurlHeaders(lines);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, kCurlBufferBytes);
  curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, kContinueNeverMs);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, Read);
  curl_easy_setopt(curl, CURLOPT_READDATA, this);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, Rewind);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

Result<HttpAnswer> Upload::Transfer::Perform() {
  if (curl_ == nullptr || multi_ == nullptr) return CurlUnusable();
  HttpAnswer answer;
  char error[CURL_ERROR_SIZE];
  SetUp(&answer, error);
  const HttpSettings& settings = upload_.settings_;
  Await(settings.connect_timeout_ms + settings.answer_timeout_ms, "no answer to the request");
  const CURLcode code = PerformCurl(multi_.get(), curl_.get(), [this] { return Interrupted(); });
  answer.status = HttpStatusOf(curl_.get());
  curl_.reset();  // it points to things that end with this call
  if (code == CURLE_OK) return answer;
  if (Cancelled()) return Status::Cancelled();
  // A server that refuses in the middle of the body answers first and then cuts the connection: its
  // words are worth more than the broken pipe.
  if (answer.status >= 200 && !answer.body.empty()) return answer;
  return CurlFailure(code, text_, code == CURLE_ABORTED_BY_CALLBACK ? failure_ : error);
}

Upload::Upload(UploadRequest request, HttpSettings settings)
    : request_(std::move(request)),
      settings_(std::move(settings)),
      filled_(request_.buffers),
      spare_(request_.buffers + 2),
      thread_([this] { Run(); }) {}

Upload::~Upload() {
  Abort();
  thread_.join();
}

void Upload::Abort() {
  aborted_ = true;
  filled_.Close();
}

void Upload::EnterPhase(Phase phase) {
  std::lock_guard lock(mutex_);
  phase_ = phase;
  changed_.notify_all();
}

Result<HttpAnswer> Upload::RunHops() {
  std::optional<Url> url = ParseUrl(request_.url);
  if (!url) return Status::Permanent("not an HTTP URL: " + RedactUrls(request_.url));
  for (int hop = 0; hop < kHttpHopsMax; ++hop) {
    Transfer transfer(this, *url);
    MR_ASSIGN_OR_RETURN(HttpAnswer answer, transfer.Perform());
    if (!IsRedirect(answer.status)) return answer;
    if (transfer.body_wanted()) {
      return Status::Transient(
          fmt::format("{}: redirected in the middle of the body", url->Text()));
    }
    MR_ASSIGN_OR_RETURN(url, FollowRedirect(*url, answer.location, settings_.redirects));
  }
  return TooManyRedirects(request_.url);
}

void Upload::Run() {
  NameThread("upload");
  const Status status = CatchExceptions([this] {
    Result<HttpAnswer> result = RunHops();
    std::lock_guard lock(mutex_);
    result_ = std::move(result);
    return Status::Ok();
  });
  if (!status.ok()) {
    std::lock_guard lock(mutex_);
    result_ = status;
  }
  filled_.Close();  // wakes an owner that waits for room
  EnterPhase(Phase::kDone);
}

Result<bool> Upload::WaitForContinue() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return phase_ != Phase::kAsking; });
  if (phase_ == Phase::kSending) return true;
  if (!result_->ok()) return result_->status();
  return false;
}

UploadBuffer Upload::Take() {
  if (std::optional<UploadBuffer> spare = spare_.Pop(0)) return std::move(*spare);
  UploadBuffer buffer;
  buffer.bytes = std::make_unique_for_overwrite<char[]>(request_.buffer_bytes);
  buffer.capacity = request_.buffer_bytes;
  return buffer;
}

bool Upload::Send(UploadBuffer buffer) {
  return buffer.size == 0 || filled_.Push(std::move(buffer));
}

Result<HttpAnswer> Upload::Finish() {
  filled_.Close();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return phase_ == Phase::kDone; });
  return *result_;
}

}  // namespace millrace
