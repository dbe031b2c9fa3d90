#include "connectors/mysql/binlog/log_survey.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/units.h"
#include "row/batch.h"
#include "row/print.h"

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

const OnStatement kPassOver = [](const QueryText&, const LogPosition&) { return Status::Ok(); };

// For one that reads beside the source's.
LogReaderConfig BesideSource(const LogReaderConfig& config, LogTables* tables) {
  LogReaderConfig own = config;
  own.tables = tables;
  own.server_id = 0;  // another than the reader's, which would be cut off
  return own;
}

std::string TimeText(int64_t second) {
  constexpr int64_t kSecondUs = 1'000'000;
  char text[kCellTextMax];
  return {text, PrintTimestamp(text, second * kSecondUs, 0)};
}

// The files of a server's log, in their order, that have anything in them.
Result<std::vector<std::string>> ListFiles(Connection* control) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows, control->Query("SHOW BINARY LOGS"));
  std::vector<std::string> files;
  for (const TextRow& row : rows) {
    const bool is_empty = ParseInteger(row[1].value_or("")).value_or(0) == 0;
    if (!is_empty) files.push_back(row[0].value_or(""));
  }
  if (files.empty())
    return Status::Permanent("the server has no binlog: SHOW BINARY LOGS is empty");
  return files;
}

class LogSeek final {
 public:
  LogSeek(const LogReaderConfig& config, int64_t second, const std::function<bool()>& stopped)
      : tables_(kPassOver),
        config_(BesideSource(config, &tables_)),
        second_(second),
        stopped_(stopped) {}

  // The last file that begins before the second, else the first one.
  Result<LogPosition> FindFile(const std::vector<std::string>& files) {
    size_t first = 0;
    size_t end = files.size();
    while (end - first > 1) {
      const size_t middle = first + (end - first) / 2;
      MR_ASSIGN_OR_RETURN(const int64_t begins, FirstSecond(files[middle]));
      (begins < second_ ? first : end) = middle;
    }
    if (first == 0) {
      MR_ASSIGN_OR_RETURN(const int64_t begins, FirstSecond(files[0]));
      if (begins > second_) {
        config_.environment.log->Warning(
            "the binlog that the server still has begins at {} UTC in {}, after "
            "'scan.startup.timestamp-millis' ({} UTC): changes in between are missed",
            TimeText(begins), files[0], TimeText(second_));
      }
    }
    return StartOf(files[first]);
  }

  Result<LogPosition> FindTransaction(const LogPosition& start, const LogPosition& end) {
    LogReader reader(config_, start);
    Batch batch(1);
    while (IsBefore(reader.position(), end)) {
      if (stopped_()) return Status::Cancelled();
      const LogPosition before = reader.position();
      MR_RETURN_IF_ERROR(reader.Next(&batch));
      if (reader.last_event_second() >= second_) return before;
    }
    return end;
  }

 private:
  static LogPosition StartOf(const std::string& file) {
    LogPosition start;
    start.file = file;
    return start;
  }

  // The header of a file has the time at which it was begun.
  Result<int64_t> FirstSecond(const std::string& file) {
    LogReader reader(config_, StartOf(file));
    Batch batch(1);
    while (reader.last_event_second() == 0) {
      if (stopped_()) return Status::Cancelled();
      MR_RETURN_IF_ERROR(reader.Next(&batch));
    }
    return reader.last_event_second();
  }

  StatementsOnly tables_;
  const LogReaderConfig config_;
  const int64_t second_;
  const std::function<bool()>& stopped_;
};

}  // namespace

Status SurveyLog(const LogReaderConfig& config, const LogPosition& start, const LogPosition& end,
                 const std::function<bool()>& stopped, const OnStatement& on_statement) {
  if (!IsBefore(start, end)) return Status::Ok();
  StatementsOnly tables(on_statement);
  LogReader reader(BesideSource(config, &tables), start);
  Batch batch(1);
  while (IsBefore(reader.position(), end)) {
    if (stopped()) return Status::Cancelled();
    MR_RETURN_IF_ERROR(reader.Next(&batch));
  }
  return Status::Ok();
}

Result<LogPosition> SeekLog(Connection* control, const LogReaderConfig& config, int64_t second,
                            const std::function<bool()>& stopped) {
  MR_ASSIGN_OR_RETURN(const auto now, control->QueryValue("SELECT UNIX_TIMESTAMP()"));
  const int64_t server_second = ParseInteger(now.value_or("")).value_or(INT64_MAX);
  if (second > server_second) {
    return Status::Permanent(
        fmt::format("'scan.startup.timestamp-millis' is {} UTC, and on the MySQL server it is {} "
                    "UTC: write a time that has passed, in milliseconds, or 'scan.startup.mode' = "
                    "'latest-offset'",
                    TimeText(second), TimeText(server_second)));
  }
  MR_ASSIGN_OR_RETURN(const LogPosition end, CurrentLogEnd(control));
  MR_ASSIGN_OR_RETURN(const std::vector<std::string> files, ListFiles(control));
  LogSeek seek(config, second, stopped);
  MR_ASSIGN_OR_RETURN(const LogPosition start, seek.FindFile(files));
  return seek.FindTransaction(start, end);
}

}  // namespace millrace::mysql
