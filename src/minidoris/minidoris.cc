#include "minidoris/minidoris.h"

#include <filesystem>

#include "base/files.h"
#include "minidoris/backend/backend.h"
#include "minidoris/frontend/frontend.h"
#include "minidoris/frontend/query_server.h"
#include "minidoris/service.h"

namespace millrace::minidoris {

// In the order they are made; destroyed in the opposite one, listeners first.
struct Minidoris::Parts {
  explicit Parts(Clock* clock) : faults(clock) {}

  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Store> store;
  std::unique_ptr<TransactionManager> transactions;
  FaultBoard faults;
  LoadTotals totals;
  Service service;
  Frontend frontend{&service};
  Backend backend{&service};
  std::unique_ptr<HttpServer> frontend_http;
  std::unique_ptr<HttpServer> backend_http;
  std::unique_ptr<QueryServer> query;
};

Minidoris::Minidoris(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Minidoris::~Minidoris() { parts_->service.stopping = true; }

uint16_t Minidoris::http_port() const { return parts_->service.http_port; }
uint16_t Minidoris::be_http_port() const { return parts_->service.be_http_port; }
uint16_t Minidoris::query_port() const { return parts_->service.query_port; }

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
    return Status::Permanent("cannot make folder " + options.data_folder + ": " + error.message());
  }
  // Two processes over one folder would each keep half of the transactions in memory.
  MR_ASSIGN_OR_RETURN(parts->lock, SystemFiles().Lock(options.data_folder + "/lock"));
  MR_ASSIGN_OR_RETURN(parts->store, Store::Open(options.data_folder));
  MR_ASSIGN_OR_RETURN(parts->transactions,
                      TransactionManager::Open(parts->store.get(), clock, rules));
  Service& service = parts->service;
  service.store = parts->store.get();
  service.transactions = parts->transactions.get();
  service.faults = &parts->faults;
  service.clock = clock;
  service.totals = &parts->totals;
  service.folder = options.data_folder;
  service.host = options.host;
  service.discard = options.discard;
  service.disable_two_phase = options.disable_two_phase;
  service.rules = rules;
  service.load_bytes_max = options.load_bytes_max;
  // The backend first: the frontend names its port.
  MR_ASSIGN_OR_RETURN(parts->backend_http,
                      HttpServer::Start(options.host, options.be_http_port, &parts->backend));
  service.be_http_port = parts->backend_http->port();
  MR_ASSIGN_OR_RETURN(parts->query, QueryServer::Start(options.host, options.query_port, &service));
  service.query_port = parts->query->port();
  MR_ASSIGN_OR_RETURN(parts->frontend_http,
                      HttpServer::Start(options.host, options.http_port, &parts->frontend));
  service.http_port = parts->frontend_http->port();
  return std::unique_ptr<Minidoris>(new Minidoris(std::move(parts)));
}

}  // namespace millrace::minidoris
