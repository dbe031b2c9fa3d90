// Functions of Flink that this engine knows and does not run, and why.
#include <algorithm>

#include "expr/functions/function_table.h"

namespace millrace {
namespace {

constexpr std::string_view kArray = "needs ARRAY, MAP or ROW, which have no values in this engine";
constexpr std::string_view kAggregate = "is an aggregate";
constexpr std::string_view kWindow = "is a window function";
constexpr std::string_view kEventTime = "needs event time";
constexpr std::string_view kUsers = "needs users, which this engine does not have";
constexpr std::string_view kNotOfFlink = "is in the grammar of Flink only, no function of it";
constexpr std::string_view kVariant = "needs VARIANT, which has no values in this engine";

constexpr RefusedFunction kRefused[] = {
    {"ARRAY", kArray},
    {"ARRAY_AGG", kAggregate},
    {"ARRAY_APPEND", kArray},
    {"ARRAY_CONCAT", kArray},
    {"ARRAY_CONTAINS", kArray},
    {"ARRAY_DISTINCT", kArray},
    {"ARRAY_EXCEPT", kArray},
    {"ARRAY_INTERSECT", kArray},
    {"ARRAY_JOIN", kArray},
    {"ARRAY_MAX", kArray},
    {"ARRAY_MIN", kArray},
    {"ARRAY_POSITION", kArray},
    {"ARRAY_PREPEND", kArray},
    {"ARRAY_REMOVE", kArray},
    {"ARRAY_REVERSE", kArray},
    {"ARRAY_SLICE", kArray},
    {"ARRAY_SORT", kArray},
    {"ARRAY_UNION", kArray},
    {"CARDINALITY", kArray},
    {"ELEMENT", kArray},
    {"GROUPING", kAggregate},
    {"GROUPING_ID", kAggregate},
    {"GROUP_ID", kAggregate},
    {"JSON_ARRAYAGG", kAggregate},
    {"JSON_OBJECTAGG", kAggregate},
    {"MAP", kArray},
    {"MAP_ENTRIES", kArray},
    {"MAP_FROM_ARRAYS", kArray},
    {"MAP_KEYS", kArray},
    {"MAP_UNION", kArray},
    {"MAP_VALUES", kArray},
    {"ROW", kArray},
    {"SPLIT", kArray},
    {"STR_TO_MAP", kArray},
    {"REGEXP_EXTRACT_ALL", kArray},
    {"UNNEST", kArray},
    {"AVG", kAggregate},
    {"COLLECT", kAggregate},
    {"COUNT", kAggregate},
    {"FIRST_VALUE", kAggregate},
    {"LAST_VALUE", kAggregate},
    {"LISTAGG", kAggregate},
    {"MAX", kAggregate},
    {"MIN", kAggregate},
    {"STDDEV", kAggregate},
    {"STDDEV_POP", kAggregate},
    {"STDDEV_SAMP", kAggregate},
    {"SUM", kAggregate},
    {"SUM0", kAggregate},
    {"VARIANCE", kAggregate},
    {"VAR_POP", kAggregate},
    {"VAR_SAMP", kAggregate},
    {"CUME_DIST", kWindow},
    {"DENSE_RANK", kWindow},
    {"LAG", kWindow},
    {"LEAD", kWindow},
    {"NTILE", kWindow},
    {"PERCENT_RANK", kWindow},
    {"RANK", kWindow},
    {"ROW_NUMBER", kWindow},
    {"CUMULATE", kWindow},
    {"HOP", kWindow},
    {"SESSION", kWindow},
    {"TUMBLE", kWindow},
    {"CURRENT_WATERMARK", kEventTime},
    {"SOURCE_WATERMARK", kEventTime},
    {"CURRENT_DEFAULT_TRANSFORM_GROUP", kUsers},
    {"CURRENT_PATH", kUsers},
    {"CURRENT_ROLE", kUsers},
    {"CURRENT_USER", kUsers},
    {"SESSION_USER", kUsers},
    {"SYSTEM_USER", kUsers},
    {"USER", kUsers},
    {"FORMAT JSON", kNotOfFlink},
    {"ILIKE", kNotOfFlink},
    {"RLIKE", kNotOfFlink},
    {"PARSE_JSON", kVariant},
    {"TRY_PARSE_JSON", kVariant},
};

}  // namespace

std::span<const RefusedFunction> RefusedFunctions() { return kRefused; }

const RefusedFunction* FindRefused(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kRefused), std::end(kRefused),
                   [&](const RefusedFunction& refused) { return refused.name == name; });
  return found == std::end(kRefused) ? nullptr : &*found;
}

}  // namespace millrace
