#include "expr/text.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/utf8.h"

namespace millrace {
namespace {

std::string_view CharacterAt(std::string_view text, size_t at) {
  return text.substr(at, Utf8Length(text, at));
}

}  // namespace

void Joiner::Add(std::string_view text) {
  if (!first_) Append(separator_);
  first_ = false;
  Append(text);
}

void Joiner::Append(std::string_view text) {
  if (size_ + text.size() > capacity_) {
    capacity_ = std::max(2 * capacity_, size_ + text.size() + 64);
    char* grown = arena_->Allocate(capacity_);
    if (size_ > 0) std::memcpy(grown, begin_, size_);
    begin_ = grown;
  }
  text.copy(begin_ + size_, text.size());
  size_ += text.size();
}

bool Like(std::string_view text, std::string_view pattern, std::string_view escape) {
  size_t t = 0;
  size_t p = 0;
  size_t star = std::string_view::npos;  // after the last %, and the text position tried for it
  size_t star_text = 0;
  while (t < text.size() || p < pattern.size()) {
    bool matched = false;
    if (p < pattern.size()) {
      const std::string_view wanted = CharacterAt(pattern, p);
      const bool escaped =
          !escape.empty() && wanted == escape && p + wanted.size() < pattern.size();
      if (!escaped && wanted == "%") {
        star = p + 1;
        star_text = t;
        p = star;
        continue;
      }
      if (t < text.size()) {
        const std::string_view found = CharacterAt(text, t);
        const std::string_view literal = escaped ? CharacterAt(pattern, p + wanted.size()) : wanted;
        if ((!escaped && wanted == "_") || literal == found) {
          t += found.size();
          p += literal.size() + (escaped ? wanted.size() : 0);
          matched = true;
        }
      }
    }
    if (matched) continue;
    if (star == std::string_view::npos || star_text >= text.size()) return false;
    star_text += Utf8Length(text, star_text);
    t = star_text;
    p = star;
  }
  return true;
}

std::string_view ChangeCase(std::string_view text, bool upper, Arena* arena) {
  constexpr size_t kGrowthMax = 2;  // no simple mapping makes a character more than twice as long
  char* const begin = arena->Allocate(text.size() * kGrowthMax);
  char* out = begin;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) < 0x80) [[likely]] {
      *out++ = upper ? ToUpper(c) : ToLower(c);
      ++at;
      continue;
    }
    size_t length = 0;
    if (const std::optional<uint32_t> code = DecodeUtf8(text, at, &length)) {
      out = EncodeUtf8(upper ? ToUpperCode(*code) : ToLowerCode(*code), out);
    } else {
      *out++ = c;  // a broken one
    }
    at += length;
  }
  const auto size = static_cast<size_t>(out - begin);
  arena->Shrink(text.size() * kGrowthMax, size);
  return {begin, size};
}

std::string_view TrimText(std::string_view text, std::string_view set, bool front, bool back) {
  if (set == " ") {  // nearly always; no other character contains this byte
    while (front && text.starts_with(' ')) text.remove_prefix(1);
    while (back && text.ends_with(' ')) text.remove_suffix(1);
    return text;
  }
  const auto in_set = [&](std::string_view character) {
    for (size_t at = 0; at < set.size(); at += Utf8Length(set, at)) {
      if (CharacterAt(set, at) == character) return true;
    }
    return false;
  };
  while (front && !text.empty() && in_set(CharacterAt(text, 0))) {
    text.remove_prefix(Utf8Length(text, 0));
  }
  while (back && !text.empty()) {
    size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xc0) == 0x80) --last;
    if (!in_set(text.substr(last))) break;
    text = text.substr(0, last);
  }
  return text;
}

std::string_view Substring(std::string_view text, int64_t start, int64_t length) {
  if (start < 0) start = CountCharacters(text) + start + 1;
  if (start < 0) return {};
  size_t from = 0;
  for (int64_t i = 1; i < start && from < text.size(); ++i) from += Utf8Length(text, from);
  size_t to = from;
  for (int64_t i = 0; i < length && to < text.size(); ++i) to += Utf8Length(text, to);
  return text.substr(from, to - from);
}

int64_t CountCharacters(std::string_view text) {
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); at += Utf8Length(text, at)) ++count;
  return count;
}

std::string_view ReplaceText(std::string_view text, std::string_view from, std::string_view to,
                             Arena* arena) {
  Joiner joiner(arena, to);
  if (from.empty()) {  // before and after every character
    joiner.Add("");
    for (size_t at = 0; at < text.size(); at += CharacterAt(text, at).size()) {
      joiner.Add(CharacterAt(text, at));
    }
    joiner.Add("");
    return joiner.Finish();
  }
  for (;;) {
    const size_t at = text.find(from);
    joiner.Add(text.substr(0, at));
    if (at == std::string_view::npos) return joiner.Finish();
    text.remove_prefix(at + from.size());
  }
}

std::string_view ValidUtf8(std::string_view bytes, Arena* arena) {
  if (IsUtf8(bytes)) return bytes;
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  char* target = arena->Allocate(kReplacement.size() * bytes.size());
  size_t size = 0;
  for (size_t at = 0; at < bytes.size();) {
    const std::string_view character = bytes.substr(at, Utf8Length(bytes, at));
    const std::string_view kept = IsUtf8(character) ? character : kReplacement;
    kept.copy(target + size, kept.size());
    size += kept.size();
    at += character.size();
  }
  arena->Shrink(kReplacement.size() * bytes.size(), size);
  return {target, size};
}

}  // namespace millrace
