// What the terminal that we write to can do.
#pragma once

#include <cstddef>
#include <cstdio>

namespace millrace {

// A terminal, and one that obeys ANSI escapes: TERM is neither missing nor "dumb".
bool IsTerminal(std::FILE* stream);
bool ObeysEscapes(std::FILE* stream);

// Where prompts go: standard output, unless that is taken for something else.
std::FILE* HumanStream();

struct TerminalSize {
  size_t rows = 24;
  size_t columns = 80;
};
TerminalSize SizeOf(std::FILE* stream);

}  // namespace millrace
