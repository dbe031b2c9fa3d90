#!/usr/bin/env bash
# Builds the presets asan and tsan and runs every test under them that can run under them. Takes half an hour
# on two cores; docs/testing.md records the last run.
#
#   scripts/sanitizers.sh [asan|tsan]...      both, unless named
#
# Not run: what measures time or memory, the library test (it builds another project) and the fuzzers, which
# have sanitizers of their own; under tsan also tests that kill servers in quick succession, whose deadlines it
# cannot keep.
set -uo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
(($#)) || set -- asan tsan
declare -A without=(
  [asan]='^(library|fuzz_|e2e_(backlog|watcher|kill_millrace_two_lanes|kill_millrace_union|compressed))'
  [tsan]='^(library|fuzz_|e2e_(backlog|watcher|kill_millrace_(two|union|mysql9)|kill_mysql|kill_doris_set|compressed))'
)
status=0
for preset in "$@"; do
  if [[ -z ${without[$preset]:-} ]]; then
    echo "usage: scripts/sanitizers.sh [asan|tsan]..." >&2
    exit 2
  fi
  PRESET=$preset WITHOUT="${without[$preset]}" "$home/scripts/test.sh" || status=1
done
exit $status
