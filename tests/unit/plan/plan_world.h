// What tests of the compiler share: connectors that only describe themselves, catalogs, and SQL
// parsed to the statement it is expected to be.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plan/catalog.h"
#include "plan/plan_context.h"
#include "plan/settings.h"
#include "sql/parser.h"

namespace millrace {

inline constexpr OptionSpec kStoreOptions[] = {{.key = "path"}, {.key = "old", .ignored = true}};
inline constexpr Connector kStore = {.name = "store",
                                     .options = kStoreOptions,
                                     .is_source = true,
                                     .is_sink = true,
                                     .accepts_updates = true};
inline constexpr Connector kLog = {
    .name = "log", .is_source = true, .emits_updates = [](const Options&) { return true; }};
inline constexpr const Connector* kPlanConnectors[] = {&kStore, &kLog};

struct PlanWorld {
  Catalogs catalogs;
  Settings settings;
  Diagnostics diagnostics;
  PlanContext context{kPlanConnectors, catalogs, settings, &diagnostics};

  template <typename Node>
  Node Parse(std::string_view sql) {
    std::optional<sql::Statement> statement = sql::Parse(sql, 0, &diagnostics);
    REQUIRE_MESSAGE(statement.has_value(), sql);
    return std::get<Node>(std::move(statement->node));
  }

  // Adds a table to the current database.
  void Create(std::string_view sql) {
    const auto create = Parse<sql::CreateTable>(sql);
    const auto path = catalogs.Resolve(create.name, &diagnostics);
    REQUIRE(path.has_value());
    std::optional<TableDefinition> table = DefineTable(create, path->ToString(), context);
    REQUIRE_MESSAGE(table.has_value(), sql);
    catalogs.Put(*path, {std::make_shared<TableDefinition>(std::move(*table)), nullptr, false});
  }

  // The only diagnostic, which is then forgotten.
  Diagnostic TakeOnly() {
    REQUIRE(diagnostics.size() == 1);
    Diagnostic only = diagnostics[0];
    diagnostics.clear();
    return only;
  }
};

}  // namespace millrace
