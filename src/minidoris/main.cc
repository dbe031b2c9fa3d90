// minidoris as a program. One line on standard output says that it listens; it runs until SIGINT or
// SIGTERM.
#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "base/thread.h"
#include "http/listener.h"
#include "minidoris/minidoris.h"

namespace {

namespace options = boost::program_options;

constexpr int kWrongUsage = 2;
constexpr int kFailed = 3;
constexpr int64_t kMsPerSecond = 1000;

int Serve(const millrace::minidoris::MinidorisOptions& wanted) {
  // Blocked before any thread starts, so that only sigwait below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const auto server = millrace::minidoris::Minidoris::Start(wanted);
  if (!server.ok()) {
    fmt::print(stderr, "minidoris: {}\n", server.status().message());
    return kFailed;
  }
  if (!millrace::http::IsLoopback(wanted.host)) {
    fmt::print(
        stderr,
        "minidoris: warning: {} can be reached from the network, where anybody can log in as "
        "root without a password, change tables and inject faults\n",
        wanted.host);
  }
  const auto& running = *server.value();
  fmt::print("minidoris ready http={0}:{1} be={0}:{2} query={0}:{3}\n", wanted.host,
             running.http_port(), running.be_http_port(), running.query_port());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  millrace::minidoris::MinidorisOptions wanted;
  int64_t precommit_timeout_s = wanted.precommit_timeout_ms / kMsPerSecond;
  int64_t label_keep_s = wanted.label_keep_ms / kMsPerSecond;
  options::options_description description(
      "minidoris: a stand-in for one Doris frontend plus one backend\n\n"
      "usage: minidoris --data DIR [options]");
  // clang-format off
  description.add_options()
      ("data", options::value(&wanted.data_folder)->required(), "folder of the data; made if missing")
      ("host", options::value(&wanted.host)->default_value(wanted.host),
       "IPv4 address to listen on; anybody who reaches it is root")
      ("http-port", options::value(&wanted.http_port)->default_value(wanted.http_port),
       "HTTP port of the frontend (0: any free port; also for the other two)")
      ("be-http-port", options::value(&wanted.be_http_port)->default_value(wanted.be_http_port),
       "HTTP port of the backend")
      ("query-port", options::value(&wanted.query_port)->default_value(wanted.query_port),
       "port for MySQL clients")
      ("discard", options::bool_switch(&wanted.discard), "count rows, store none")
      ("disable-stream-load-2pc", options::bool_switch(&wanted.disable_two_phase),
       "refuse two-phase loads, the default of backends before Doris 1.2")
      ("precommit-timeout",
       options::value(&precommit_timeout_s)->default_value(precommit_timeout_s),
       "seconds after which a PRECOMMITTED transaction is aborted")
      ("label-keep", options::value(&label_keep_s)->default_value(label_keep_s),
       "seconds for which labels of finished loads are remembered")
      ("publish-delay-ms",
       options::value(&wanted.publish_delay_ms)->default_value(wanted.publish_delay_ms),
       "milliseconds from COMMITTED to VISIBLE")
      ("version,V", "print the version")
      ("help,h", "print this help");
  // clang-format on
  try {
    options::variables_map given;
    options::store(options::parse_command_line(argc, argv, description), given);
    if (given.contains("help")) {
      std::cout << description << "\n";
      return 0;
    }
    if (given.contains("version")) {
      fmt::print("minidoris {}\n", MILLRACE_VERSION);
      return 0;
    }
    options::notify(given);
  } catch (const options::error& error) {
    fmt::print(stderr, "minidoris: {}\ntry: minidoris --help\n", error.what());
    return kWrongUsage;
  }
  wanted.precommit_timeout_ms = precommit_timeout_s * kMsPerSecond;
  wanted.label_keep_ms = label_keep_s * kMsPerSecond;
  int status = kFailed;
  const millrace::Status done = millrace::CatchExceptions([&] {
    status = Serve(wanted);
    return millrace::Status::Ok();
  });
  if (!done.ok()) fmt::print(stderr, "minidoris: {}\n", done.message());
  return status;
}
