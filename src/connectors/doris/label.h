// Names of loads. A label is all that a later run has to find what an earlier one left in Doris, so
// it follows from things both know:
//
//   {prefix}_{database}_{table}_{job hash}-{incarnation}_{sequence}_{lane}[_{segment}]
//
// prefix       'sink.label-prefix', or the job's name;
// job hash     keeps jobs with the same prefix apart;
// incarnation  from 1; a new one begins where labels of the old one turn out to be used up;
// sequence     number of the checkpoint's loads, one more than in the last completed token;
// lane         of one checkpoint;
// segment      of one lane, from 1: a load that grows too large is continued under another label.
//
// Doris remembers labels per database and takes [-_A-Za-z0-9:]{1,128}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millrace::doris {

inline constexpr size_t kLabelMax = 128;

struct LoadName {
  uint64_t incarnation = 1;
  uint64_t sequence = 1;
  int lane = 0;
  int segment = 1;
};

class Labels final {
 public:
  Labels(std::string_view prefix, std::string_view database, std::string_view table,
         std::string_view job, std::string_view sink);

  std::string Of(const LoadName& name) const;

 private:
  std::string stem_;
};

}  // namespace millrace::doris
