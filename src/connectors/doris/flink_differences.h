// What Flink's Doris connector would do otherwise with a table that is written under the same
// options. All of it is about rows that would be late, doubled, damaged or left over there.
#pragma once

#include "connectors/connector.h"

namespace millrace::doris {

// 'sink.properties.two_phase_commit' without 'sink.enable-2pc': known when the table is declared.
void CheckTwoPhaseHeader(const Options& options, Diagnostics* diagnostics);

// Everything else, when a statement writes the table. Warnings only; pure.
void CompareWithFlink(const Options& options, const SinkUse& use, Diagnostics* diagnostics);

}  // namespace millrace::doris
