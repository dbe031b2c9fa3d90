// How the rows of one server table fill the rows of a batch: the slot and the type of each needed
// column, the slots of metadata, and those of declared columns that this table does not have; and
// which changes come at all. Made once per table; a declared type that cannot hold the server's
// type is an error here, naming both.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/passed_on_options.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/values/cell_writer.h"

namespace millrace::mysql {

enum class Metadata : uint8_t { kDatabaseName, kTableName, kOperationTime, kRowKind, kMask };

struct MetadataSlot {
  uint32_t slot;
  Metadata what;
  uint32_t characters = 0;  // kMask: instead of every value of a column
};

struct RowLayout {
  uint32_t capture = 0;  // SourceRequest::number
  ServerTable table;
  std::vector<std::optional<TargetColumn>> targets;  // by server column; nothing: not needed
  std::vector<MetadataSlot> metadata;
  std::vector<uint32_t> null_slots;  // declared columns this table does not have
  bool append_only = false;          // every change is an insert
  SkippedKinds skipped{};            // no rows come of these events
};

struct ReadRules {
  // An integer may be wider than its declared type: each value is looked at, and one that does not
  // fit is an error. For tables that were altered.
  bool checks_values = false;
  std::set<std::string> null_columns = {};  // declared columns that are NULL whatever the table has
  ZeroDates* zero_dates = nullptr;          // of the source, outlives the layout; may be null
};

Result<RowLayout> MakeLayout(const ServerTable& table, const SourceRequest& request,
                             const ReadRules& rules = {});

// Whether a declared type can hold values of a server column, if each is looked at.
bool CanRead(const ServerColumn& column, const Type& declared, BytesAs bytes_as);

// The names of a table in memory of a batch, so that cells may point to them.
struct TableNames {
  std::string_view database;
  std::string_view table;
};
TableNames CopyNames(const RowLayout& layout, Arena* arena);

// Fills the slots that do not come from columns. `second`: of the event, 0 in a snapshot.
void FillMetadata(const RowLayout& layout, const TableNames& names, RowKind kind, int64_t second,
                  Cell* row);

// The Flink type that holds every value of a server column, for hints.
std::string SuggestedType(const ServerColumn& column);

}  // namespace millrace::mysql
