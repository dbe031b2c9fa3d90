#!/usr/bin/env bash
# clang-tidy over the sources with the checks of .clang-tidy. The first run over everything takes a quarter of an hour.
#
#   scripts/lint.sh [FILE.cc...]     all of src/, unless named
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

command -v clang-tidy-14 >/dev/null ||
  fail "clang-tidy-14 is not installed" "As root: apt-get install clang-tidy-14"
# The preset of Clang: what it learns of the precompiled headers of GCC it could not read.
folder="$MILLRACE_HOME/build/fuzz"
(cd "$MILLRACE_HOME" && run cmake --preset fuzz && run cmake --build --preset fuzz --target millrace_grammar millrace_mysql_grammar)
(($#)) || mapfile -t files < <(find "$MILLRACE_HOME/src" -name '*.cc' | sort)
(($#)) && files=("$@")
status=0
printf '%s\0' "${files[@]}" |
  xargs -0 -P "$(nproc)" -n 4 clang-tidy-14 -p "$folder" --quiet 2>/dev/null || status=$?
((status == 0)) || fail "clang-tidy has findings; they are above"
say "clang-tidy: ${#files[@]} files, no findings"
