// The interface to other systems: one constant record per system, and the Source and the Sink that
// it opens. Both work on whole batches: one virtual call per batch. They are used by one thread,
// the engine's, which orders everything in a job and must not wait for a peer: connections are made
// and queries run in threads of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/log.h"
#include "base/status.h"
#include "base/stop_token.h"
#include "base/time_zone.h"
#include "connectors/options.h"
#include "row/batch.h"
#include "row/position.h"
#include "row/schema.h"

namespace millrace {

// What a connector gets from the world around it. Outlives everything opened with it.
struct Environment {
  Clock* clock = nullptr;
  Log* log = nullptr;
  // Once requested, every wait for a peer or for time to pass ends within about a second, with
  // Status::Cancelled(). Null only in tests.
  const StopToken* stop = nullptr;
};

enum class SourcePhase : uint8_t { kOpening, kSnapshot, kStreaming, kDone };
std::string_view ToString(SourcePhase phase);  // "opening", "snapshot", "streaming", "done"

// What somebody who looks at a running job wants to know.
struct SourceProgress {
  SourcePhase phase = SourcePhase::kOpening;
  std::string position;        // readable, one line
  int64_t tables = 0;          // captured
  int64_t tables_done = 0;     // snapshot finished
  int64_t rows_estimated = 0;  // of the whole snapshot; 0: unknown
  int64_t rows_read = 0;
  int64_t lag_ms = -1;     // age of the last event at the time it was read; -1: unknown
  int64_t lag_bytes = -1;  // to the end of the server's log; -1: unknown
};

// The metadata columns by which a source of many tables names the one a row comes from.
inline constexpr std::string_view kTableNameMetadata[] = {"database_name", "table_name"};
// Its option for rows that DDL takes from its tables; with 'delete' the target loses them too.
inline constexpr std::string_view kRemovedRowsOption = "ddl.removed-rows";

// What a source is asked for, of one table.
struct SourceRequest {
  std::string table;    // Flink name of the table, for messages
  uint32_t number = 0;  // among the tables that share the source; Batch::BeginRun
  const Options* options = nullptr;
  Schema schema;  // as declared
  std::vector<uint32_t>
      columns;          // needed columns: slot i of a row holds schema.columns[columns[i]]
  uint32_t stride = 0;  // cells of a row, >= columns.size(); the rest is not the source's
  int64_t limit = -1;   // rows that suffice; -1: all
  int parallelism = 1;  // connections a snapshot may use
  // The target keeps the last row per key by itself, so that events may be applied again over rows
  // that already contain them. False: every change must come exactly once.
  bool keyed_target = false;
  // The target deletes what a batch says that tables have lost (Batch::empties_tables). False: no
  // such batch may come.
  bool deleting_target = false;
  int64_t poll_wait_ms = 100;  // how long one Poll may wait for rows
};

// Reads one table, or several that share a reader. Where several are read, they are numbered as
// they were asked for, and so are the runs of a batch and its positions.
class Source {
 public:
  virtual ~Source() = default;
  // Begins at the position of each table (empty: where its options say). Called once, before the
  // first Poll. Waits for no peer: what cannot be opened there is an error of Poll.
  virtual Status Seek(std::span<const Position> positions) = 0;
  // The next rows, in the order in which they must be applied. Fills an empty batch of the
  // request's stride; waits at most poll_wait_ms; an empty batch is fine. Retries transient
  // failures of its peer itself, as long as they do not cost a row; a Transient status means that
  // the job should go on again from its latest checkpoint, a Permanent one that it should stop.
  virtual Status Poll(Batch* batch) = 0;
  // A checkpoint is due: come to a batch with a position soon, start nothing long before it.
  virtual void RequestPosition() {}
  // Everything up to here is durable on the other side; what is older may be forgotten.
  virtual void Acknowledge(std::span<const Position>) {}
  // Of one of its tables. Called a few times a second: waits for nothing but a short lock over a
  // small struct.
  virtual SourceProgress Progress(uint32_t) { return {}; }
};

// What a sink is asked to write.
struct SinkRequest {
  std::string table;  // Flink name of the table, for messages
  std::string job;    // name of the job; stable over restarts
  const Options* options = nullptr;
  Schema schema;                  // as declared
  std::vector<uint32_t> columns;  // written columns: indexes into schema.columns
  std::vector<uint32_t> slots;    // slot of the batch that holds columns[i]
  // Type of what is in slots[i]. Where it is a text type the cell may be of any kind and stands for
  // its text (row/print.h), so that CAST(x AS STRING) costs nothing.
  std::vector<Type> types;
  bool updates = false;       // rows other than +I may come
  bool deletes_rows = false;  // DeleteRows may be called
  int parallelism = 1;        // loads a sink may have open at a time
  TimeZone zone;              // the session's, to show instants
  int64_t checkpoint_interval_ms = 0;
};

// A token names what Prepare made safe, in the sink's own readable JSON, without secrets. It must
// be enough for another process to Commit, or to find what is newer and roll it back.
class Sink {
 public:
  virtual ~Sink() = default;
  // Checks the other side (rights, table, columns, key). Nothing is written. Called once, first.
  virtual Status Open() = 0;
  // Called once after Open and before the first Write. `token` is that of the latest
  // checkpoint, or empty if there is none: finish its commit if need be, and roll back everything
  // newer that an earlier run of the same job left there.
  virtual Status Recover(std::string_view token) = 0;
  // Writes the given rows of the batch, in order. Keeps nothing that points into the batch.
  virtual Status Write(const Batch& batch, std::span<const uint32_t> rows) = 0;
  // Deletes, with the next Prepare and Commit, all visible rows that hold in the given columns
  // (indexes into SinkRequest::columns) what `row` of the batch holds there; returns their number.
  // Called between two checkpoints that have nothing else of these rows. Only if the request says
  // deletes_rows.
  virtual Result<int64_t> DeleteRows(const Batch& batch, uint32_t row,
                                     std::span<const uint32_t> columns);
  // Everything written so far becomes safe on the other side but not visible. An empty token means
  // that there was nothing. Checkpoint numbers rise, not always by one.
  virtual Result<std::string> Prepare(uint64_t checkpoint) = 0;
  // Makes it visible. Safe to repeat. Never called with a token that no checkpoint file holds.
  virtual Status Commit(std::string_view token) = 0;
};

// Something about a peer that a job should know before its first row.
struct Finding {
  Severity severity = Severity::kError;  // an error stops the job
  std::string place;                     // the peer: "MySQL db.example.com:3306"
  std::string what;                      // names the thing; one sentence without its full stop
  std::string remedy;                    // the statement or setting that mends it; may be empty

  bool operator==(const Finding&) const = default;
};

// Looks whether a source can be read from a position on (empty: from where its options say),
// without reading a row or changing anything. A status that is not ok: the look itself failed. The
// source looks again when it begins, and stops at an error.
using CheckSourceFunction = Result<std::vector<Finding>> (*)(const SourceRequest&, const Position&,
                                                             const Environment&);
using OpenSourceFunction = Result<std::unique_ptr<Source>> (*)(const SourceRequest&,
                                                               const Environment&);
// One source for all of these tables; at least one.
using OpenSharedSourceFunction = Result<std::unique_ptr<Source>> (*)(std::span<const SourceRequest>,
                                                                     const Environment&);
using OpenSinkFunction = Result<std::unique_ptr<Sink>> (*)(const SinkRequest&, const Environment&);

// How a statement uses a table that it writes, for what Flink would do with it.
struct SinkUse {
  Span span;          // of the table's name in the statement
  std::string table;  // its name, for messages
  // Columns of its declared key that may change in a row whose key in the source does not.
  std::vector<std::string> loose_key;
};

// One system. Constant data plus functions; compilers need only the first block. A connector that
// links sockets, threads or a client library keeps `open_source` and `open_sink` apart in a
// ConnectorOpener, so that its record can be linked without them.
struct Connector {
  std::string_view name;  // 'connector' = '...'
  std::string_view help = {};
  std::span<const OptionSpec> options = {};
  std::span<const Column> metadata = {};  // metadata columns a source offers: name is the key
  bool is_source = false;
  bool is_sink = false;
  bool accepts_updates = false;   // the sink writes them
  bool takes_structures = false;  // its tables may have columns of type ARRAY, MAP and ROW
  // The sink keeps the last row per key by itself: applying a change again does no harm.
  bool keeps_last_row_per_key = false;
  // Whether the source says which tables have lost all their rows, and whether the sink can delete
  // the rows of one (Sink::DeleteRows). Null: never.
  bool (*empties_tables)(const Options&) = nullptr;
  bool (*deletes_rows)(const Options&) = nullptr;
  // Tables of a job whose keys are equal are read by one source, see open_shared_source. Null: each
  // is read by its own.
  std::string (*reader_key)(const Options&) = nullptr;
  // Whether the source emits rows other than +I. Null: never.
  bool (*emits_updates)(const Options&) = nullptr;
  // Whether the source ends by itself. Null: never.
  bool (*bounded)(const Options&) = nullptr;
  // Pure: no file, no network. Checks what the option table alone cannot say.
  void (*check)(const Options&, const Schema&, Span statement, Diagnostics*) = nullptr;
  // Warns of what Flink's connector of this name would do otherwise with the rows. Pure.
  void (*compare_with_flink)(const Options&, const SinkUse&, Diagnostics*) = nullptr;
  // The source's own words for EXPLAIN, such as the query a snapshot will use. Pure.
  std::vector<std::string> (*explain_source)(const Options&, const Schema&,
                                             std::span<const uint32_t> columns) = nullptr;

  // Null in records that are only there to compile.
  OpenSourceFunction open_source = nullptr;
  // For tables with the same reader_key.
  OpenSharedSourceFunction open_shared_source = nullptr;
  OpenSinkFunction open_sink = nullptr;
  CheckSourceFunction check_source = nullptr;  // null, too, if there is nothing to look at
};

// The second half of a connector whose record comes without it.
struct ConnectorOpener {
  OpenSourceFunction open_source = nullptr;
  OpenSharedSourceFunction open_shared_source = nullptr;
  OpenSinkFunction open_sink = nullptr;
  CheckSourceFunction check_source = nullptr;
};

}  // namespace millrace
