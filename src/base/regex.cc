#include "base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

namespace millrace {
namespace {

constexpr uint32_t kMatchStepsMax = 1'000'000;
constexpr uint32_t kDepthMax = 10'000;
constexpr uint32_t kHeapKibMax = 16 * 1024;
constexpr size_t kPatternBytesMax = 64 * 1024;
constexpr size_t kShownMax = 60;

template <auto function>
struct Free {
  template <typename T>
  void operator()(T* pointer) const {
    function(pointer);
  }
};
using CompileContext = std::unique_ptr<pcre2_compile_context, Free<pcre2_compile_context_free>>;

Regex::Problem ProblemOf(int error) {
  switch (error) {
    case PCRE2_ERROR_QUANTIFIER_TOO_BIG:
    case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH:
    case PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED:
    case PCRE2_ERROR_LOOKBEHIND_TOO_LONG:
    case PCRE2_ERROR_PATTERN_TOO_LARGE:
    case PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
    case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP:
    case PCRE2_ERROR_SUBPATTERN_NAME_TOO_LONG:
    case PCRE2_ERROR_TOO_MANY_NAMED_SUBPATTERNS:
    case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
    case PCRE2_ERROR_HEAP_FAILED:
      return Regex::Problem::kNotSupported;
    default:
      return Regex::Problem::kInvalid;
  }
}

PCRE2_SPTR Units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

struct Regex::State {
  std::unique_ptr<pcre2_code, Free<pcre2_code_free>> code;
  std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>> data;
  std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>> context;
  std::string pattern;
  std::string_view text;
  uint32_t groups = 0;
};

Regex::Regex(std::unique_ptr<State> state) : state_(std::move(state)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

std::optional<Regex> Regex::Compile(std::string_view pattern, Match match, Case letters,
                                    Problem* problem) {
  if (problem != nullptr) *problem = Problem::kNotSupported;
  if (pattern.size() > kPatternBytesMax) return std::nullopt;
  auto state = std::make_unique<State>();
  const CompileContext compile(pcre2_compile_context_create(nullptr));
  pcre2_set_newline(compile.get(), PCRE2_NEWLINE_ANY);  // as in Java, \r and U+2028 end a line
  uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  if (match == Match::kWhole) options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL;
  if (letters == Case::kIgnored) options |= PCRE2_CASELESS;
  int error = 0;
  PCRE2_SIZE where = 0;
  state->code.reset(
      pcre2_compile(Units(pattern), pattern.size(), options, &error, &where, compile.get()));
  if (state->code == nullptr) {
    if (problem != nullptr) *problem = ProblemOf(error);
    return std::nullopt;
  }
  state->data.reset(pcre2_match_data_create_from_pattern(state->code.get(), nullptr));
  state->context.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(state->context.get(), kMatchStepsMax);
  pcre2_set_depth_limit(state->context.get(), kDepthMax);
  pcre2_set_heap_limit(state->context.get(), kHeapKibMax);
  pcre2_pattern_info(state->code.get(), PCRE2_INFO_CAPTURECOUNT, &state->groups);
  state->pattern = pattern.substr(0, kShownMax);
  return Regex(std::move(state));
}

Result<bool> Regex::Find(std::string_view text, size_t from) {
  if (text.data() == nullptr) text = "";
  state_->text = text;
  const int found = pcre2_match(state_->code.get(), Units(text), text.size(), from, 0,
                                state_->data.get(), state_->context.get());
  if (found >= 0) return true;
  if (found == PCRE2_ERROR_NOMATCH) return false;
  return Status::Permanent(fmt::format("the pattern '{}' needs too many steps on '{}'",
                                       state_->pattern, text.substr(0, kShownMax)));
}

size_t Regex::groups() const { return state_->groups; }

std::optional<std::string_view> Regex::Group(size_t index) const {
  if (index > state_->groups) return std::nullopt;
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(state_->data.get());
  const PCRE2_SIZE begin = offsets[2 * index];
  const PCRE2_SIZE end = offsets[2 * index + 1];
  if (begin == PCRE2_UNSET || end < begin) return std::nullopt;
  return state_->text.substr(begin, end - begin);
}

size_t Regex::begin() const { return pcre2_get_ovector_pointer(state_->data.get())[0]; }
size_t Regex::end() const { return pcre2_get_ovector_pointer(state_->data.get())[1]; }

}  // namespace millrace
