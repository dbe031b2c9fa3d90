#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "expr/functions/function_table.h"
#include "plan/plan.h"

namespace millrace {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson TableJson(const PlanTable& table, bool with_secrets) {
  OrderedJson columns = OrderedJson::array();
  for (const Column& column : table.schema.columns) {
    OrderedJson entry = {{"name", column.name}, {"type", ToString(column.type)}};
    if (!column.metadata_key.empty()) entry["metadata"] = column.metadata_key;
    columns.push_back(std::move(entry));
  }
  OrderedJson options = OrderedJson::object();
  for (const auto& [key, value] : table.options) {
    const bool hide = !with_secrets && !value.empty() && IsSecret(key, {});
    options[key] = hide ? std::string(kRedacted) : value;
  }
  return {{"name", table.name},
          {"connector", table.connector},
          {"options", std::move(options)},
          {"columns", std::move(columns)},
          {"key", table.schema.key}};
}

// Bytes are no text that JSON could hold: two hexadecimal digits each.
std::string ToHex(std::string_view bytes) {
  std::string digits;
  for (const char c : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return digits;
}

std::optional<std::string> FromHex(std::string_view digits) {
  std::string bytes;
  if (digits.size() % 2 != 0) return std::nullopt;
  for (size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const char* end = digits.data() + i + 2;
    if (std::from_chars(digits.data() + i, end, value, 16).ptr != end) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

OrderedJson ProgramJson(const Program& program) {
  OrderedJson constants = OrderedJson::array();
  for (const Constant& constant : program.constants()) {
    constants.push_back({{"slot", constant.slot},
                         {"type", ToString(constant.type)},
                         {"value", constant.is_null            ? OrderedJson()
                                   : constant.type.is_binary() ? OrderedJson(ToHex(constant.text))
                                                               : OrderedJson(constant.text)}});
  }
  OrderedJson instructions = OrderedJson::array();
  for (const Instruction& instruction : program.instructions()) {
    OrderedJson entry = {{"op", ToString(instruction.op)}};
    if (instruction.function != nullptr) entry["function"] = instruction.function->name;
    entry["out"] = instruction.out;
    entry["in"] = instruction.in;
    entry["type"] = ToString(instruction.type);
    instructions.push_back(std::move(entry));
  }
  return {{"stride", program.stride()},
          {"constants", std::move(constants)},
          {"instructions", std::move(instructions)},
          {"filter", program.filter_slot()}};
}

// Values of a plan's JSON that are missing or of the wrong kind end the reading.
struct Malformed {
  std::string what;
};

template <typename T>
T Read(const OrderedJson& json, const char* key) {
  if (!json.is_object() || !json.contains(key))
    throw Malformed{fmt::format("\"{}\" is missing", key)};
  try {
    return json.at(key).get<T>();
  } catch (const OrderedJson::exception&) {
    throw Malformed{fmt::format("\"{}\" is of the wrong kind", key)};
  }
}

Type ReadType(const OrderedJson& json) {
  const std::optional<Type> type = ParseType(Read<std::string>(json, "type"));
  if (!type) throw Malformed{"\"type\" is not a type"};
  return *type;
}

PlanTable ReadTable(const OrderedJson& json) {
  PlanTable table;
  table.name = Read<std::string>(json, "name");
  table.connector = Read<std::string>(json, "connector");
  table.options = Read<std::map<std::string, std::string>>(json, "options");
  for (const OrderedJson& column : Read<OrderedJson>(json, "columns")) {
    table.schema.columns.push_back(
        {Read<std::string>(column, "name"), ReadType(column),
         column.contains("metadata") ? Read<std::string>(column, "metadata") : std::string()});
  }
  table.schema.key = Read<std::vector<uint32_t>>(json, "key");
  return table;
}

const Function* ReadFunction(const OrderedJson& json) {
  const auto name = Read<std::string>(json, "function");
  const size_t arguments = Read<std::vector<uint32_t>>(json, "in").size();
  const Function* function = FindFunction(name, arguments);
  if (function == nullptr || function->evaluate == nullptr || !function->Takes(arguments)) {
    throw Malformed{"\"function\" is not a function that can be called so"};
  }
  return function;
}

Program ReadProgram(const OrderedJson& json) {
  std::vector<Constant> constants;
  for (const OrderedJson& entry : Read<OrderedJson>(json, "constants")) {
    const OrderedJson value = Read<OrderedJson>(entry, "value");
    const Type type = ReadType(entry);
    std::string text = value.is_null() ? std::string() : value.get<std::string>();
    if (type.is_binary()) {
      const std::optional<std::string> bytes = FromHex(text);
      if (!bytes) throw Malformed{"\"value\" is not hexadecimal"};
      text = *bytes;
    }
    constants.push_back({Read<uint32_t>(entry, "slot"), type, std::move(text), value.is_null()});
  }
  std::vector<Instruction> instructions;
  for (const OrderedJson& entry : Read<OrderedJson>(json, "instructions")) {
    const std::optional<Op> op = ParseOp(Read<std::string>(entry, "op"));
    if (!op) throw Malformed{"\"op\" is not an instruction"};
    instructions.push_back({*op, Read<uint32_t>(entry, "out"),
                            Read<std::vector<uint32_t>>(entry, "in"), ReadType(entry)});
    if (*op == Op::kCall) instructions.back().function = ReadFunction(entry);
  }
  return Program(Read<uint32_t>(json, "stride"), std::move(constants), std::move(instructions),
                 Read<int64_t>(json, "filter"));
}

void Require(bool holds, const char* what) {
  if (!holds) throw Malformed{what};
}

// Indexes and slots must be within bounds: the engine does not check them again.
bool Below(std::span<const uint32_t> values, size_t limit) {
  return std::all_of(values.begin(), values.end(), [&](uint32_t value) { return value < limit; });
}

void CheckProgram(const Program& program) {
  const size_t slots = program.stride() + program.constants().size();
  Require(program.filter_slot() < static_cast<int64_t>(slots), "program.filter");
  for (size_t i = 0; i < program.instructions().size(); ++i) {
    const Instruction& instruction = program.instructions()[i];
    const bool jump = instruction.op <= Op::kJumpIfNotNull;
    Require(Below(instruction.in, slots), "program.instructions.in");
    Require(jump || instruction.op == Op::kCall || !instruction.in.empty(),
            "program.instructions.in");
    const bool check = !jump && instruction.op <= Op::kCheckLength;
    Require(!check || instruction.in.size() == 2, "program.instructions.in");
    Require(jump ? instruction.out > i && instruction.out <= program.instructions().size()
                 : instruction.out < program.stride(),
            "program.instructions.out");
  }
  for (size_t i = 0; i < program.constants().size(); ++i) {
    Require(program.constants()[i].slot == program.stride() + i, "program.constants");
  }
}

void CheckTable(const PlanTable& table, std::span<const uint32_t> columns) {
  Require(Below(table.schema.key, table.schema.columns.size()), "key");
  Require(Below(columns, table.schema.columns.size()), "columns");
}

void CheckPlan(const Plan& plan) {
  for (const PlanSource& source : plan.sources) CheckTable(source.table, source.columns);
  for (const PlanSink& sink : plan.sinks) {
    CheckTable(sink.table, sink.columns);
    Require(sink.slots.size() == sink.columns.size() && sink.types.size() == sink.columns.size(),
            "sinks.slots");
  }
  std::vector<bool> read(plan.sources.size());
  std::vector<bool> written(plan.sinks.size());
  for (const PlanFlow& flow : plan.flows) {
    Require(flow.source < plan.sources.size() && flow.sink < plan.sinks.size(), "flows");
    read[flow.source] = written[flow.sink] = true;
    CheckProgram(flow.program);
    Require(plan.sources[flow.source].columns.size() <= flow.program.stride(), "program.stride");
    Require(Below(plan.sinks[flow.sink].slots, flow.program.stride()), "sinks.slots");
  }
  const auto all = [](const std::vector<bool>& used) {
    return !used.empty() && std::find(used.begin(), used.end(), false) == used.end();
  };
  Require(all(read) && all(written), "flows");
  Require(!plan.is_select || plan.sinks.size() == 1, "sinks");
}

PlanSource ReadSource(const OrderedJson& json) {
  PlanSource source;
  source.table = ReadTable(Read<OrderedJson>(json, "table"));
  source.columns = Read<std::vector<uint32_t>>(json, "columns");
  source.limit = Read<int64_t>(json, "limit");
  return source;
}

PlanFlow ReadFlow(const OrderedJson& json) {
  PlanFlow flow;
  flow.source = Read<uint32_t>(json, "source");
  flow.sink = Read<uint32_t>(json, "sink");
  flow.select = Read<std::vector<std::string>>(json, "select");
  flow.where = Read<std::string>(json, "where");
  flow.program = ReadProgram(Read<OrderedJson>(json, "program"));
  return flow;
}

PlanSink ReadSink(const OrderedJson& json) {
  PlanSink sink;
  sink.table = ReadTable(Read<OrderedJson>(json, "table"));
  sink.columns = Read<std::vector<uint32_t>>(json, "columns");
  sink.slots = Read<std::vector<uint32_t>>(json, "slots");
  for (const std::string& name : Read<std::vector<std::string>>(json, "types")) {
    const std::optional<Type> type = ParseType(name);
    Require(type.has_value(), "sinks.types");
    sink.types.push_back(*type);
  }
  sink.updates = Read<bool>(json, "updates");
  sink.limit = Read<int64_t>(json, "limit");
  return sink;
}

Plan ReadPlan(const OrderedJson& json) {
  Plan plan;
  if (Read<int>(json, "version") != Plan::kVersion) {
    throw Malformed{fmt::format("its version is not {}", Plan::kVersion)};
  }
  plan.job = Read<std::string>(json, "job");
  plan.is_select = Read<std::string>(json, "kind") == "select";
  for (const OrderedJson& source : Read<OrderedJson>(json, "sources"))
    plan.sources.push_back(ReadSource(source));
  for (const OrderedJson& flow : Read<OrderedJson>(json, "flows"))
    plan.flows.push_back(ReadFlow(flow));
  for (const OrderedJson& sink : Read<OrderedJson>(json, "sinks"))
    plan.sinks.push_back(ReadSink(sink));
  const OrderedJson settings = Read<OrderedJson>(json, "settings");
  plan.checkpoint_interval_ms = Read<int64_t>(settings, "checkpoint_interval_ms");
  plan.checkpoint_dir = Read<std::string>(settings, "checkpoint_dir");
  plan.parallelism = Read<int>(settings, "parallelism");
  plan.time_zone = Read<std::string>(settings, "time_zone");
  plan.checkpoints_retained = Read<int>(settings, "checkpoints_retained");
  const OrderedJson restart = Read<OrderedJson>(settings, "restart");
  plan.restart = {Read<int64_t>(restart, "attempts"), Read<int64_t>(restart, "window_ms"),
                  Read<int64_t>(restart, "delay_ms"), Read<int64_t>(restart, "delay_max_ms"),
                  Read<double>(restart, "multiplier")};
  CheckPlan(plan);
  return plan;
}

OrderedJson SourceJson(const PlanSource& source, bool with_secrets) {
  return {{"table", TableJson(source.table, with_secrets)},
          {"columns", source.columns},
          {"limit", source.limit}};
}

OrderedJson FlowJson(const PlanFlow& flow) {
  return {{"source", flow.source},
          {"sink", flow.sink},
          {"select", flow.select},
          {"where", flow.where},
          {"program", ProgramJson(flow.program)}};
}

OrderedJson SinkJson(const PlanSink& sink, bool with_secrets) {
  std::vector<std::string> types;
  for (const Type& type : sink.types) types.push_back(ToString(type));
  return {{"table", TableJson(sink.table, with_secrets)},
          {"columns", sink.columns},
          {"slots", sink.slots},
          {"types", types},
          {"updates", sink.updates},
          {"limit", sink.limit}};
}

bool Known(const std::string& name, std::span<const Connector* const> connectors) {
  return std::any_of(connectors.begin(), connectors.end(),
                     [&](const Connector* connector) { return connector->name == name; });
}

}  // namespace

std::string ToJson(const Plan& plan, bool with_secrets) {
  OrderedJson sources = OrderedJson::array();
  for (const PlanSource& source : plan.sources) sources.push_back(SourceJson(source, with_secrets));
  OrderedJson flows = OrderedJson::array();
  for (const PlanFlow& flow : plan.flows) flows.push_back(FlowJson(flow));
  OrderedJson sinks = OrderedJson::array();
  for (const PlanSink& sink : plan.sinks) sinks.push_back(SinkJson(sink, with_secrets));
  const OrderedJson json = {{"version", Plan::kVersion},
                            {"kind", plan.is_select ? "select" : "insert"},
                            {"job", plan.job},
                            {"sources", std::move(sources)},
                            {"flows", std::move(flows)},
                            {"sinks", std::move(sinks)},
                            {"settings",
                             {{"checkpoint_interval_ms", plan.checkpoint_interval_ms},
                              {"checkpoint_dir", plan.checkpoint_dir},
                              {"parallelism", plan.parallelism},
                              {"time_zone", plan.time_zone},
                              {"checkpoints_retained", plan.checkpoints_retained},
                              {"restart",
                               {{"attempts", plan.restart.attempts},
                                {"window_ms", plan.restart.window_ms},
                                {"delay_ms", plan.restart.delay_ms},
                                {"delay_max_ms", plan.restart.delay_max_ms},
                                {"multiplier", plan.restart.multiplier}}}}},
                            {"fingerprint", Fingerprint(plan)}};
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

Result<Plan> PlanFromJson(std::string_view text, std::span<const Connector* const> connectors) {
  const OrderedJson json = OrderedJson::parse(text, nullptr, false);
  if (json.is_discarded()) return Status::Permanent("the plan is not JSON");
  try {
    Plan plan = ReadPlan(json);
    std::vector<std::string> needed;
    for (const PlanSource& source : plan.sources) needed.push_back(source.table.connector);
    for (const PlanSink& sink : plan.sinks) {
      if (!plan.is_select) needed.push_back(sink.table.connector);
    }
    for (const std::string& name : needed) {
      if (!Known(name, connectors)) {
        return Status::Permanent(
            fmt::format("the plan needs connector \"{}\", which is not known", name));
      }
    }
    return plan;
  } catch (const Malformed& malformed) {
    return Status::Permanent("the plan cannot be read: " + malformed.what);
  } catch (const OrderedJson::exception& error) {
    return Status::Permanent(fmt::format("the plan cannot be read: {}", error.what()));
  }
}

}  // namespace millrace
