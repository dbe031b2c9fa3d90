// Evaluates recorded expressions as this build does, and compares value and type with Flink's.
//
//   parity RECORDING KINDS --docs docs/sql.md [shares] [--list KEY=VALUE]
//
//   --from T      the columns of T may stand in the expressions
//   --refused N   at most N % of those that Flink gives a value for are refused here
//   --values N    at least N % of the values are equal, without those that a kind explains
//   --kinds N     the kinds explain at most N % of all
//   --types N     at least N % of the types are equal, with their nullability
//   --extra N     at most N % of those that Flink refuses are accepted under strict-flink
//   --list K=V    prints every difference where K is c (the group), kind or what (value, refused,
//                 failed, type, extra); --list what=any prints all
//
// Everything is compiled under millrace.strict-flink, in batch mode and UTC. Status 1 if a share
// does not hold.
#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/files.h"
#include "connectors/connector_list.h"
#include "evaluate.h"
#include "kinds.h"
#include "plan/compiler.h"
#include "recording.h"

namespace {

using millrace::Result;

struct Options {
  std::string recording;
  std::string kinds;
  std::string docs;
  std::string from;                                   // of every query, " FROM ..."
  std::map<std::string, double, std::less<>> shares;  // without "--"
  std::string list_key;
  std::string list_value;
};

struct Here {
  Recorded::Answer answer = Recorded::Answer::kRefused;
  std::string type;
  std::string value;  // or why there is none
};

struct Difference {
  std::string_view what;
  const Recorded* flink;
  std::string theirs;
  std::string ours;
  std::string_view kind = "-";
};

struct Counts {
  size_t values = 0;     // that Flink gives
  size_t refused = 0;    // of these, here
  size_t compared = 0;   // a value, or a failure, here too
  size_t other = 0;      // of these, another value that no kind explains
  size_t explained = 0;  // by a kind
  size_t types = 0;      // in both
  size_t other_types = 0;
  size_t refusals = 0;  // of Flink
  size_t extra = 0;     // of these, accepted here
};

double Percent(size_t part, size_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

Here Evaluate(millrace::Session* session, const std::string& expression, const std::string& from) {
  constexpr int64_t kNowMs = 1'700'000'000'123;
  millrace::Diagnostics diagnostics;
  const auto outcome = session->Execute("SELECT " + expression + from, 0, &diagnostics);
  const auto* select = outcome ? std::get_if<millrace::SelectQuery>(&*outcome) : nullptr;
  Here here;
  if (select == nullptr) {
    here.value = diagnostics.empty() ? "no query" : diagnostics.back().message;
    return here;
  }
  here.type = millrace::ToString(select->plan.sinks[0].types[0]);
  const auto row = EvaluateRow(select->plan, kNowMs);
  here.answer = row.ok() ? Recorded::Answer::kValue : Recorded::Answer::kFailed;
  if (!row.ok()) {
    here.value = row.status().message();
  } else {
    here.value = row->empty() || row->at(0).is_null ? "NULL" : row->at(0).text;
  }
  return here;
}

class Comparison final {
 public:
  explicit Comparison(std::vector<Kind>* kinds) : kinds_(kinds) {}

  void Add(const Recorded& flink, const Here& here) {
    if (flink.type && here.answer != Recorded::Answer::kRefused) {
      ++counts_.types;
      if (*flink.type != here.type) {
        ++counts_.other_types;
        differences_.push_back({"type", &flink, *flink.type, here.type});
      }
    }
    if (flink.answer == Recorded::Answer::kRefused) {
      ++counts_.refusals;
      if (here.answer == Recorded::Answer::kRefused) return;
      ++counts_.extra;
      differences_.push_back({"extra", &flink, "refused", here.type + " " + here.value});
    }
    if (flink.answer == Recorded::Answer::kValue) AddValue(flink, here);
  }

  const Counts& counts() const { return counts_; }
  const std::vector<Difference>& differences() const { return differences_; }

 private:
  void AddValue(const Recorded& flink, const Here& here) {
    ++counts_.values;
    const std::string theirs = flink.value.value_or("NULL");
    const bool has_value = here.answer == Recorded::Answer::kValue;
    const bool refused = here.answer == Recorded::Answer::kRefused;
    if (!refused) ++counts_.compared;
    if (has_value && theirs == here.value) return;
    const std::string ours =
        has_value ? here.value : (refused ? "REFUSED: " : "FAILED: ") + here.value;
    Difference difference{has_value ? "value"
                          : refused ? "refused"
                                    : "failed",
                          &flink, theirs, ours};
    for (Kind& kind : *kinds_) {
      if (!kind.Explains(flink.expression, theirs, ours)) continue;
      difference.kind = kind.name;
      break;
    }
    if (difference.kind != "-") {
      ++counts_.explained;
    } else {
      ++(refused ? counts_.refused : counts_.other);
    }
    differences_.push_back(std::move(difference));
  }

  std::vector<Kind>* kinds_;
  Counts counts_;
  std::vector<Difference> differences_;
};

void List(const Options& options, const std::vector<Difference>& differences) {
  for (const Difference& one : differences) {
    const std::string_view value = options.list_key == "c"      ? one.flink->group
                                   : options.list_key == "kind" ? one.kind
                                                                : one.what;
    if (options.list_value != "any" && value != options.list_value) continue;
    std::cout << fmt::format("{} {} {}: {}\n  flink {}\n  here  {}\n", one.what, one.flink->group,
                             one.kind, one.flink->expression, one.theirs, one.ours);
  }
}

void PrintKinds(const std::vector<Difference>& differences) {
  std::map<std::string_view, size_t> kinds;
  std::map<std::string, size_t> groups;
  for (const Difference& one : differences) {
    if (one.kind != "-") {
      ++kinds[one.kind];
    } else {
      ++groups[fmt::format("{} {}", one.what, one.flink->group)];
    }
  }
  for (const auto& [kind, count] : kinds) std::cout << fmt::format("  kind {}: {}\n", kind, count);
  for (const auto& [group, count] : groups) std::cout << fmt::format("  {}: {}\n", group, count);
}

// Prints a share; false if it is beyond its limit.
bool Holds(const Options& options, std::string_view name, double share, bool at_most) {
  const auto limit = options.shares.find(name);
  const bool holds =
      limit == options.shares.end() || (at_most ? share <= limit->second : share >= limit->second);
  std::cout << fmt::format("{} {:.2f} %", name, share);
  if (limit != options.shares.end()) {
    std::cout << fmt::format(" ({} {} %{})", at_most ? "at most" : "at least", limit->second,
                             holds ? "" : ", NOT REACHED");
  }
  std::cout << "\n";
  return holds;
}

bool Report(const Options& options, const Comparison& comparison, size_t all) {
  const Counts& counts = comparison.counts();
  if (options.list_key.empty()) {
    PrintKinds(comparison.differences());
  } else {
    List(options, comparison.differences());
  }
  std::cout << fmt::format(
      "{} expressions; of {} values {} refused here, {} others, {} explained; {} of {} types "
      "others; {} of {} refusals accepted here\n",
      all, counts.values, counts.refused, counts.other, counts.explained, counts.other_types,
      counts.types, counts.extra, counts.refusals);
  bool holds = Holds(options, "refused", Percent(counts.refused, counts.values), true);
  holds &= Holds(options, "values", 100 - Percent(counts.other, counts.compared), false);
  holds &= Holds(options, "kinds", Percent(counts.explained, all), true);
  holds &= Holds(options, "types", 100 - Percent(counts.other_types, counts.types), false);
  holds &= Holds(options, "extra", Percent(counts.extra, counts.refusals), true);
  return holds;
}

bool ReadOptions(int argc, char** argv, Options* options) {
  if (argc < 3 || argc % 2 == 0) return false;
  options->recording = argv[1];
  options->kinds = argv[2];
  for (int i = 3; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string_view value = argv[i + 1];
    if (name == "--docs") {
      options->docs = value;
    } else if (name == "--from") {
      options->from = fmt::format(" FROM {}", value);
    } else if (name == "--list") {
      const size_t mark = value.find('=');
      if (mark == std::string_view::npos) return false;
      options->list_key = value.substr(0, mark);
      options->list_value = value.substr(mark + 1);
    } else if (name.starts_with("--")) {
      double share = 0;
      if (std::from_chars(value.data(), value.data() + value.size(), share).ec != std::errc()) {
        return false;
      }
      options->shares[std::string(name.substr(2))] = share;
    } else {
      return false;
    }
  }
  return true;
}

int Run(const Options& options) {
  const auto recorded = ReadRecording(options.recording);
  const auto docs = millrace::SystemFiles().Read(options.docs);
  auto kinds = ReadKinds(options.kinds, docs.ok() ? *docs : "");
  if (!recorded.ok() || recorded->empty() || !kinds.ok()) {
    std::cerr << recorded.status().message() << kinds.status().message() << "\n";
    return 2;
  }
  millrace::Session session(millrace::AllConnectors());
  millrace::Diagnostics diagnostics;
  for (const auto& [key, value] :
       {std::pair("millrace.strict-flink", "true"), std::pair("execution.runtime-mode", "batch"),
        std::pair("table.local-time-zone", "UTC")}) {
    if (session.SetValue(key, value, &diagnostics)) continue;
    std::cerr << "cannot set " << key << "\n";
    return 2;
  }
  Comparison comparison(&*kinds);
  for (const Recorded& one : *recorded) {
    comparison.Add(one, Evaluate(&session, one.expression, options.from));
  }
  return Report(options, comparison, recorded->size()) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ReadOptions(argc, argv, &options)) {
    std::cerr << "usage: parity RECORDING KINDS --docs FILE [--from TABLE] [--SHARE N]... [--list "
                 "KEY=VALUE]\n";
    return 2;
  }
  return Run(options);
}
