#include "sql/keywords.h"

#include <FlinkSqlParser.h>
#include <antlr4-runtime.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "sql/parser.h"

namespace millrace::sql {
namespace {

using grammar::FlinkSqlParser;

struct Word {
  std::string text;
  bool reserved = false;
  bool callable = false;
  bool begins_value = false;
  bool in_syntax = false;  // a rule of the grammar names it
};

// Tokens that a rule names, without those that are only part of "any token except".
antlr4::misc::IntervalSet TokensOfRules(const antlr4::atn::ATN& atn) {
  using antlr4::atn::Transition;
  antlr4::misc::IntervalSet tokens;
  for (const antlr4::atn::ATNState* state : atn.states) {
    if (state == nullptr) continue;
    for (const auto& transition : state->transitions) {
      const auto type = transition->getSerializationType();
      if (type != Transition::NOT_SET && type != Transition::WILDCARD) {
        tokens.addAll(transition->label());
      }
    }
  }
  return tokens;
}

std::vector<Word> ReadWords() {
  FlinkSqlParser parser(nullptr);
  const antlr4::atn::ATN& atn = parser.getATN();
  const auto first_of = [&](size_t rule) { return atn.nextTokens(atn.ruleToStartState[rule]); };
  const antlr4::misc::IntervalSet names = first_of(FlinkSqlParser::RuleIdentifier);
  const antlr4::misc::IntervalSet functions = first_of(FlinkSqlParser::RuleReservedFunction);
  const antlr4::misc::IntervalSet operands = first_of(FlinkSqlParser::RuleOperand);
  antlr4::misc::IntervalSet whole = first_of(FlinkSqlParser::RuleContextVariable);
  for (const size_t type :
       {FlinkSqlParser::TRUE_WORD, FlinkSqlParser::FALSE_WORD, FlinkSqlParser::NULL_WORD,
        FlinkSqlParser::UNKNOWN, FlinkSqlParser::DEFAULT}) {
    whole.add(static_cast<ssize_t>(type));
  }
  const antlr4::misc::IntervalSet in_rules = TokensOfRules(atn);
  std::vector<Word> words;
  for (size_t type = 1; type <= parser.getVocabulary().getMaxTokenType(); ++type) {
    const std::string quoted = parser.getVocabulary().getLiteralName(type);
    if (quoted.size() < 3 || !(IsLetter(quoted[1]) || quoted[1] == '_')) continue;
    const bool name = names.contains(type);
    words.push_back({quoted.substr(1, quoted.size() - 2), !name, name || functions.contains(type),
                     operands.contains(type) && !whole.contains(type), in_rules.contains(type)});
  }
  std::sort(words.begin(), words.end(),
            [](const Word& a, const Word& b) { return a.text < b.text; });
  return words;
}

const std::vector<Word>& AllWords() {
  static const std::vector<Word> kWords = ReadWords();
  return kWords;
}

template <typename Filter>
std::vector<std::string_view> TextsOf(Filter filter) {
  std::vector<std::string_view> texts;
  for (const Word& word : AllWords()) {
    if (filter(word)) texts.emplace_back(word.text);
  }
  return texts;
}

const Word* Find(std::string_view text) {
  const std::vector<Word>& words = AllWords();
  const auto found = std::lower_bound(words.begin(), words.end(), text,
                                      [](const Word& word, std::string_view wanted) {
                                        return std::string_view(word.text) < wanted;
                                      });
  return found != words.end() && found->text == text ? &*found : nullptr;
}

}  // namespace

std::span<const std::string_view> Keywords() {
  static const std::vector<std::string_view> kTexts = TextsOf([](const Word&) { return true; });
  return kTexts;
}

std::span<const std::string_view> SyntaxWords() {
  static const std::vector<std::string_view> kTexts =
      TextsOf([](const Word& word) { return word.in_syntax; });
  return kTexts;
}

bool IsReserved(std::string_view word) {
  const Word* found = Find(ToUpper(word));
  return found != nullptr && found->reserved;
}

bool BeginsValue(std::string_view word) {
  const Word* found = Find(word);
  return found != nullptr && found->reserved && found->begins_value;
}

bool IsCallable(std::string_view word) {
  const Word* found = Find(word);
  return found == nullptr || found->callable;
}

}  // namespace millrace::sql
