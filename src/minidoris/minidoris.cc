#include "minidoris/minidoris.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "http/listener.h"
#include "http/server.h"
#include "minidoris/backend/backend.h"
#include "minidoris/frontend/frontend.h"
#include "minidoris/frontend/instance.h"
#include "minidoris/query/query_server.h"

namespace millrace::minidoris {
namespace {

// A load may be quiet for as long as its client has no rows; the timeout of its transaction ends
// it sooner than this does.
constexpr unsigned kIdleTimeoutSeconds = 86'400;
constexpr unsigned kConnectionsMax = 4096;
constexpr int64_t kFrontendBodyBytesMax = 1 << 20;  // the frontend redirects loads unread

struct Port {
  std::string_view role;
  std::string_view option;
  uint16_t number;
};

Result<http::Listener> TakePort(const std::string& host, const Port& port) {
  Result<http::Listener> listener = http::Listener::Open(host, port.number);
  if (listener.ok()) return listener;
  const Status& status = listener.status();
  return Status(status.code(),
                fmt::format("{}: {}; stop that process or choose another port with {} (0: any)",
                            port.role, status.message(), port.option));
}

http::ServerOptions OptionsOf(const char* thread_name, int64_t body_bytes_max) {
  http::ServerOptions options;
  options.thread_name = thread_name;
  options.connections_max = kConnectionsMax;
  options.body_bytes_max = body_bytes_max;
  options.idle_timeout_s = kIdleTimeoutSeconds;
  return options;
}

}  // namespace

// In the order they are made; destroyed in the opposite one, listeners first.
struct Minidoris::Parts {
  explicit Parts(Clock* clock) : faults(clock) {}

  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Store> store;
  std::unique_ptr<TransactionManager> transactions;
  FaultBoard faults;
  LoadTotals totals;
  Instance instance;
  Frontend frontend{&instance};
  Backend backend{&instance};
  std::unique_ptr<http::Server> frontend_http;
  std::unique_ptr<http::Server> backend_http;
  std::unique_ptr<QueryServer> query;

  Status Listen(const MinidorisOptions& options);
};

Minidoris::Minidoris(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Minidoris::~Minidoris() { parts_->instance.stopping = true; }

uint16_t Minidoris::http_port() const { return parts_->instance.http_port; }
uint16_t Minidoris::be_http_port() const { return parts_->instance.be_http_port; }
uint16_t Minidoris::query_port() const { return parts_->instance.query_port; }

Result<std::unique_ptr<Minidoris>> Minidoris::Start(const MinidorisOptions& options, Clock* clock) {
  auto parts = std::make_unique<Parts>(clock);
  TransactionRules rules;
  rules.precommit_timeout_ms = options.precommit_timeout_ms;
  rules.label_keep_ms = options.label_keep_ms;
  rules.publish_delay_ms = options.publish_delay_ms;
  rules.running_max = options.running_max;
  std::error_code error;
  std::filesystem::create_directories(options.data_folder, error);
  if (error) {
    return Status::Permanent("cannot create folder " + options.data_folder + ": " +
                             error.message());
  }
  // Two processes over one folder would each keep half of the transactions in memory.
  MR_ASSIGN_OR_RETURN(parts->lock, SystemFiles().Lock(options.data_folder + "/lock"));
  MR_ASSIGN_OR_RETURN(parts->store, Store::Open(options.data_folder));
  MR_ASSIGN_OR_RETURN(parts->transactions,
                      TransactionManager::Open(parts->store.get(), clock, rules));
  Instance& instance = parts->instance;
  instance.store = parts->store.get();
  instance.transactions = parts->transactions.get();
  instance.faults = &parts->faults;
  instance.clock = clock;
  instance.totals = &parts->totals;
  instance.folder = options.data_folder;
  instance.host = options.host;
  instance.discard = options.discard;
  instance.disable_two_phase = options.disable_two_phase;
  instance.rules = rules;
  instance.load_bytes_max = options.load_bytes_max;
  MR_RETURN_IF_ERROR(parts->Listen(options));
  return std::unique_ptr<Minidoris>(new Minidoris(std::move(parts)));
}

// All ports are open before the first request is answered, because the answers name them.
Status Minidoris::Parts::Listen(const MinidorisOptions& options) {
  const std::string& host = options.host;
  MR_ASSIGN_OR_RETURN(http::Listener fe,
                      TakePort(host, {"frontend", "--http-port", options.http_port}));
  MR_ASSIGN_OR_RETURN(http::Listener be,
                      TakePort(host, {"backend", "--be-http-port", options.be_http_port}));
  MR_ASSIGN_OR_RETURN(http::Listener mysql,
                      TakePort(host, {"query port", "--query-port", options.query_port}));
  instance.http_port = fe.port();
  instance.be_http_port = be.port();
  instance.query_port = mysql.port();
  MR_ASSIGN_OR_RETURN(
      backend_http,
      http::Server::Start(std::move(be), &backend, OptionsOf("backend", options.load_bytes_max)));
  MR_ASSIGN_OR_RETURN(query, QueryServer::Start(std::move(mysql), &instance));
  MR_ASSIGN_OR_RETURN(
      frontend_http,
      http::Server::Start(std::move(fe), &frontend, OptionsOf("frontend", kFrontendBodyBytesMax)));
  return Status::Ok();
}

}  // namespace millrace::minidoris
