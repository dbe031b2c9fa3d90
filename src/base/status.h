// What the world did. A Status is either ok or a code and a sentence. The code answers one question
// only: is trying again worth it? Everything else a reader needs stands in the message: the server,
// the table, the column, the position, and what to do. What the user wrote is never a Status; that
// is a Diagnostic (base/diagnostic.h).
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace millrace {

enum class StatusCode : unsigned char {
  kOk,
  kTransient,  // the peer or the network is the problem: the same call may succeed later
  kPermanent,  // the data, the rights or the configuration are the problem: trying again cannot
               // help
  kCancelled,  // somebody asked us to stop
};

class [[nodiscard]] Status final {
 public:
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  static Status Ok() { return Status(); }
  static Status Transient(std::string message) {
    return Status(StatusCode::kTransient, std::move(message));
  }
  static Status Permanent(std::string message) {
    return Status(StatusCode::kPermanent, std::move(message));
  }
  static Status Cancelled() { return Status(StatusCode::kCancelled, "stopped"); }

  bool ok() const { return code_ == StatusCode::kOk; }
  bool transient() const { return code_ == StatusCode::kTransient; }
  bool cancelled() const { return code_ == StatusCode::kCancelled; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // The same failure seen from one step further out: "context: message".
  Status Annotated(const std::string& context) const {
    return ok() ? *this : Status(code_, context + ": " + message_);
  }

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

// A value, or the Status that says why there is none (never an ok one).
template <typename T>
class [[nodiscard]] Result final {
 public:
  Result(T value) : state_(std::move(value)) {}        // NOLINT(google-explicit-constructor)
  Result(Status status) : state_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    assert(!std::get<Status>(state_).ok());
  }

  bool ok() const { return std::holds_alternative<T>(state_); }
  Status status() const { return ok() ? Status::Ok() : std::get<Status>(state_); }
  T& value() & { return std::get<T>(state_); }
  const T& value() const& { return std::get<T>(state_); }
  T&& value() && { return std::get<T>(std::move(state_)); }
  T* operator->() { return &std::get<T>(state_); }
  const T* operator->() const { return &std::get<T>(state_); }
  T& operator*() & { return std::get<T>(state_); }
  const T& operator*() const& { return std::get<T>(state_); }
  T&& operator*() && { return std::get<T>(std::move(state_)); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace millrace

// Leaves the calling function with the failure, if `expression` (a Status) is one.
#define MR_RETURN_IF_ERROR(expression)            \
  do {                                            \
    ::millrace::Status mr_status_ = (expression); \
    if (!mr_status_.ok()) [[unlikely]]            \
      return mr_status_;                          \
  } while (false)

#define MR_CONCAT_INNER_(a, b) a##b
#define MR_CONCAT_(a, b) MR_CONCAT_INNER_(a, b)
#define MR_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                            \
  if (!result.ok()) [[unlikely]]                         \
    return result.status();                              \
  target = std::move(result).value()

// `target = value of expression` (a Result), or leaves the calling function with its Status.
#define MR_ASSIGN_OR_RETURN(target, expression) \
  MR_ASSIGN_OR_RETURN_(MR_CONCAT_(mr_result_, __LINE__), target, expression)
