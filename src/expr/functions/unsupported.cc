// Functions of Flink that Millrace does not run, and why.
#include <fmt/format.h>

#include <algorithm>

#include "expr/functions/function_table.h"

namespace millrace {
namespace {

struct Kind {
  std::string_view name;
  std::string_view advice;
};
constexpr Kind kRows{"Table functions", "Functions that make rows are not supported."};
constexpr Kind kAggregate{"Aggregates", "Aggregates are not supported; run {} in Doris."};
constexpr Kind kWindow{"Window functions", "Window functions are not supported; run {} in Doris."};
constexpr Kind kTimeWindow{"Windows over time", "Windows over time are not supported."};
constexpr Kind kMatch{"Functions of MATCH_RECOGNIZE", "MATCH_RECOGNIZE is not supported."};
constexpr Kind kModel{"Functions of models", "Models are not supported."};
constexpr Kind kObject{"Functions of objects of a user-defined type",
                       "Objects of a user-defined type are not supported."};
constexpr Kind kEventTime{"Functions of event time", "Event time is not supported."};
constexpr Kind kUsers{"Functions that return a user or role", "Millrace has no users and roles."};
constexpr Kind kNotOfFlink{"Part of Flink's grammar, but not functions in Flink",
                           "{} is part of Flink's grammar, but Flink has no such function."};
constexpr Kind kVariant{"Functions of VARIANT values", "VARIANT values are not supported."};

constexpr UnsupportedFunction Make(std::string_view name, const Kind& kind) {
  return {name, kind.name, kind.advice};
}

constexpr UnsupportedFunction kUnsupported[] = {
    Make("UNNEST", kRows),
    Make("APPROX_COUNT_DISTINCT", kAggregate),
    Make("ARRAY_AGG", kAggregate),
    Make("GROUPING", kAggregate),
    Make("GROUPING_ID", kAggregate),
    Make("GROUP_ID", kAggregate),
    Make("JSON_ARRAYAGG", kAggregate),
    Make("JSON_OBJECTAGG", kAggregate),
    Make("AVG", kAggregate),
    Make("COLLECT", kAggregate),
    Make("COUNT", kAggregate),
    Make("FIRST_VALUE", kAggregate),
    Make("LAST_VALUE", kAggregate),
    Make("LISTAGG", kAggregate),
    Make("MAX", kAggregate),
    Make("MIN", kAggregate),
    Make("PERCENTILE", kAggregate),
    Make("STDDEV", kAggregate),
    Make("STDDEV_POP", kAggregate),
    Make("STDDEV_SAMP", kAggregate),
    Make("SUM", kAggregate),
    Make("SUM0", kAggregate),
    Make("VARIANCE", kAggregate),
    Make("VAR_POP", kAggregate),
    Make("VAR_SAMP", kAggregate),
    Make("CUME_DIST", kWindow),
    Make("DENSE_RANK", kWindow),
    Make("LAG", kWindow),
    Make("LEAD", kWindow),
    Make("NTILE", kWindow),
    Make("PERCENT_RANK", kWindow),
    Make("RANK", kWindow),
    Make("ROW_NUMBER", kWindow),
    Make("NTH_VALUE", kWindow),
    Make("CUMULATE", kTimeWindow),
    Make("HOP", kTimeWindow),
    Make("HOP_END", kTimeWindow),
    Make("HOP_PROCTIME", kTimeWindow),
    Make("HOP_ROWTIME", kTimeWindow),
    Make("HOP_START", kTimeWindow),
    Make("SESSION", kTimeWindow),
    Make("SESSION_END", kTimeWindow),
    Make("SESSION_PROCTIME", kTimeWindow),
    Make("SESSION_ROWTIME", kTimeWindow),
    Make("SESSION_START", kTimeWindow),
    Make("TUMBLE", kTimeWindow),
    Make("TUMBLE_END", kTimeWindow),
    Make("TUMBLE_PROCTIME", kTimeWindow),
    Make("TUMBLE_ROWTIME", kTimeWindow),
    Make("TUMBLE_START", kTimeWindow),
    Make("CLASSIFIER", kMatch),
    Make("FIRST", kMatch),
    Make("LAST", kMatch),
    Make("MATCH_NUMBER", kMatch),
    Make("MATCH_PROCTIME", kMatch),
    Make("MATCH_ROWTIME", kMatch),
    Make("NEXT", kMatch),
    Make("PREV", kMatch),
    Make("ML_EVALUATE", kModel),
    Make("ML_PREDICT", kModel),
    Make("VECTOR_SEARCH", kModel),
    Make("OBJECT_OF", kObject),
    Make("OBJECT_UPDATE", kObject),
    Make("CURRENT_WATERMARK", kEventTime),
    Make("SOURCE_WATERMARK", kEventTime),
    Make("STREAMRECORD_TIMESTAMP", kEventTime),
    Make("CURRENT_DEFAULT_TRANSFORM_GROUP", kUsers),
    Make("CURRENT_PATH", kUsers),
    Make("CURRENT_ROLE", kUsers),
    Make("CURRENT_USER", kUsers),
    Make("SESSION_USER", kUsers),
    Make("SYSTEM_USER", kUsers),
    Make("USER", kUsers),
    Make("FORMAT JSON", kNotOfFlink),
    Make("ILIKE", kNotOfFlink),
    Make("RLIKE", kNotOfFlink),
    Make("PARSE_JSON", kVariant),
    Make("TRY_PARSE_JSON", kVariant),
};

}  // namespace

std::string UnsupportedFunction::Hint() const { return fmt::format(fmt::runtime(advice), name); }

std::span<const UnsupportedFunction> UnsupportedFunctions() { return kUnsupported; }

const UnsupportedFunction* FindUnsupported(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kUnsupported), std::end(kUnsupported),
                   [&](const UnsupportedFunction& function) { return function.name == name; });
  return found == std::end(kUnsupported) ? nullptr : &*found;
}

}  // namespace millrace
