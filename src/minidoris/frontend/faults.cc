#include "minidoris/frontend/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/ascii.h"
#include "base/json.h"
#include "base/quote.h"

namespace millrace::minidoris {
namespace {

constexpr std::array<std::string_view, 10> kPoints = {
    "load_body", "precommit", "load_answer", "commit", "commit_answer",
    "abort",     "fe",        "be",          "query",  "all"};
constexpr std::array<std::string_view, 5> kActions = {"drop", "delay", "fail", "unavailable",
                                                      "publish_timeout"};

struct NumberMember {
  std::string_view name;
  int64_t Fault::*field;
  int64_t min;
};
constexpr std::array<NumberMember, 5> kNumbers = {{{"after_bytes", &Fault::after_bytes, 0},
                                                   {"delay_ms", &Fault::delay_ms, 0},
                                                   {"times", &Fault::times, -1},
                                                   {"skip", &Fault::skip, 0},
                                                   {"duration_ms", &Fault::duration_ms, 0}}};

// Reads one entry of the list. Every step returns ok or says what is wrong with the entry.
class EntryReader final {
 public:
  EntryReader(const Json& entry, size_t number) : entry_(entry), number_(number) {}

  Result<Fault> Read() {
    if (!entry_.is_object()) return Wrong("is not an object");
    MR_RETURN_IF_ERROR(CheckNames());
    Fault fault;
    MR_RETURN_IF_ERROR(ReadWord("at", kPoints, &fault.at));
    MR_RETURN_IF_ERROR(ReadWord("action", kActions, &fault.action));
    for (const NumberMember& member : kNumbers) {
      if (!entry_.Has(member.name)) continue;
      const std::optional<int64_t> value = entry_[member.name].AsInt();
      if (!value || *value < member.min) {
        return Wrong(fmt::format("has a {} that is not a whole number from {}", Quoted(member.name),
                                 member.min));
      }
      fault.*member.field = *value;
    }
    if (fault.times == 0) return Wrong("has \"times\": 0; expected a count, or -1 for always");
    return fault;
  }

 private:
  Status Wrong(std::string_view what) const {
    return Status::Permanent(fmt::format("faults: entry {} {}", number_, what));
  }

  Status CheckNames() const {
    for (const Json::Member& member : entry_.members()) {
      const bool known = member.name == "at" || member.name == "action" ||
                         std::any_of(kNumbers.begin(), kNumbers.end(), [&](const auto& number) {
                           return number.name == member.name;
                         });
      if (!known) return Wrong(fmt::format("has the unknown member {}", Quoted(member.name)));
    }
    return Status::Ok();
  }

  template <size_t n>
  Status ReadWord(std::string_view name, const std::array<std::string_view, n>& words,
                  std::string* word) const {
    const std::string expected =
        fmt::format("expected one of {}", fmt::join(words.begin(), words.end(), ", "));
    if (!entry_.Has(name)) return Wrong(fmt::format("has no {}; {}", Quoted(name), expected));
    const std::optional<std::string> value = entry_[name].AsString();
    if (!value)
      return Wrong(fmt::format("has a {} that is not a string; {}", Quoted(name), expected));
    if (std::find(words.begin(), words.end(), *value) == words.end()) {
      return Wrong(
          fmt::format("has the unknown {} {}; {}", Quoted(name), Quoted(*value), expected));
    }
    *word = *value;
    return Status::Ok();
  }

  const Json& entry_;
  const size_t number_;  // from 1
};

bool Matches(const Fault& fault, std::string_view at) {
  return fault.at == at || (fault.at == "all" && IsOneOf(at, {"fe", "be", "query"}));
}

}  // namespace

Result<std::vector<Fault>> ReadFaults(std::string_view json) {
  const Result<Json> list = Json::Parse(json);
  if (!list.ok()) return list.status().Annotated("faults");
  if (!list->is_array()) {
    return Status::Permanent(
        R"(faults: expected a JSON list such as [{"at": "commit", "action": "fail"}])");
  }
  std::vector<Fault> faults;
  for (const Json& entry : list->items()) {
    MR_ASSIGN_OR_RETURN(Fault fault, EntryReader(entry, faults.size() + 1).Read());
    faults.push_back(std::move(fault));
  }
  return faults;
}

Status FaultBoard::Set(std::string_view json, bool append) {
  MR_ASSIGN_OR_RETURN(std::vector<Fault> faults, ReadFaults(json));
  for (Fault& fault : faults) {
    if (fault.duration_ms > 0) fault.ends_ms = clock_.NowMs() + fault.duration_ms;
  }
  const std::lock_guard lock(mutex_);
  if (faults.size() + (append ? faults_.size() : 0) > kFaultsMax) {
    return Status::Permanent(fmt::format("faults: more than {} entries", kFaultsMax));
  }
  if (!append) faults_.clear();
  faults_.insert(faults_.end(), faults.begin(), faults.end());
  return Status::Ok();
}

void FaultBoard::Clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::string FaultBoard::Show() const {
  Json list = Json::Array();
  const std::lock_guard lock(mutex_);
  for (const Fault& fault : faults_) {
    list.Append(Json::Object({{"action", fault.action},
                              {"after_bytes", fault.after_bytes},
                              {"at", fault.at},
                              {"delay_ms", fault.delay_ms},
                              {"skip", fault.skip},
                              {"times", fault.times}}));
  }
  return list.ToText() + "\n";
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
    const Fault taken = *fault;
    if (fault->times > 0 && --fault->times == 0) faults_.erase(fault);
    return taken;
  }
  return std::nullopt;
}

}  // namespace millrace::minidoris
