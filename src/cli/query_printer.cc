#include "cli/query_printer.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/units.h"
#include "cli/exit_status.h"
#include "cli/live_table.h"
#include "cli/result_table.h"
#include "cli/signals.h"
#include "cli/terminal.h"

namespace millrace {
namespace {

constexpr size_t kPageRows = 1024;
constexpr int64_t kLookAgainMs = 20;  // for signals while no row comes

// `printer` is a ResultPrinter or a LiveTable.
template <typename Printer>
int Print(Cursor* cursor, Printer* printer, int64_t started_ms, const Console& console) {
  const int signals_before = SignalsSeen();
  bool cancelled = false;
  printer->Begin();
  for (bool last = false; !last && !cancelled;) {
    const Result<Page> page = cursor->Next(kPageRows, kLookAgainMs);
    Status status = page.status();
    if (status.ok()) status = printer->Print(*page);
    if (!status.ok()) return console.Fail(kExitFailed, status.message());
    if constexpr (requires { printer->Tick(); }) printer->Tick();
    last = page->last();
    cancelled = SignalsSeen() > signals_before;
  }
  cursor->Cancel();
  printer->Finish(SystemClock().NowMs() - started_ms);
  if (cancelled) console.Say("[INFO] Result retrieval cancelled.\n");
  return kExitOk;
}

}  // namespace

int PrintQuery(Cursor* cursor, const Settings& settings, int64_t started_ms,
               const Console& console) {
  const std::string mode = ToLower(Trim(settings.Text("sql-client.execution.result-mode")));
  ResultStyle style = StyleFrom(settings);
  style.op_column = cursor->is_stream() || mode == "changelog";
  const ResultColumns columns(cursor->schema(), cursor->time_zone());
  const bool live = mode == "table" && style.op_column && style.layout == ResultLayout::kTableau &&
                    ObeysEscapes(console.out());
  if (!live) {
    ResultPrinter printer(columns, style, console.out());
    return Print(cursor, &printer, started_ms, console);
  }
  const auto rows_max =
      ParseInteger(Trim(settings.Text("sql-client.execution.max-table-result.rows")));
  LiveTable table(columns, style, static_cast<size_t>(std::max<int64_t>(1, rows_max.value_or(1))),
                  &SystemClock(), console.out());
  return Print(cursor, &table, started_ms, console);
}

}  // namespace millrace
