// Findings about one server, in the order in which they are made.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.h"

namespace millrace::mysql {

class FindingList final {
 public:
  explicit FindingList(std::string place) : place_(std::move(place)) {}

  // One that is there already is not added again: it was found for another table.
  void Error(std::string what, std::string remedy) {
    Add({Severity::kError, place_, std::move(what), std::move(remedy)});
  }
  void Warning(std::string what, std::string remedy) {
    Add({Severity::kWarning, place_, std::move(what), std::move(remedy)});
  }

  bool has_errors() const {
    return std::any_of(findings_.begin(), findings_.end(),
                       [](const Finding& finding) { return finding.severity == Severity::kError; });
  }
  const std::string& place() const { return place_; }
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void Add(Finding finding) {
    const bool is_new = std::find(findings_.begin(), findings_.end(), finding) == findings_.end();
    if (is_new) findings_.push_back(std::move(finding));
  }

  std::string place_;
  std::vector<Finding> findings_;
};

}  // namespace millrace::mysql
