#include "plan/readers.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace millrace {
namespace {

// Empty: it is read alone.
std::string KeyOf(const PlanTable& table, std::span<const Connector* const> connectors) {
  const auto found =
      std::find_if(connectors.begin(), connectors.end(),
                   [&](const Connector* connector) { return connector->name == table.connector; });
  const bool shares = found != connectors.end() && (*found)->reader_key != nullptr;
  return shares ? (*found)->reader_key(Options::FromTexts((*found)->options, table.options))
                : std::string();
}

}  // namespace

std::vector<PlanReader> ReadersOf(const Plan& plan, std::span<const Connector* const> connectors) {
  std::vector<PlanReader> readers;
  std::map<std::pair<std::string, std::string>, size_t> by_key;
  for (uint32_t i = 0; i < plan.sources.size(); ++i) {
    const PlanTable& table = plan.sources[i].table;
    std::string key = KeyOf(table, connectors);
    const auto [entry, is_new] =
        key.empty() ? std::pair(by_key.end(), true)
                    : by_key.try_emplace({table.connector, std::move(key)}, readers.size());
    if (is_new) {
      readers.push_back({i});
    } else {
      readers[entry->second].push_back(i);
    }
  }
  return readers;
}

}  // namespace millrace
