// A plan read from JSON. The text is not trusted: every value is checked, and so is every index and
// slot, because the engine does not check them again.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/encode.h"
#include "base/json.h"
#include "base/quote.h"
#include "expr/functions/function_table.h"
#include "plan/plan.h"
#include "plan/settings.h"

namespace millrace {
namespace {

// Reads values of a plan's JSON. The first mistake is kept; after it, and for the value it is
// about, everything reads as empty, so that the caller asks once at the end.
class PlanReader final {
 public:
  // The first mistake; empty if there was none.
  const std::string& error() const { return error_; }

  Plan ReadPlan(const Json& json) {
    Plan plan;
    const int version = Int(json, "version");
    if (version != Plan::kVersion) Fail(fmt::format("its version is not {}", Plan::kVersion));
    plan.job = Text(json, "job");
    plan.is_select = Text(json, "kind") == "select";
    for (const Json& source : Items(json, "sources")) plan.sources.push_back(ReadSource(source));
    for (const Json& flow : Items(json, "flows")) plan.flows.push_back(ReadFlow(flow));
    for (const Json& sink : Items(json, "sinks")) plan.sinks.push_back(ReadSink(sink));
    ReadSettings(Member(json, "settings"), &plan);
    return plan;
  }

 private:
  void Fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
  }
  template <typename T>
  T Checked(std::optional<T> value, const char* key) {
    if (!value) Fail(fmt::format("\"{}\" is of the wrong kind", key));
    return value ? std::move(*value) : T();
  }

  const Json& Member(const Json& json, const char* key) {
    if (!json.Has(key)) Fail(fmt::format("\"{}\" is missing", key));
    return json[key];
  }
  std::string Text(const Json& json, const char* key) {
    return Checked(Member(json, key).AsString(), key);
  }
  int64_t Long(const Json& json, const char* key) {
    return Checked(Member(json, key).AsInt(), key);
  }
  int Int(const Json& json, const char* key) {
    return Checked(Narrow<int>(Member(json, key).AsInt()), key);
  }
  uint32_t Index(const Json& json, const char* key) {
    return Checked(Narrow<uint32_t>(Member(json, key).AsInt()), key);
  }
  std::span<const Json> Items(const Json& json, const char* key) {
    const Json& array = Member(json, key);
    if (!array.is_array()) Fail(fmt::format("\"{}\" is of the wrong kind", key));
    return array.items();
  }
  std::vector<uint32_t> Indexes(const Json& json, const char* key) {
    std::vector<uint32_t> values;
    for (const Json& item : Items(json, key)) {
      values.push_back(Checked(Narrow<uint32_t>(item.AsInt()), key));
    }
    return values;
  }
  std::vector<std::string> Texts(const Json& json, const char* key) {
    std::vector<std::string> values;
    for (const Json& item : Items(json, key)) values.push_back(Checked(item.AsString(), key));
    return values;
  }
  Type TypeOf(const std::string& text, const char* what) {
    const std::optional<Type> type = ParseType(text);
    if (!type) Fail(what);
    return type.value_or(Type());
  }

  template <typename T>
  static std::optional<T> Narrow(std::optional<int64_t> value) {
    if (!value || *value < std::numeric_limits<T>::min() || *value > std::numeric_limits<T>::max())
      return std::nullopt;
    return static_cast<T>(*value);
  }

  PlanTable ReadTable(const Json& json) {
    PlanTable table;
    table.name = Text(json, "name");
    table.connector = Text(json, "connector");
    const Json& options = Member(json, "options");
    if (!options.is_object()) Fail("\"options\" is of the wrong kind");
    for (const Json::Member& option : options.members()) {
      table.options[option.name] = Checked(option.value.AsString(), "options");
    }
    for (const Json& column : Items(json, "columns")) {
      table.schema.columns.push_back({Text(column, "name"),
                                      TypeOf(Text(column, "type"), "\"type\" is not a type"),
                                      column.Has("metadata") ? Text(column, "metadata") : ""});
    }
    table.schema.key = Indexes(json, "key");
    return table;
  }

  PlanSource ReadSource(const Json& json) {
    PlanSource source;
    source.table = ReadTable(Member(json, "table"));
    source.columns = Indexes(json, "columns");
    source.limit = Long(json, "limit");
    return source;
  }

  PlanFlow ReadFlow(const Json& json) {
    PlanFlow flow;
    flow.source = Index(json, "source");
    flow.sink = Index(json, "sink");
    flow.select = Texts(json, "select");
    flow.where = Text(json, "where");
    flow.program = ReadProgram(Member(json, "program"));
    return flow;
  }

  PlanSink ReadSink(const Json& json) {
    PlanSink sink;
    sink.table = ReadTable(Member(json, "table"));
    sink.columns = Indexes(json, "columns");
    sink.slots = Indexes(json, "slots");
    for (const std::string& name : Texts(json, "types")) {
      sink.types.push_back(TypeOf(name, "sinks.types"));
    }
    sink.updates = Checked(Member(json, "updates").AsBool(), "updates");
    sink.limit = Long(json, "limit");
    return sink;
  }

  Program ReadProgram(const Json& json) {
    std::vector<Constant> constants;
    for (const Json& entry : Items(json, "constants")) constants.push_back(ReadConstant(entry));
    std::vector<Instruction> instructions;
    for (const Json& entry : Items(json, "instructions")) {
      instructions.push_back(ReadInstruction(entry));
    }
    return Program(Index(json, "stride"), std::move(constants), std::move(instructions),
                   Long(json, "filter"));
  }

  Constant ReadConstant(const Json& json) {
    Constant constant;
    constant.slot = Index(json, "slot");
    constant.type = TypeOf(Text(json, "type"), "\"type\" is not a type");
    const Json& value = Member(json, "value");
    constant.is_null = value.is_null();
    if (!constant.is_null) constant.text = Checked(value.AsString(), "value");
    if (!constant.type.is_binary()) return constant;
    const std::optional<std::string> bytes = FromHex(constant.text);
    if (!bytes) Fail("\"value\" is not hexadecimal");
    constant.text = bytes.value_or("");
    return constant;
  }

  Instruction ReadInstruction(const Json& json) {
    Instruction instruction{};
    const std::optional<Op> op = ParseOp(Text(json, "op"));
    if (!op) Fail("\"op\" is not an instruction");
    instruction.op = op.value_or(Op());
    instruction.out = Index(json, "out");
    instruction.in = Indexes(json, "in");
    instruction.type = TypeOf(Text(json, "type"), "\"type\" is not a type");
    if (instruction.op == Op::kCall) {
      instruction.function = ReadFunction(json, instruction.in.size());
    }
    return instruction;
  }

  const Function* ReadFunction(const Json& json, size_t arguments) {
    const Function* function = FindFunction(Text(json, "function"), arguments);
    if (function == nullptr || function->evaluate == nullptr || !function->Takes(arguments)) {
      Fail("\"function\" is not a function with these arguments");
    }
    return function;
  }

  void ReadSettings(const Json& json, Plan* plan) {
    plan->checkpoint_interval_ms = Long(json, "checkpoint_interval_ms");
    plan->checkpoint_dir = Text(json, "checkpoint_dir");
    const std::string_view scheme = RemoteScheme(plan->checkpoint_dir);
    if (!scheme.empty()) {
      Fail(fmt::format("\"checkpoint_dir\" is on {}, which is not supported", scheme));
    }
    plan->parallelism = Int(json, "parallelism");
    plan->time_zone = Text(json, "time_zone");
    plan->checkpoints_retained = Int(json, "checkpoints_retained");
    const Json& restart = Member(json, "restart");
    plan->restart.attempts = Long(restart, "attempts");
    plan->restart.window_ms = Long(restart, "window_ms");
    plan->restart.delay_ms = Long(restart, "delay_ms");
    plan->restart.delay_max_ms = Long(restart, "delay_max_ms");
    plan->restart.multiplier = Checked(Member(restart, "multiplier").AsDouble(), "multiplier");
  }

  std::string error_;
};

bool Below(std::span<const uint32_t> values, size_t limit) {
  return std::all_of(values.begin(), values.end(), [&](uint32_t value) { return value < limit; });
}

// Checks the indexes and slots of a plan: the name of the first value that is out of bounds; empty
// if there is none.
std::string_view FaultOf(const Program& program) {
  const size_t slots = program.stride() + program.constants().size();
  if (program.filter_slot() >= static_cast<int64_t>(slots)) return "program.filter";
  for (size_t i = 0; i < program.instructions().size(); ++i) {
    const Instruction& instruction = program.instructions()[i];
    const bool jump = instruction.op <= Op::kJumpIfNotNull;
    const bool check = !jump && instruction.op <= Op::kCheckLength;
    const bool has_input = jump || instruction.op == Op::kCall || !instruction.in.empty();
    if (!Below(instruction.in, slots) || !has_input || (check && instruction.in.size() != 2)) {
      return "program.instructions.in";
    }
    const bool in_bounds =
        jump ? instruction.out > i && instruction.out <= program.instructions().size()
             : instruction.out < program.stride();
    if (!in_bounds) return "program.instructions.out";
  }
  for (size_t i = 0; i < program.constants().size(); ++i) {
    if (program.constants()[i].slot != program.stride() + i) return "program.constants";
  }
  return {};
}

std::string_view FaultOf(const PlanTable& table, std::span<const uint32_t> columns) {
  if (!Below(table.schema.key, table.schema.columns.size())) return "key";
  if (!Below(columns, table.schema.columns.size())) return "columns";
  return {};
}

std::string_view FaultOf(const Plan& plan, const PlanFlow& flow) {
  if (flow.source >= plan.sources.size() || flow.sink >= plan.sinks.size()) return "flows";
  const std::string_view fault = FaultOf(flow.program);
  if (!fault.empty()) return fault;
  if (plan.sources[flow.source].columns.size() > flow.program.stride()) return "program.stride";
  return Below(plan.sinks[flow.sink].slots, flow.program.stride()) ? "" : "sinks.slots";
}

std::string_view FaultOf(const Plan& plan) {
  for (const PlanSource& source : plan.sources) {
    const std::string_view fault = FaultOf(source.table, source.columns);
    if (!fault.empty()) return fault;
  }
  for (const PlanSink& sink : plan.sinks) {
    const std::string_view fault = FaultOf(sink.table, sink.columns);
    if (!fault.empty()) return fault;
    const size_t columns = sink.columns.size();
    if (sink.slots.size() != columns || sink.types.size() != columns) return "sinks.slots";
  }
  std::vector<bool> read(plan.sources.size());
  std::vector<bool> written(plan.sinks.size());
  for (const PlanFlow& flow : plan.flows) {
    const std::string_view fault = FaultOf(plan, flow);
    if (!fault.empty()) return fault;
    read[flow.source] = written[flow.sink] = true;
  }
  const auto all = [](const std::vector<bool>& used) {
    return !used.empty() && std::find(used.begin(), used.end(), false) == used.end();
  };
  if (!all(read) || !all(written)) return "flows";
  return plan.is_select && plan.sinks.size() != 1 ? "sinks" : "";
}

Status CheckConnector(const PlanTable& table, std::span<const Connector* const> connectors) {
  const bool known = table.is_single_row() ||
                     std::any_of(connectors.begin(), connectors.end(), [&](const Connector* one) {
                       return one->name == table.connector;
                     });
  if (known) return Status::Ok();
  return Status::Permanent(
      fmt::format("the plan needs connector {}, which is not known", Quoted(table.connector)));
}

}  // namespace

Result<Plan> PlanFromJson(std::string_view text, std::span<const Connector* const> connectors) {
  const Result<Json> json = Json::Parse(text);
  if (!json.ok()) return Status::Permanent("the plan is not JSON");
  PlanReader reader;
  Plan plan = reader.ReadPlan(*json);
  if (!reader.error().empty()) {
    return Status::Permanent("the plan cannot be read: " + reader.error());
  }
  const std::string_view fault = FaultOf(plan);
  if (!fault.empty()) return Status::Permanent(fmt::format("the plan cannot be read: {}", fault));
  for (const PlanSource& source : plan.sources) {
    MR_RETURN_IF_ERROR(CheckConnector(source.table, connectors));
  }
  for (const PlanSink& sink : plan.sinks) {
    if (!plan.is_select) MR_RETURN_IF_ERROR(CheckConnector(sink.table, connectors));
  }
  return plan;
}

}  // namespace millrace
