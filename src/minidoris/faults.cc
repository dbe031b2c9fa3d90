#include "minidoris/faults.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

namespace millrace::minidoris {
namespace {

constexpr std::array<std::string_view, 10> kPoints = {
    "load_body", "precommit", "load_answer", "commit", "commit_answer",
    "abort",     "fe",        "be",          "query",  "all"};
constexpr std::array<std::string_view, 5> kActions = {"drop", "delay", "fail", "unavailable",
                                                      "publish_timeout"};

template <size_t n>
bool Contains(const std::array<std::string_view, n>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool Matches(const Fault& fault, std::string_view at) {
  return fault.at == at || (fault.at == "all" && (at == "fe" || at == "be" || at == "query"));
}

}  // namespace

std::optional<std::string> FaultBoard::Set(const std::string& json, bool append) {
  std::vector<Fault> faults;
  try {
    const nlohmann::json list = nlohmann::json::parse(json);
    if (!list.is_array()) return "a JSON list is wanted";
    for (const nlohmann::json& item : list) {
      Fault fault;
      fault.at = item.at("at").get<std::string>();
      fault.action = item.at("action").get<std::string>();
      fault.after_bytes = item.value("after_bytes", int64_t{0});
      fault.delay_ms = item.value("delay_ms", int64_t{0});
      fault.times = item.value("times", int64_t{1});
      fault.skip = item.value("skip", int64_t{0});
      if (const int64_t duration = item.value("duration_ms", int64_t{0}); duration > 0) {
        fault.ends_ms = clock_.NowMs() + duration;
      }
      if (fault.times == 0) return "times can not be 0";
      if (!Contains(kPoints, fault.at)) return "unknown point: " + fault.at;
      if (!Contains(kActions, fault.action)) return "unknown action: " + fault.action;
      faults.push_back(std::move(fault));
    }
  } catch (const nlohmann::json::exception& error) {
    return error.what();
  }
  const std::lock_guard lock(mutex_);
  if (!append) faults_.clear();
  faults_.insert(faults_.end(), faults.begin(), faults.end());
  return std::nullopt;
}

void FaultBoard::Clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::string FaultBoard::Show() const {
  nlohmann::json list = nlohmann::json::array();
  const std::lock_guard lock(mutex_);
  for (const Fault& fault : faults_) {
    list.push_back({{"at", fault.at},
                    {"action", fault.action},
                    {"after_bytes", fault.after_bytes},
                    {"delay_ms", fault.delay_ms},
                    {"times", fault.times},
                    {"skip", fault.skip}});
  }
  return list.dump() + "\n";
}

std::optional<Fault> FaultBoard::Take(std::string_view at) {
  return TakeAfter(at, std::numeric_limits<int64_t>::max());
}

std::optional<Fault> FaultBoard::TakeAfter(std::string_view at, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (faults_.empty()) return std::nullopt;
  const int64_t now = clock_.NowMs();
  std::erase_if(faults_,
                [now](const Fault& fault) { return fault.ends_ms != 0 && fault.ends_ms <= now; });
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (!Matches(*fault, at) || fault->after_bytes > bytes) continue;
    if (fault->skip > 0) {
      --fault->skip;
      continue;
    }
    const Fault met = *fault;
    if (fault->times > 0 && --fault->times == 0) faults_.erase(fault);
    return met;
  }
  return std::nullopt;
}

}  // namespace millrace::minidoris
