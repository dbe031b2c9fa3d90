#include "minidoris/backend/error_log.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace millrace::minidoris {
namespace {

std::filesystem::path FolderOf(const std::string& data_folder) {
  return std::filesystem::path(data_folder) / "error_log";
}

}  // namespace

std::string WriteErrorLog(const std::string& data_folder, int64_t transaction,
                          std::string_view text) {
  std::error_code ignored;
  std::filesystem::create_directories(FolderOf(data_folder), ignored);
  const std::string name = fmt::format("error_log_insert_stmt_{}", transaction);
  std::ofstream(FolderOf(data_folder) / name, std::ios::binary) << text;
  return "__shard_0/" + name;
}

std::optional<std::string> ReadErrorLog(const std::string& data_folder, const std::string& name) {
  const std::filesystem::path file = FolderOf(data_folder) / std::filesystem::path(name).filename();
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!std::filesystem::is_regular_file(file, ignored) || !in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace millrace::minidoris
