#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace millrace {

bool IsTerminal(std::FILE* stream) { return ::isatty(fileno(stream)) != 0; }

bool ObeysEscapes(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::string_view(term).empty() || std::string_view(term) == "dumb") {
    return false;
  }
  return IsTerminal(stream);
}

std::FILE* HumanStream() { return IsTerminal(stdout) ? stdout : stderr; }

TerminalSize SizeOf(std::FILE* stream) {
  winsize size{};
  if (::ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
    return {};
  }
  return {size.ws_row, size.ws_col};
}

}  // namespace millrace
