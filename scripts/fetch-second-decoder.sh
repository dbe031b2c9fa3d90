#!/usr/bin/env bash
# Fetches the Python package mysql-replication for the tests, another reader of MySQL's binlog, without
# installing it: two pinned wheels, compared with their checksums and unpacked into a cache folder. Prints
# that folder, for Python's path. Status 1 if they cannot be had; the tests are then skipped.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

readonly kVersion=1.0.17
readonly kRequirements="\
mysql-replication==$kVersion --hash=sha256:280b13bdf290e2a83c355cd20f65a59d37b5df9197ce87f630e8b71d56745a3a
packaging==24.2 --hash=sha256:09abb1bccd265c01f4a3aa3f7a7db064b36514d2cba19a2f694fe6150451a759"
readonly kDeadlineS=60 # a registry that does not answer

target="$MILLRACE_CACHE/mysql-replication-$kVersion"
mkdir -p "$MILLRACE_CACHE"
exec 9>"$MILLRACE_CACHE/mysql-replication.lock"
flock 9
if [[ -e $target/ready ]]; then
  echo "$target"
  exit 0
fi

python="$(system_python)"
if "$python" -m pip --version >/dev/null 2>&1; then
  pip=("$python" -m pip)
elif command -v pip3 >/dev/null; then
  pip=(pip3)
else
  fail "pip is missing" "It comes with: apt-get install python3-pip"
fi

work="$(mktemp -d "$MILLRACE_CACHE/mysql-replication-fetch.XXXXXX")"
trap 'stop_process "$running"; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "downloading mysql-replication $kVersion"
echo "$kRequirements" >"$work/requirements.txt"
run timeout "$kDeadlineS" "${pip[@]}" --disable-pip-version-check --quiet install --no-deps --only-binary=:all: \
  --require-hashes --no-compile --retries 1 --timeout 10 --target "$work/tree" -r "$work/requirements.txt" \
  >"$work/log" 2>&1 || {
  tail -3 "$work/log" >&2
  fail "mysql-replication $kVersion could not be downloaded" "Is this machine offline?"
}
: >"$work/tree/ready"
rm -rf "$target"
mv "$work/tree" "$target"
echo "$target"
