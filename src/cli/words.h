// The words of a statement, just finely enough to recognise commands of the shell, to complete what
// is being typed and to find secrets. Accepts anything; the parser judges.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class WordKind : unsigned char {
  kWord,    // select, t1, execution.checkpointing is three words and two symbols
  kName,    // `a name`
  kText,    // 'a text'
  kSymbol,  // one other character
};

struct Word {
  WordKind kind = WordKind::kWord;
  std::string text;  // without quotes
  size_t begin = 0;  // bytes in the statement, quotes included
  size_t end = 0;
  bool closed = true;  // its closing quote is there

  // An unquoted word, without regard to case.
  bool Is(std::string_view upper) const;
  bool IsSymbol(char symbol) const { return kind == WordKind::kSymbol && text[0] == symbol; }
};

// Comments are left out.
std::vector<Word> ScanWords(std::string_view sql);

}  // namespace millrace
