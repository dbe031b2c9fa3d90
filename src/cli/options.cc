#include "cli/options.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <sstream>

#include "base/ascii.h"

namespace millrace {
namespace {

namespace po = boost::program_options;

po::options_description Visible() {
  po::options_description options("Options");
  using Texts = std::vector<std::string>;
  po::options_description_easy_init add = options.add_options();
  add("file,f", po::value<Texts>(), "run a script (repeatable; - is standard input)");
  add("command,c", po::value<Texts>(), "run statements from the command line (repeatable)");
  add("init,i", po::value<Texts>(), "run a script before the others (repeatable)");
  add("define,D", po::value<Texts>(), "KEY=VALUE: set a value that SET in scripts does not change");
  add("format", po::value<std::string>()->default_value("text"),
      "text|json: format of diagnostics and plans");
  add("fresh", "ignore checkpoints: start with a new snapshot");
  add("preflight", "with explain: check the servers that the jobs read, instead of plans");
  add("color", po::value<std::string>()->default_value("auto"), "auto|always|never");
  add("progress", po::value<std::string>()->default_value("auto"),
      "auto|none: progress line on a terminal");
  add("log-level", po::value<std::string>(),
      "debug|info|warning|error|off (default: info; warning in the shell)");
  add("log-file", po::value<std::string>(), "write the log to a file (SIGHUP opens it again)");
  add("version,V", "show the version");
  add("help,h", "show this help");
  return options;
}

std::optional<LogLevel> ParseLevel(const std::string& text) {
  constexpr std::pair<std::string_view, LogLevel> kLevels[] = {{"debug", LogLevel::kDebug},
                                                               {"info", LogLevel::kInfo},
                                                               {"warning", LogLevel::kWarning},
                                                               {"error", LogLevel::kError},
                                                               {"off", LogLevel::kOff}};
  for (const auto& [name, level] : kLevels) {
    if (EqualsIgnoreCase(name, text)) return level;
  }
  return std::nullopt;
}

// The rest of the values, checked. Returns what is wrong, or nothing.
std::string Fill(const po::variables_map& values, CommandLine* line) {
  const auto text = [&](const char* key) { return values[key].as<std::string>(); };
  if (values.count("file") != 0) {
    for (const std::string& file : values["file"].as<std::vector<std::string>>())
      line->files.push_back(file);
  }
  if (values.count("command") != 0) line->sql = values["command"].as<std::vector<std::string>>();
  if (values.count("init") != 0) line->init = values["init"].as<std::vector<std::string>>();
  if (values.count("log-file") != 0) line->log_file = text("log-file");
  line->fresh = values.count("fresh") != 0;
  line->preflight = values.count("preflight") != 0;
  if (line->preflight && line->command != Command::kExplain) {
    return "--preflight belongs to millrace explain";
  }
  if (values.count("define") != 0) {
    for (const std::string& pair : values["define"].as<std::vector<std::string>>()) {
      const size_t equal = pair.find('=');
      if (equal == std::string::npos || equal == 0)
        return fmt::format("-D takes KEY=VALUE, not \"{}\"", pair);
      line->settings.emplace_back(std::string(Trim(pair.substr(0, equal))),
                                  std::string(Trim(pair.substr(equal + 1))));
    }
  }
  if (text("format") != "text" && text("format") != "json") return "--format takes text or json";
  line->json = text("format") == "json";
  if (text("color") == "always") line->color = true;
  if (text("color") == "never") line->color = false;
  if (text("color") != "auto" && !line->color) return "--color takes auto, always or never";
  if (text("progress") != "auto" && text("progress") != "none")
    return "--progress takes auto or none";
  line->progress = text("progress") == "auto";
  if (values.count("log-level") == 0) return {};
  line->log_level = ParseLevel(text("log-level"));
  if (!line->log_level) return "--log-level takes debug, info, warning, error or off";
  return {};
}

// `millrace check FILE`, `millrace explain FILE`: the first word that is not an option.
void TakeCommand(CommandLine* line) {
  if (line->files.empty()) return;
  const std::string& word = line->files.front();
  if (word == "check" || word == "explain") {
    line->command = word == "check" ? Command::kCheck : Command::kExplain;
    line->files.erase(line->files.begin());
  }
}

}  // namespace

ParsedCommandLine ParseCommandLine(int argc, const char* const* argv) {
  ParsedCommandLine parsed;
  CommandLine& line = parsed.command_line;
  po::options_description all = Visible();
  all.add_options()("script", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("script", -1);
  po::variables_map values;
  try {
    po::store(po::command_line_parser(argc, argv).options(all).positional(positional).run(),
              values);
    po::notify(values);
    if (values.count("script") != 0) line.files = values["script"].as<std::vector<std::string>>();
    TakeCommand(&line);
    parsed.error = Fill(values, &line);
  } catch (const po::error& error) {
    parsed.error = error.what();
    return parsed;
  }
  if (values.count("help") != 0) line.command = Command::kHelp;
  if (values.count("version") != 0) line.command = Command::kVersion;
  const bool needs_script = line.command == Command::kCheck || line.command == Command::kExplain;
  if (parsed.error.empty() && needs_script && line.files.empty() && line.sql.empty()) {
    parsed.error =
        fmt::format("{} needs a script", line.command == Command::kCheck ? "check" : "explain");
  }
  return parsed;
}

std::string HelpText() {
  std::ostringstream options;
  options << Visible();
  return "millrace                      SQL shell on a terminal; otherwise runs standard input\n"
         "millrace FILE.sql [FILE...]   run scripts, one after the other, in one session\n"
         "millrace -c \"SQL; SQL\"        run statements from the command line\n"
         "millrace check FILE...        report all errors; connects to no server; every file is a\n"
         "                              session of its own\n"
         "millrace explain FILE...      show the plan of every INSERT and SELECT\n"
         "millrace explain --preflight FILE...\n"
         "                              connect to the servers that they read, check them and "
         "print\n"
         "                              what is wrong; nothing is written\n\n" +
         options.str() +
         "\nScripts are checked before their first job starts. Running a script again continues "
         "its "
         "jobs\nfrom their latest checkpoints.\n"
         "\nExit status: 0 done, or stopped by SIGINT or SIGTERM; 1 the SQL was not accepted, "
         "nothing "
         "was\ndone; 2 wrong usage; 3 a job failed while running, "
         "or a\npreflight found an error.\n";
}

std::string VersionText() { return "millrace " MILLRACE_VERSION "\n"; }

}  // namespace millrace
