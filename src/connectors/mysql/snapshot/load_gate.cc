#include "connectors/mysql/snapshot/load_gate.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/units.h"
#include "connectors/mysql/snapshot/snapshot_options.h"

namespace millrace::mysql {
namespace {

constexpr size_t kSecondsBehind = 32;  // of SHOW REPLICA STATUS, by all its names

}  // namespace

// MySQL from 8.4 on knows only the new words, MariaDB and MySQL before 8.0.22 only the old ones.
Result<std::optional<int64_t>> LoadGate::ReadLag() {
  Result<std::vector<TextRow>> channels =
      connection_->Query(connection_->is_mariadb() ? "SHOW SLAVE STATUS" : "SHOW REPLICA STATUS");
  if (!channels.ok() && !connection_->is_mariadb() && connection_->version() < "8.0.22") {
    channels = connection_->Query("SHOW SLAVE STATUS");
  }
  if (!channels.ok()) {
    if (channels.status().code() != StatusCode::kPermanent) return channels.status();
    return Status::Permanent(fmt::format(
        "'{}' asks for {}, and the server does not show it: {}. Run GRANT {} ON *.* TO {}, or "
        "leave "
        "the condition out",
        kPauseOption, PauseCondition::kReplicaLag, channels.status().message(),
        connection_->is_mariadb() ? "SLAVE MONITOR" : "REPLICATION CLIENT", config_.endpoint.user));
  }
  std::optional<int64_t> lag;
  for (const TextRow& channel : *channels) {
    if (channel.size() <= kSecondsBehind || !channel[kSecondsBehind]) continue;
    const std::optional<int64_t> seconds = ParseInteger(*channel[kSecondsBehind]);
    if (seconds && (!lag || *seconds > *lag)) lag = seconds;
  }
  return lag;
}

Result<std::optional<int64_t>> LoadGate::Read(const PauseCondition& condition,
                                              const std::vector<TextRow>& status) {
  if (condition.variable == PauseCondition::kReplicaLag) return ReadLag();
  for (const TextRow& row : status) {
    if (!EqualsIgnoreCase(row[0].value_or(""), condition.variable)) continue;
    if (const auto number = ParseInteger(row[1].value_or(""))) return number;
    return Status::Permanent(fmt::format("'{}' compares {}, which is '{}' and not a whole number",
                                         kPauseOption, condition.variable, row[1].value_or("")));
  }
  return Status::Permanent(
      fmt::format("'{}' asks for {}, and the server has no status variable of that name. SHOW "
                  "GLOBAL STATUS lists them.",
                  kPauseOption, condition.variable));
}

Status LoadGate::Ask() {
  if (connection_ == nullptr) {
    MR_ASSIGN_OR_RETURN(connection_, config_.connections->Open(config_.endpoint));
  }
  std::vector<std::string> names;
  for (const PauseCondition& condition : config_.conditions) {
    names.push_back(QuoteString(condition.variable));
  }
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> status,
      connection_->Query(
          fmt::format("SHOW GLOBAL STATUS WHERE LOWER(Variable_name) IN ({})", Join(names, ", "))));
  std::string holds;
  for (const PauseCondition& condition : config_.conditions) {
    MR_ASSIGN_OR_RETURN(const std::optional<int64_t> seen, Read(condition, status));
    if (!holds.empty() || !seen || !condition.HoldsFor(*seen)) continue;
    holds = fmt::format("{} (it is {})", condition.ToString(), *seen);
  }
  const bool was_closed = closed_;
  closed_ = !holds.empty();
  if (closed_ && !was_closed) {
    config_.log->Info("{}: the snapshot pauses while {}", config_.table, holds);
  } else if (was_closed && !closed_) {
    config_.log->Info("{}: the snapshot goes on", config_.table);
  }
  return Status::Ok();
}

Result<bool> LoadGate::IsClosed() {
  if (config_.conditions.empty()) return false;
  std::lock_guard lock(mutex_);
  if (config_.clock->NowMs() >= due_ms_) {
    MR_RETURN_IF_ERROR(Ask());
    due_ms_ = config_.clock->NowMs() + kAskEveryMs;
  }
  return closed_;
}

void LoadGate::Disconnect() {
  std::lock_guard lock(mutex_);
  if (connection_ != nullptr) config_.connections->Close(connection_);
  connection_ = nullptr;
  due_ms_ = INT64_MIN;
}

}  // namespace millrace::mysql
