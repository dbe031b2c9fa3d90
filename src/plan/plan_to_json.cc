#include <fmt/format.h>

#include "base/encode.h"
#include "base/json.h"
#include "base/quote.h"
#include "expr/functions/function_table.h"
#include "plan/plan.h"

namespace millrace {
namespace {

Json TableJson(const PlanTable& table, bool with_secrets) {
  Json columns = Json::Array();
  for (const Column& column : table.schema.columns) {
    Json entry = Json::Object({{"name", column.name}, {"type", ToString(column.type)}});
    if (!column.metadata_key.empty()) entry.Set("metadata", column.metadata_key);
    columns.Append(std::move(entry));
  }
  Json options = Json::Object();
  for (const auto& [key, value] : table.options) {
    const bool hide = !with_secrets && !value.empty() && IsSecret(key, {});
    options.Set(key, hide ? std::string(kRedacted) : value);
  }
  return Json::Object({{"name", table.name},
                       {"connector", table.connector},
                       {"options", std::move(options)},
                       {"columns", std::move(columns)},
                       {"key", Json::ArrayOf(table.schema.key)}});
}

// Bytes are not text that JSON could hold: two hexadecimal digits each.
Json ValueJson(const Constant& constant) {
  if (constant.is_null) return Json();
  return constant.type.is_binary() ? Json(ToHex(constant.text)) : Json(constant.text);
}

Json ProgramJson(const Program& program) {
  Json constants = Json::Array();
  for (const Constant& constant : program.constants()) {
    constants.Append(Json::Object({{"slot", constant.slot},
                                   {"type", ToString(constant.type)},
                                   {"value", ValueJson(constant)}}));
  }
  Json instructions = Json::Array();
  for (const Instruction& instruction : program.instructions()) {
    Json entry = Json::Object({{"op", ToString(instruction.op)}});
    if (instruction.function != nullptr) entry.Set("function", instruction.function->name);
    entry.Set("out", instruction.out);
    entry.Set("in", Json::ArrayOf(instruction.in));
    entry.Set("type", ToString(instruction.type));
    instructions.Append(std::move(entry));
  }
  return Json::Object({{"stride", program.stride()},
                       {"constants", std::move(constants)},
                       {"instructions", std::move(instructions)},
                       {"filter", program.filter_slot()}});
}

Json SourceJson(const PlanSource& source, bool with_secrets) {
  return Json::Object({{"table", TableJson(source.table, with_secrets)},
                       {"columns", Json::ArrayOf(source.columns)},
                       {"limit", source.limit}});
}

Json FlowJson(const PlanFlow& flow) {
  return Json::Object({{"source", flow.source},
                       {"sink", flow.sink},
                       {"select", Json::ArrayOf(flow.select)},
                       {"where", flow.where},
                       {"program", ProgramJson(flow.program)}});
}

Json SinkJson(const PlanSink& sink, bool with_secrets) {
  Json types = Json::Array();
  for (const Type& type : sink.types) types.Append(ToString(type));
  return Json::Object({{"table", TableJson(sink.table, with_secrets)},
                       {"columns", Json::ArrayOf(sink.columns)},
                       {"slots", Json::ArrayOf(sink.slots)},
                       {"types", std::move(types)},
                       {"updates", sink.updates},
                       {"limit", sink.limit}});
}

Json SettingsJson(const Plan& plan) {
  return Json::Object({{"checkpoint_interval_ms", plan.checkpoint_interval_ms},
                       {"checkpoint_dir", plan.checkpoint_dir},
                       {"parallelism", plan.parallelism},
                       {"time_zone", plan.time_zone},
                       {"checkpoints_retained", plan.checkpoints_retained},
                       {"restart", Json::Object({{"attempts", plan.restart.attempts},
                                                 {"window_ms", plan.restart.window_ms},
                                                 {"delay_ms", plan.restart.delay_ms},
                                                 {"delay_max_ms", plan.restart.delay_max_ms},
                                                 {"multiplier", plan.restart.multiplier}})}});
}

}  // namespace

std::string ToJson(const Plan& plan, bool with_secrets) {
  Json sources = Json::Array();
  for (const PlanSource& source : plan.sources) sources.Append(SourceJson(source, with_secrets));
  Json flows = Json::Array();
  for (const PlanFlow& flow : plan.flows) flows.Append(FlowJson(flow));
  Json sinks = Json::Array();
  for (const PlanSink& sink : plan.sinks) sinks.Append(SinkJson(sink, with_secrets));
  const Json json = Json::Object({{"version", Plan::kVersion},
                                  {"kind", plan.is_select ? "select" : "insert"},
                                  {"job", plan.job},
                                  {"sources", std::move(sources)},
                                  {"flows", std::move(flows)},
                                  {"sinks", std::move(sinks)},
                                  {"settings", SettingsJson(plan)},
                                  {"fingerprint", Fingerprint(plan)}});
  return json.ToIndentedText() + "\n";
}

}  // namespace millrace
