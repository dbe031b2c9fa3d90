#!/usr/bin/env bash
# Installs what is missing, builds the dev preset and runs every test.
#
#   scripts/test.sh [PATTERN]      only the tests whose names match the regular expression
#
# LABEL=fast scripts/test.sh       only the tests of a label: fast (under a minute) or slow
# WITHOUT=PATTERN scripts/test.sh  all but those
# PRESET=asan scripts/test.sh      another preset
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$MILLRACE_HOME/scripts/lib/packages.sh"

preset="${PRESET:-dev}"
# Most tests wait for conditions more than they compute, so a few more than there are cores.
jobs=$(($(nproc) + 2))

use_temporary_folder millrace-test

install_dependencies

step "Building the preset '$preset'"
build_preset "$preset"

step "Looking for a real MySQL 9"
mysql9="$("$MILLRACE_HOME/scripts/fetch-mysql9.sh")" || mysql9=""
[[ -n $mysql9 ]] || say "MySQL 9 cannot be had: its tests will be counted as SKIPPED"

# The instrumented compiler needs more of it for the deepest statements that are accepted.
[[ $preset == asan ]] && ulimit -S -s 16384

step "Running the tests"
selection=()
(($#)) && selection=(-R "$1")
[[ -n ${LABEL:-} ]] && selection+=(-L "$LABEL")
[[ -n ${WITHOUT:-} ]] && selection+=(-E "$WITHOUT")
status=0
cd "$MILLRACE_HOME"
run ctest --preset "$preset" -j "$jobs" "${selection[@]}" || status=$?
if [[ -z $mysql9 ]]; then
  say ""
  say "NOTE: the tests against a real MySQL 9 were SKIPPED, because it could not be downloaded."
fi
((status == 0)) || fail "tests failed" "build/$preset/Testing/Temporary/LastTest.log has their output."
step "All tests passed"
