#include "plan/option_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"

namespace millrace {

std::vector<sql::OptionPair> LastOfEach(const std::vector<sql::OptionPair>& options,
                                        Diagnostics* diagnostics) {
  std::vector<sql::OptionPair> last;
  for (const sql::OptionPair& option : options) {
    const auto same = [&](const sql::OptionPair& other) { return other.key == option.key; };
    if (std::erase_if(last, same) > 0) {
      diagnostics->emplace_back(
          DiagnosticCode::kAlreadyExists, option.key_span,
          fmt::format("option {} is given twice: this value counts", Quoted(option.key)),
          "Remove the other one.", Severity::kWarning);
    }
    last.push_back(option);
  }
  return last;
}

}  // namespace millrace
