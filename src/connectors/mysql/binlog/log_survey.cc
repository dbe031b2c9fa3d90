#include "connectors/mysql/binlog/log_survey.h"

#include "row/batch.h"

namespace millrace::mysql {
namespace {

// No rows are wanted.
class StatementsOnly final : public LogTables {
 public:
  explicit StatementsOnly(const OnStatement& on_statement) : on_statement_(on_statement) {}

  Status Add(const Event& /*table_map*/, const LogPosition& /*here*/) override {
    return Status::Ok();
  }
  const RowDecoders* Find(uint64_t /*id*/) const override { return &none_; }
  Status Apply(const QueryText& statement, const LogPosition& here) override {
    return on_statement_(statement, here);
  }
  void ForgetIds() override {}
  void Trim() override {}

 private:
  const OnStatement& on_statement_;
  const RowDecoders none_;
};

}  // namespace

Status SurveyLog(const LogReaderConfig& config, const LogPosition& start, const LogPosition& end,
                 const std::function<bool()>& stopped, const OnStatement& on_statement) {
  if (!IsBefore(start, end)) return Status::Ok();
  StatementsOnly tables(on_statement);
  LogReaderConfig own = config;
  own.tables = &tables;
  own.server_id = 0;  // another than the reader's, which would be cut off
  LogReader reader(own, start);
  Batch batch(1);
  while (IsBefore(reader.position(), end)) {
    if (stopped()) return Status::Cancelled();
    MR_RETURN_IF_ERROR(reader.Next(&batch));
  }
  return Status::Ok();
}

}  // namespace millrace::mysql
