#include "connectors/doris/label.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace millrace::doris {
namespace {

TEST_CASE("labels are legal, distinct and always the same") {
  const Labels labels("doris_demo_emp_001", "demo", "all_employees_info", "job", "sink");
  CHECK(labels.Of({1, 12, 3, 1}).starts_with("doris_demo_emp_001_demo_all_employees_info_"));
  CHECK(labels.Of({1, 12, 3, 1}).ends_with("-1_12_3"));
  CHECK(labels.Of({1, 12, 3, 2}).ends_with("-1_12_3_2"));
  CHECK(Labels("p", "d", "t", "job", "sink").Of({}) == Labels("p", "d", "t", "job", "sink").Of({}));
  CHECK(Labels("p", "d", "t", "job", "sink").Of({}) != Labels("p", "d", "t", "jab", "sink").Of({}));
  const uint64_t most = ~uint64_t{0};
  for (const auto& [prefix, table] : std::vector<std::pair<std::string, std::string>>{
           {"p", "täble"}, {std::string(64, 'p'), std::string(64, 't')}, {"", "t"}}) {
    const std::string label = Labels(prefix, "db", table, "insert-into_default.x y", "s")
                                  .Of({most / 4, most / 4, 31, 10'000});
    CHECK(label.size() <= kLabelMax);
    CHECK(label.find_first_not_of("-_:0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
  }
}

}  // namespace
}  // namespace millrace::doris
