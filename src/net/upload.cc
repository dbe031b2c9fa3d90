#include "net/upload.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstring>

#include "base/clock.h"
#include "net/curl_handle.h"
#include "net/url.h"

namespace millrace {
namespace {

// libcurl's own buffer; large, because every refill is a call and every flush a system call.
constexpr long kCurlBufferBytes = 1024 * 1024;
// Never send the body only because the permission is late: our own deadline ends the wait.
constexpr long kContinueNeverMs = 24L * 3600 * 1000;
constexpr int64_t kIdleLookMs = 500;  // how often an idle upload looks whether its peer is there

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
  Transfer(Upload* upload, std::string url)
      : upload_(*upload), url_(std::move(url)), curl_(MakeCurlHandle()) {}

  Result<HttpAnswer> Perform();
  bool body_wanted() const { return body_wanted_; }

 private:
  static size_t Read(char* out, size_t size, size_t count, void* self) {
    return static_cast<Transfer*>(self)->Fill(out, size * count);
  }
  static int Watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transfer*>(self)->OverDue() ? 1 : 0;
  }
  static int Rewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_CANTSEEK; }

  size_t Fill(char* out, size_t room);
  bool OverDue();

  Upload& upload_;
  const std::string url_;
  CurlHandle curl_;
  UploadBuffer current_;
  size_t at_ = 0;  // of current_
  bool body_wanted_ = false;
  int64_t deadline_ms_ = 0;
  std::string complaint_;  // why we ended it
};

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
    std::optional<UploadBuffer> next = upload_.filled_.Pop(kIdleLookMs);
    if (upload_.aborted_) return CURL_READFUNC_ABORT;
    if (next) {
      current_ = std::move(*next);
    } else if (upload_.filled_.closed()) {
      // Nothing can come between closing and this look, the closer is the only one who pushes.
      next = upload_.filled_.Pop(0);
      if (!next) {
        deadline_ms_ = NowMs() + upload_.request_.verdict_timeout_ms;
        complaint_ = "no answer after the end of the body";
        return 0;
      }
      current_ = std::move(*next);
    } else if (PeerIsGone(curl_.get())) {
      complaint_ = "the server closed the connection during the load";
      return CURL_READFUNC_ABORT;
    }
  }
  const size_t length = std::min(room, current_.size - at_);
  std::memcpy(out, current_.bytes.get() + at_, length);
  at_ += length;
  deadline_ms_ = NowMs() + upload_.request_.stall_timeout_ms;
  complaint_ = "the server stopped taking the body";
  return length;
}

bool Upload::Transfer::OverDue() { return upload_.aborted_ || NowMs() > deadline_ms_; }

Result<HttpAnswer> Upload::Transfer::Perform() {
  CURL* curl = curl_.get();
  if (curl == nullptr) return Status::Permanent("libcurl does not work on this machine");
  HttpAnswer answer;
  char error[CURL_ERROR_SIZE];
  SetUpCurl(curl, upload_.settings_, url_, &answer, error);
  std::vector<std::string> lines = upload_.request_.headers;
  lines.emplace_back("Expect: 100-continue");
  lines.emplace_back("Transfer-Encoding: chunked");
  const CurlHeaders headers = MakeCurlHeaders(lines);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, kCurlBufferBytes);
  curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, kContinueNeverMs);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, Read);
  curl_easy_setopt(curl, CURLOPT_READDATA, this);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, Rewind);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, Watch);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  deadline_ms_ =
      NowMs() + upload_.settings_.connect_timeout_ms + upload_.settings_.answer_timeout_ms;
  complaint_ = "no answer to the request";
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  // A server that refuses in the middle of the body answers first and then cuts the connection: its
  // words are worth more than the broken pipe.
  if (code == CURLE_OK || (status >= 200 && !answer.body.empty() && !upload_.aborted_)) {
    return answer;
  }
  if (upload_.aborted_) return Status::Cancelled();
  if (code == CURLE_ABORTED_BY_CALLBACK) return CurlFailure(code, url_, complaint_.c_str());
  return CurlFailure(code, url_, error);
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
  std::string url = request_.url;
  for (int hop = 0; hop < kHttpHopsMax; ++hop) {
    Transfer transfer(this, url);
    MR_ASSIGN_OR_RETURN(HttpAnswer answer, transfer.Perform());
    if (!IsRedirect(answer.status)) return answer;
    const std::optional<Url> next = ParseUrl(answer.location);
    if (!next) {
      return Status::Transient(
          fmt::format("{}: redirected to nowhere ({})", url, RedactUrls(answer.location)));
    }
    if (transfer.body_wanted()) {
      return Status::Transient(fmt::format("{}: redirected in the middle of the body", url));
    }
    url = next->Text();
  }
  return Status::Transient(fmt::format("{}: more than {} redirects", request_.url, kHttpHopsMax));
}

void Upload::Run() {
  Result<HttpAnswer> result = RunHops();
  {
    std::lock_guard lock(mutex_);
    result_ = std::move(result);
  }
  filled_.Close();  // whoever waits for room need not
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
