#include "cli/follow_on_errors.h"

#include <vector>

#include "cli/words.h"

namespace millrace {
void FollowOnErrors::Note(std::string_view statement, bool accepted) {
  const auto created = FindCreatedObject(statement);
  if (!created) return;
  if (accepted) {
    refused_.erase(*created);
  } else {
    refused_.insert(*created);
  }
}

void FollowOnErrors::Suppress(std::string_view script, Diagnostics* diagnostics) const {
  std::erase_if(*diagnostics, [&](const Diagnostic& diagnostic) {
    const bool table = diagnostic.code == DiagnosticCode::kUnknownTable;
    const bool container = diagnostic.code == DiagnosticCode::kUnknownObject;
    if (!table && !container) return false;
    const Span span = diagnostic.span;
    const std::vector<Word> words = ScanWords(script.substr(span.begin, span.end - span.begin));
    if (words.empty()) return false;
    const std::string& name = words.back().text;
    return table ? refused_.contains({"table", name})
                 : refused_.contains({"database", name}) || refused_.contains({"catalog", name});
  });
}

}  // namespace millrace
