#include "engine/variables.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"

namespace millrace {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kEscapedOpen = "$${";
// Shorter values are concealed only where a message quotes them: they would be found in any word.
constexpr size_t kConcealedBytesMin = 4;

void ReplaceAll(std::string* text, std::string_view what, std::string_view with) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

// Walks over a statement and knows whether it is inside of a string literal, a name or a comment.
class VariableExpander final {
 public:
  VariableExpander(std::string_view script, size_t begin, size_t end, const VariableLookup& lookup,
                   Diagnostics* diagnostics)
      : script_(script.substr(0, end)), lookup_(lookup), diagnostics_(diagnostics), at_(begin) {
    result_.script_begin_ = begin;
  }

  std::optional<ExpandedStatement> Run() {
    while (at_ < script_.size()) Step();
    if (failed_) return std::nullopt;
    return std::move(result_);
  }

 private:
  bool Peek(std::string_view text) const { return script_.substr(at_).starts_with(text); }

  // Slashes of "file:///folder" open no comment.
  bool AfterAddress() const {
    return at_ > 0 && (script_[at_ - 1] == ':' || script_[at_ - 1] == '/');
  }

  void Copy(size_t end) {
    result_.text_ += script_.substr(at_, end - at_);
    at_ = end;
  }

  void Step() {
    const char c = script_[at_];
    if (Peek(kEscapedOpen)) {
      Replace(at_ + kEscapedOpen.size(), "", std::string(kOpen));
    } else if (Peek(kOpen)) {
      Expand();
    } else if (quote_ != 0) {
      if (c == quote_) quote_ = 0;  // a doubled one opens it again at once
      Copy(at_ + 1);
    } else if (Peek("--") || (Peek("//") && !AfterAddress())) {
      Copy(std::min(script_.find('\n', at_), script_.size()));
    } else if (Peek("/*") && !Peek("/*+")) {
      const size_t end = script_.find("*/", at_ + 2);
      Copy(end == std::string_view::npos ? script_.size() : end + 2);
    } else {
      if (c == '\'' || c == '`') quote_ = c;
      Copy(at_ + 1);
    }
  }

  void Expand() {
    const size_t close = script_.find('}', at_);
    const size_t end = close == std::string_view::npos ? at_ + kOpen.size() : close + 1;
    const std::string name(close == std::string_view::npos
                               ? ""
                               : script_.substr(at_ + kOpen.size(), close - at_ - kOpen.size()));
    if (!IsVariableName(name)) {
      return Reject(end, DiagnosticCode::kSyntaxError, "${ is not followed by a name and }",
                    "Write $${ for a plain ${, or SET 'millrace.expand-variables' = 'false'.");
    }
    const std::optional<std::string> value = lookup_(name);
    if (!value) {
      return Reject(end, DiagnosticCode::kUnknownVariable,
                    fmt::format("variable {} is not defined", Quoted(name)),
                    fmt::format("Define it with -D {}=... or in the environment.", name));
    }
    Replace(end, name, *value);
  }

  void Reject(size_t end, DiagnosticCode code, std::string message, std::string hint) {
    diagnostics_->push_back({code, {at_, end}, std::move(message), std::move(hint)});
    failed_ = true;
    at_ = end;
  }

  // Puts `value` in place of the script up to `end`. No name: nothing to conceal.
  void Replace(size_t end, const std::string& name, const std::string& value) {
    const size_t begin = result_.text_.size();
    for (const char c : value) result_.text_.append(c == quote_ ? 2 : 1, c);
    result_.replacements_.push_back({begin, result_.text_.size(), at_, end, name, value});
    at_ = end;
  }

  std::string_view script_;
  const VariableLookup& lookup_;
  Diagnostics* diagnostics_;
  size_t at_;
  char quote_ = 0;  // 0: outside of string literals and names
  bool failed_ = false;
  ExpandedStatement result_;
};

size_t ExpandedStatement::ToScript(size_t offset, bool is_end) const {
  size_t copied_from = 0;                     // in text_: after the last replacement
  size_t script_copied_from = script_begin_;  // the same in the script
  for (const Replacement& replacement : replacements_) {
    if (offset < replacement.begin || (offset == replacement.begin && is_end)) break;
    if (offset < replacement.end || offset == replacement.begin) {
      return is_end ? replacement.script_end : replacement.script_begin;
    }
    copied_from = replacement.end;
    script_copied_from = replacement.script_end;
  }
  return script_copied_from + (offset - copied_from);
}

std::string ExpandedStatement::Concealed(std::string message) const {
  for (const Replacement& replacement : replacements_) {
    if (replacement.name.empty() || replacement.value.empty()) continue;
    const std::string shown = "${" + replacement.name + "}";
    // As written into the statement, with quotes doubled, and as the parser understood it.
    const std::string written =
        text_.substr(replacement.begin, replacement.end - replacement.begin);
    for (const std::string& secret : {written, replacement.value}) {
      if (secret.size() >= kConcealedBytesMin) {
        ReplaceAll(&message, secret, shown);
      } else {
        ReplaceAll(&message, Quoted(secret), Quoted(shown));
      }
    }
  }
  return message;
}

Diagnostic ExpandedStatement::InScript(Diagnostic diagnostic) const {
  diagnostic.span = {ToScript(diagnostic.span.begin, false), ToScript(diagnostic.span.end, true)};
  diagnostic.message = Concealed(std::move(diagnostic.message));
  diagnostic.hint = Concealed(std::move(diagnostic.hint));
  return diagnostic;
}

std::optional<ExpandedStatement> ExpandVariables(std::string_view script, size_t begin, size_t end,
                                                 const VariableLookup& lookup,
                                                 Diagnostics* diagnostics) {
  return VariableExpander(script, begin, end, lookup, diagnostics).Run();
}

bool IsVariableName(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

}  // namespace millrace
