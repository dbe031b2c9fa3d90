// What the listeners of one minidoris share, and the small things all of them do.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "minidoris/frontend/faults.h"
#include "minidoris/frontend/transactions.h"
#include "minidoris/store/store.h"

namespace millrace::minidoris {

struct LoadTotals {  // since the start of the process
  std::atomic<int64_t> loads = 0;
  std::atomic<int64_t> rows = 0;
  std::atomic<int64_t> bytes = 0;
};

// All pointers outlive the listeners.
struct Instance {
  Store* store = nullptr;
  TransactionManager* transactions = nullptr;
  FaultBoard* faults = nullptr;
  Clock* clock = nullptr;
  LoadTotals* totals = nullptr;
  std::string folder;
  std::string host;
  uint16_t http_port = 0;
  uint16_t be_http_port = 0;
  uint16_t query_port = 0;
  std::atomic<bool> stopping = false;
  bool discard = false;
  bool disable_two_phase = false;  // disable_stream_load_2pc
  TransactionRules rules;
  int64_t load_bytes_max = int64_t{10240} << 20;        // streaming_load_max_mb
  int64_t json_bytes_max = int64_t{100} << 20;          // streaming_load_json_max_mb
  int64_t default_timeout_ms = int64_t{259200} * 1000;  // stream_load_default_timeout_second
};

// Of the Authorization header. Doris also accepts user@cluster; the cluster has no meaning.
std::optional<http::Credentials> CredentialsOf(const http::Request& request);
// root and admin, both with an empty password.
bool IsKnownUser(const http::Credentials& credentials);
// "Access denied for user 'x' (using password: YES)"
std::string AccessDenied(const http::Credentials& credentials);

// Injects the fault that is set for fe, be or all into a request: waits as long as it says and
// returns the response that replaces the real one; nothing if the request continues.
std::optional<http::Response> InjectFault(Instance* instance, std::string_view at);
// Waits, but not while the instance is stopping.
void Wait(Instance* instance, int64_t delay_ms);

}  // namespace millrace::minidoris
