#!/usr/bin/env bash
# Builds the release preset and measures: snapshot and binlog end to end into `minidoris --discard` and into
# blackhole, of narrow and wide rows and of transactions of one row, beside a bare client that only counts
# bytes, with the limits that are to be held; the time from a commit to the sink; how long the compiler takes
# for a long script; and how long the shell takes to its first prompt. Takes some minutes; nothing else
# should run on the machine.
#
#   scripts/bench.sh [--rows ROWS_PER_SHARD] [--runs RUNS] [--baseline BUILD_FOLDER] [--only NAME ...]
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$MILLRACE_HOME/scripts/lib/packages.sh"

use_temporary_folder millrace-bench

install_dependencies
step "Building the preset 'release'"
build_preset release millrace minidoris bare_reader
step "Measuring"
export MILLRACE_BINARY_DIR="$MILLRACE_HOME/build/release" PYTHONDONTWRITEBYTECODE=1
run "$(system_python)" "$MILLRACE_HOME/tests/bench/bench.py" "$@"
step "Measuring the compiler"
run "$(system_python)" "$MILLRACE_HOME/tests/bench/compile_script.py" "$MILLRACE_BINARY_DIR/millrace"
step "Measuring the start of the shell"
XDG_STATE_HOME="$MILLRACE_TEST_TMP" run "$(system_python)" "$MILLRACE_HOME/tests/bench/startup.py"
