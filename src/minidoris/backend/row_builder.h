// Fields of records -> staged rows. Decides row by row whether it is loaded or filtered, counts,
// and keeps the reasons. Rows are passed on in batches, so memory does not grow with the body.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/backend/load_plan.h"

namespace millrace::minidoris {

struct Field {
  std::string_view text;
  bool present = true;  // false: a JSON object without this key
  bool null = false;
};

class RowBuilder final {
 public:
  using Flush = std::function<Status(std::string_view rows)>;

  // The plan must outlive the builder. `now` is the text CURRENT_TIMESTAMP means in this load.
  RowBuilder(const LoadPlan* plan, std::string now, Flush flush);

  // One record: a field for each of plan.sources. `line` is the text of the record for the log.
  void Add(const std::vector<Field>& fields, std::string_view line);
  // A record that could not be parsed.
  void Filter(std::string_view reason, std::string_view line);
  // Stops the load as a whole.
  void Fail(std::string message);
  // Passes on what is left.
  void Finish();

  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }
  int64_t total() const { return total_; }
  int64_t loaded() const { return total_ - filtered_; }
  int64_t filtered() const { return filtered_; }
  const std::string& error_log() const { return error_log_; }
  const std::string& first_error() const { return first_error_; }

 private:
  bool AppendColumn(size_t column, const std::vector<Field>& fields, std::string_view line);
  bool AppendDefault(const Column& column, bool missing_key, std::string_view line);
  bool Deletes(const std::vector<Field>& fields) const;
  void Reject(std::string_view reason, std::string_view line);
  void FlushBatch();

  const LoadPlan& plan_;
  const std::string now_;
  const Flush flush_;
  std::string batch_;
  int64_t total_ = 0;
  int64_t filtered_ = 0;
  int logged_ = 0;
  std::string error_log_;
  std::string first_error_;
  std::string failure_;
};

}  // namespace millrace::minidoris
