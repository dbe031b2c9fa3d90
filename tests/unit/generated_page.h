// Pages of docs/ that are made from a table in the program: a test holds each to the letter.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace millrace {

// Text for a cell of a Markdown table.
inline std::string EscapedCell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

// The file docs/`name` is `page`; with REWRITE=1 it becomes it first.
inline void CheckPage(const std::string& name, const std::string& page) {
  const char* folder = std::getenv("MILLRACE_SOURCE_DIR");
  REQUIRE(folder != nullptr);
  const std::string path = std::string(folder) + "/docs/" + name;
  const char* rewrite = std::getenv("REWRITE");
  if (rewrite != nullptr && std::string_view(rewrite) == "1") std::ofstream(path) << page;
  std::ifstream file(path);
  const std::string written(std::istreambuf_iterator<char>(file), {});
  CHECK_MESSAGE(written == page, name << " is out of date; REWRITE=1 writes it");
}

}  // namespace millrace
