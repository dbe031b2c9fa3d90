// A stand-in for one Doris frontend plus one backend, in this process: an HTTP port for each and a
// MySQL query port, over one folder of data. For trying Millrace and for tests. What it does and
// does not do is in docs/minidoris.md.
//
// Each folder may use those to its right:
//
//   (this one) -> query -> backend -> frontend -> store -> table
//
//   table      what a Doris table is: columns, CREATE TABLE, values from text, rows as bytes
//   store      what survives a restart: catalog, rows, transactions, in SQLite
//   frontend   transactions and labels, faults, the frontend's HTTP port
//   backend    bodies of loads to rows, the backend's HTTP port; asks the frontend for transactions
//   query      the MySQL port: protocol, statements; an INSERT is a load
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/status.h"

namespace millrace::minidoris {

struct MinidorisOptions {
  std::string data_folder;
  std::string host = "127.0.0.1";
  uint16_t http_port = 8030;  // 0: any free port, as for the others
  uint16_t be_http_port = 8040;
  uint16_t query_port = 9030;
  bool discard = false;            // count rows, keep none
  bool disable_two_phase = false;  // as disable_stream_load_2pc = true in be.conf
  int64_t precommit_timeout_ms = 3'600'000;
  int64_t label_keep_ms = 43'200'000;
  int64_t publish_delay_ms = 0;
  int64_t running_max = 10'000;  // transactions per database
  int64_t load_bytes_max = int64_t{10240} << 20;
};

class Minidoris final {
 public:
  // Listens when it returns. A port that another process listens on is an error that names it. The
  // clock must outlive it.
  static Result<std::unique_ptr<Minidoris>> Start(const MinidorisOptions& options,
                                                  Clock* clock = &SystemClock());
  ~Minidoris();  // stops listening, cuts connections, leaves the data in order

  uint16_t http_port() const;
  uint16_t be_http_port() const;
  uint16_t query_port() const;

 private:
  struct Parts;
  explicit Minidoris(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace millrace::minidoris
