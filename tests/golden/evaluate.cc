#include "evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expr/cast.h"
#include "row/batch.h"
#include "row/print.h"

namespace {

std::string CellText(const millrace::Cell& cell, const millrace::TimeZone& zone) {
  std::string text;
  if (cell.kind == millrace::CellKind::kBytes) {
    text = "x'";
    for (const char c : cell.view()) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text + "'";
  }
  if (cell.is_structured()) {
    millrace::Arena arena;
    return std::string(millrace::TextOf(cell, &arena, zone));
  }
  millrace::AppendCell(&text, cell, zone);
  return text;
}

}  // namespace

millrace::Result<std::vector<EvaluatedColumn>> EvaluateRow(const millrace::Plan& plan,
                                                           int64_t now_ms) {
  const auto zone = millrace::TimeZone::Parse(plan.time_zone).value_or(millrace::TimeZone());
  const millrace::Program& program = plan.flows[0].program;
  const millrace::PlanSink& sink = plan.sinks[0];
  millrace::Batch batch(program.stride());
  std::fill_n(batch.AddRow(millrace::RowKind::kInsert), program.stride(), millrace::Cell::Null());
  millrace::ProgramRun run(program, {.zone = zone, .query_time_ms = now_ms});
  std::vector<uint32_t> selected;
  MR_RETURN_IF_ERROR(run.Run(&batch, &selected));
  std::vector<EvaluatedColumn> columns;
  for (size_t i = 0; i < sink.slots.size() && !selected.empty(); ++i) {
    const millrace::Cell& cell = batch.row(0)[sink.slots[i]];
    EvaluatedColumn column{sink.types[i], cell.is_null(), cell.kind == millrace::CellKind::kText,
                           ""};
    if (!column.is_null) column.text = CellText(cell, zone);
    columns.push_back(std::move(column));
  }
  return columns;
}
