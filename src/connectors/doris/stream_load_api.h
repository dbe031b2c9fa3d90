// What the sink needs from Doris, so that a test can take its place. Every call is one attempt at
// one frontend or backend; the caller repeats it. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/status.h"
#include "connectors/doris/answer.h"
#include "net/upload.h"

namespace millrace::doris {

// A load whose body is being streamed. Destroyed without Finish it is abandoned: the server aborts
// its transaction as soon as it notices.
class LoadStream {
 public:
  virtual ~LoadStream() = default;
  // An empty buffer to fill.
  virtual UploadBuffer Take() = 0;
  // Waits while the server is slow. False: the load has ended, Finish returns the reason.
  virtual bool Send(UploadBuffer buffer) = 0;
  // The body is complete; Finish will wait for the verdict.
  virtual void End() = 0;
  virtual Result<LoadAnswer> Finish() = 0;
};

// Either the load runs, or the server has answered without taking a row.
struct Begun {
  std::unique_ptr<LoadStream> stream;
  LoadAnswer answer;  // if there is no stream
};

// What is known of a column beyond its kind.
struct ColumnDetail {
  std::string name;
  std::string type;  // lower case with its numbers: "datetime(3)", "decimal(10,2)"
  bool nullable = true;
  bool has_default = false;
};

// The rows of a query, from the first to the last.
class QueryRows {
 public:
  virtual ~QueryRows() = default;
  // The texts of the next row, nullopt for NULL, valid until the next call. False: there is none.
  virtual Result<bool> Next(std::vector<std::optional<std::string_view>>* row) = 0;
};

enum class Operation : uint8_t { kCommit, kAbort };

class StreamLoadApi {
 public:
  virtual ~StreamLoadApi() = default;
  // The frontend's description of the table, see ParseTable.
  virtual Result<Json> DescribeTable() = 0;
  // Details of its columns. The sink can do without them: a failure costs early messages only.
  virtual Result<std::vector<ColumnDetail>> DescribeColumns() = 0;
  // Begins a two-phase load under `label`; `headers` are "Name: value".
  virtual Result<Begun> Begin(const std::string& label,
                              const std::vector<std::string>& headers) = 0;
  // By transaction id if it is not negative, else by label.
  virtual Result<OperationAnswer> Operate(Operation operation, int64_t transaction,
                                          const std::string& label) = 0;
  virtual Result<LabelState> StateOf(const std::string& label) = 0;
  // Runs a SELECT over everything that is visible anywhere by now.
  virtual Result<std::unique_ptr<QueryRows>> Select(const std::string& query) = 0;
  // The text of an error log, if it may be fetched.
  virtual Result<std::string> ErrorLog(const std::string& url) = 0;
};

}  // namespace millrace::doris
