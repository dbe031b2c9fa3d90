# Sourced by the scripts: what they say, how they stop, and who they are.
# shellcheck shell=bash

MILLRACE_HOME="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck disable=SC2034  # for those who source this
MILLRACE_CACHE="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/millrace"

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n==> %s\n' "$*" >&2; }
fail() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

# Runs a command so that a signal to this script is handled at once and not after the command: the
# traps of the caller see $running and stop it.
running=""
run() {
  "$@" &
  running=$!
  local status=0
  wait "$running" || status=$?
  running=""
  return "$status"
}

# A folder for what the tests and measurements make, MILLRACE_TEST_TMP. Whatever ends the script, the
# folder goes and nothing that runs stays.
use_temporary_folder() {
  MILLRACE_TEST_TMP="$(mktemp -d "${TMPDIR:-/tmp}/$1.XXXXXX")"
  export MILLRACE_TEST_TMP
  trap remove_temporary_folder EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}
remove_temporary_folder() {
  trap '' INT TERM
  stop_process "$running"
  rm -rf "$MILLRACE_TEST_TMP"
}

# Waits until the command given succeeds: await SECONDS "what for" command...
await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then return 1; fi
    sleep 0.1
  done
  : "$what"
}

# Ends a process of ours and waits for it; after ten seconds the hard way. Never fails.
stop_process() {
  local pid=$1 deadline=$((SECONDS + 10))
  [[ -n $pid ]] && kill -TERM "$pid" 2>/dev/null || return 0
  while kill -0 "$pid" 2>/dev/null && ((SECONDS < deadline)); do sleep 0.05; done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  return 0
}

# Runs a command whose output goes to a file, and shows how it is doing in one line meanwhile: the last
# line of the file on a terminal, nothing else. When it fails the end of the file is shown.
#   run_quietly FILE "what it does" command...
run_quietly() {
  local file=$1 what=$2 status=0 started=$SECONDS
  shift 2
  "$@" >"$file" 2>&1 &
  running=$!
  if [[ -t 2 ]]; then
    while kill -0 "$running" 2>/dev/null; do
      printf '\r\033[K    %s' "$(tail -c 400 "$file" | tr '\r' '\n' | tail -n 1 | cut -c 1-90)" >&2
      sleep 0.3
    done
    printf '\r\033[K' >&2
  fi
  wait "$running" || status=$?
  running=""
  if ((status != 0)); then
    tail -n 60 "$file" >&2
    say ""
    say "This was the end of $file"
    return "$status"
  fi
  say "    $what: done in $((SECONDS - started)) s"
}

# Configures and builds a preset: build_preset PRESET [TARGET...]
build_preset() {
  local preset=$1
  shift
  local folder="$MILLRACE_HOME/build/$preset"
  mkdir -p "$folder"
  run_quietly "$folder/configure.log" "configure" \
    cmake -S "$MILLRACE_HOME" --preset "$preset" ||
    fail "cmake could not configure the preset '$preset'" "The end of its output is above."
  # Ninja itself, and not `cmake --build`, which would not pass a signal on.
  run_quietly "$folder/build.log" "build" ninja -C "$folder" "$@" ||
    fail "the preset '$preset' does not build" "The end of the compiler's messages is above."
}

# The Python that sees Debian's packages, whatever comes first in PATH.
system_python() {
  if [[ -x /usr/bin/python3 ]]; then echo /usr/bin/python3; else command -v python3; fi
}
