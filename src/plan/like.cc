#include "plan/like.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "plan/statement_span.h"

namespace millrace {
namespace {

using sql::ColumnKind;

constexpr std::string_view kIncluding = "INCLUDING";
constexpr std::string_view kExcluding = "EXCLUDING";
constexpr std::string_view kOverwriting = "OVERWRITING";
constexpr std::string_view kFeatures[] = {"CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA",
                                          "OPTIONS",     "PARTITIONS",   "WATERMARKS"};

// One merge: every feature of the base table (columns, key, watermark, partitions, options) is
// taken over, left out or replaced, as the options of LIKE say.
class LikeMerge final {
 public:
  LikeMerge(const sql::CreateTable& create, const TableDefinition& base, Diagnostics* diagnostics)
      : create_(create), base_(base.written), diagnostics_(diagnostics) {}

  std::optional<sql::CreateTable> Run() {
    const size_t before = diagnostics_->size();
    SetSpans(&base_, create_.like->span);
    ReadOptions();
    merged_ = create_;
    merged_.like.reset();
    MergeColumns();
    MergeKeys();
    MergeWatermarks();
    MergePartitions();
    MergeTableOptions();
    if (diagnostics_->size() > before) return std::nullopt;
    return std::move(merged_);
  }

 private:
  void Error(DiagnosticCode code, Span span, std::string message, std::string hint = "") {
    diagnostics_->emplace_back(code, span, std::move(message), std::move(hint));
  }

  void ReadOptions() {
    for (const std::string_view feature : kFeatures) merging_[feature] = kIncluding;
    merging_["OPTIONS"] = kOverwriting;
    std::map<std::string, bool> seen;
    for (const bool all : {true, false}) {  // ALL first: single features override it
      for (const sql::LikeOption& option : create_.like->options) {
        if ((option.feature == "ALL") != all) continue;
        if (seen[option.feature]) {
          Error(DiagnosticCode::kAlreadyExists, option.span,
                "Each like option feature can be declared only once");
        }
        seen[option.feature] = true;
        const bool replaceable =
            !all && !IsOneOf(option.feature, {"CONSTRAINTS", "DISTRIBUTION", "PARTITIONS"});
        if (!replaceable && option.merging == kOverwriting) {
          Error(DiagnosticCode::kInvalidValue, option.span,
                fmt::format("Illegal merging strategy '{}' for '{}' option", option.merging,
                            option.feature),
                "Write INCLUDING or EXCLUDING.");
        }
        for (auto& [feature, merging] : merging_) {
          if (all || option.feature == feature) merging = option.merging;
        }
      }
    }
  }

  bool Includes(std::string_view feature) const { return merging_.at(feature) != kExcluding; }
  bool Overwrites(std::string_view feature) const { return merging_.at(feature) == kOverwriting; }

  void MergeColumns() {
    std::vector<sql::ColumnDefinition> columns;
    for (const sql::ColumnDefinition& column : base_.columns) {
      if (column.kind == ColumnKind::kComputed && !Includes("GENERATED")) continue;
      if (column.kind == ColumnKind::kMetadata && !Includes("METADATA")) continue;
      columns.push_back(column);
    }
    for (const sql::ColumnDefinition& column : create_.columns) {
      const auto old = std::find_if(columns.begin(), columns.end(), [&](const auto& other) {
        return other.name.text == column.name.text;
      });
      if (old == columns.end()) {
        columns.push_back(column);
        continue;
      }
      const std::string_view feature =
          column.kind == ColumnKind::kComputed ? "GENERATED" : "METADATA";
      const bool replaces =
          column.kind != ColumnKind::kPhysical && old->kind == column.kind && Overwrites(feature);
      if (!replaces) {
        Error(DiagnosticCode::kAlreadyExists, column.name.span,
              fmt::format("A column named '{}' already exists in the base table", column.name.text),
              column.kind == ColumnKind::kPhysical || old->kind != column.kind
                  ? "Give it another name."
                  : fmt::format("Write OVERWRITING {} after LIKE.", feature));
        continue;
      }
      *old = column;
    }
    merged_.columns = std::move(columns);
  }

  void MergeKeys() {
    if (!Includes("CONSTRAINTS") || base_.keys.empty()) return;
    if (!create_.keys.empty()) {
      Error(DiagnosticCode::kAlreadyExists, create_.keys[0].span,
            "The base table already has a primary key. You might want to specify EXCLUDING "
            "CONSTRAINTS");
      return;
    }
    merged_.keys = base_.keys;
  }

  void MergeWatermarks() {
    if (!Includes("WATERMARKS") || base_.watermarks.empty()) return;
    if (create_.watermarks.empty()) {
      merged_.watermarks = base_.watermarks;
    } else if (!Overwrites("WATERMARKS")) {
      Error(DiagnosticCode::kAlreadyExists, create_.watermarks[0].span,
            "There already exists a watermark on the base table. You might want to specify "
            "EXCLUDING WATERMARKS or OVERWRITING WATERMARKS");
    }
  }

  void MergePartitions() {
    if (Includes("DISTRIBUTION") && base_.distribution) {
      if (create_.distribution) {
        Error(DiagnosticCode::kAlreadyExists, create_.distribution->span,
              "The base table already has a distribution defined. You might want to specify "
              "EXCLUDING DISTRIBUTION");
      }
      merged_.distribution = base_.distribution;
    }
    if (!Includes("PARTITIONS") || base_.partitioned_by.empty()) return;
    if (!create_.partitioned_by.empty()) {
      Error(DiagnosticCode::kAlreadyExists, create_.partitioned_span,
            "The base table already has partitions defined. You might want to specify EXCLUDING "
            "PARTITIONS");
      return;
    }
    merged_.partitioned_by = base_.partitioned_by;
  }

  void MergeTableOptions() {
    if (!Includes("OPTIONS")) return;
    std::vector<sql::OptionPair> options;
    for (const sql::OptionPair& option : base_.options) {
      const auto own =
          std::find_if(create_.options.begin(), create_.options.end(),
                       [&](const sql::OptionPair& other) { return other.key == option.key; });
      if (own == create_.options.end()) {
        options.push_back(option);
      } else if (!Overwrites("OPTIONS")) {
        Error(
            DiagnosticCode::kAlreadyExists, own->key_span,
            fmt::format("There already exists an option [{}] in the base table. You might want to "
                        "specify EXCLUDING OPTIONS or OVERWRITING OPTIONS",
                        own->key));
      }
    }
    options.insert(options.end(), create_.options.begin(), create_.options.end());
    merged_.options = std::move(options);
    if (!create_.has_options) merged_.options_span = create_.like->span;
    merged_.has_options = !merged_.options.empty();
  }

  const sql::CreateTable& create_;
  sql::CreateTable base_;
  Diagnostics* diagnostics_;
  std::map<std::string_view, std::string_view> merging_;
  sql::CreateTable merged_;
};

}  // namespace

std::optional<sql::CreateTable> MergeLike(const sql::CreateTable& create,
                                          const TableDefinition& base, Diagnostics* diagnostics) {
  return LikeMerge(create, base, diagnostics).Run();
}

}  // namespace millrace
