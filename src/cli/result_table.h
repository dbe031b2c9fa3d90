// Results as Flink's client prints them ("tableau"): small ones with widths from their content,
// streams with an op column and widths from their types.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "plan/compiler.h"

namespace millrace {

// Prints a result the session itself gave. Empty ones print "Empty set".
void PrintTable(const ResultTable& table, std::FILE* out);

// The rows of a SELECT. Bounded results are kept (up to a limit) and printed at the end; streams
// are printed as they come.
class ResultSink final : public Sink {
 public:
  ResultSink(const Plan& plan, bool streaming, std::FILE* out);

  Status Open() override;
  Status Recover(std::string_view) override { return Status::Ok(); }
  Status Write(const Batch& batch, std::span<const uint32_t> rows) override;
  Result<std::string> Prepare(uint64_t) override { return std::string(); }
  Status Commit(std::string_view) override { return Status::Ok(); }

  // The foot of the table.
  void Finish();

 private:
  void PrintLine(const std::vector<std::string>& cells);
  void PrintBorder();

  const Plan& plan_;
  const bool streaming_;
  std::FILE* const out_;
  const TimeZone zone_;
  std::vector<size_t> widths_;
  ResultTable kept_;
  int64_t rows_ = 0;
};

}  // namespace millrace
