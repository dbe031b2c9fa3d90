// The files that list the filtered rows of a load with the reasons. ErrorURL names them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::minidoris {

// Writes the log of a transaction below the data folder; returns the name under which to read it.
std::string WriteErrorLog(const std::string& data_folder, int64_t transaction,
                          std::string_view text);
// Nothing if there is no such log. Only the last part of the name counts, so that no file of
// another folder can be read.
std::optional<std::string> ReadErrorLog(const std::string& data_folder, const std::string& name);

}  // namespace millrace::minidoris
