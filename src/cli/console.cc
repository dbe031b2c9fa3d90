#include "cli/console.h"

#include <fmt/format.h>

#include "cli/progress_line.h"
#include "cli/terminal.h"

namespace millrace {
namespace {

void Put(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace

void Console::Print(std::string_view text) const { Put(options_.out, text); }

void Console::Say(const std::string& text) const {
  Put(options_.err, options_.progress ? std::string(kEraseLine) + text : text);
}

int Console::Fail(int status, const std::string& text) const {
  Say(fmt::format("error: {}\n", text));
  return status;
}

void Console::Inform(const std::string& text) const { Say(fmt::format("[INFO] {}\n\n", text)); }

void Console::Announce(LogLevel level, const std::string& text) const {
  log_.Write(level, text);
  const bool wanted = level != LogLevel::kInfo || options_.interactive || !options_.log_on_err;
  if (LogIsSeen(level) || !wanted) return;
  Say(level == LogLevel::kError ? fmt::format("error: {}\n", text) : text + "\n");
}

std::string Console::Draw(const Diagnostics& diagnostics, std::string_view script_name,
                          std::string_view script) const {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    text += options_.json ? RenderJson(diagnostic, script_name, script)
                          : Render(diagnostic, script_name, script, options_.color);
  }
  return text;
}

void Console::Show(const Diagnostics& diagnostics, std::string_view script_name,
                   std::string_view script) const {
  if (!diagnostics.empty()) Say(Draw(diagnostics, script_name, script));
}

void Console::DrawProgress(const std::string& line) const {
  Put(options_.err, std::string(kEraseLine) + Shortened(line, SizeOf(options_.err).columns - 1));
}

void Console::EraseProgress() const { Put(options_.err, kEraseLine); }

}  // namespace millrace
