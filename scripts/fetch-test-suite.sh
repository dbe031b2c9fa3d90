#!/usr/bin/env bash
# Fetches the test suite of a server, without installing it: Debian's package of it, from the mirror this machine
# already uses. What has statements in it is unpacked into a cache folder, whose name is printed. Status 1 if it
# cannot be had; the tests that read it are then skipped.
#
#   scripts/fetch-test-suite.sh mariadb|mysql9
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/private_apt.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/private_apt.sh"

case ${1:-} in
  mariadb) package=mariadb-test-data suite="" ;;
  mysql9) package=mysql-testsuite suite=sid ;;
  *) fail "usage: fetch-test-suite.sh mariadb|mysql9" ;;
esac
name="test-suite-$1"

mkdir -p "$MILLRACE_CACHE"
exec 9>"$MILLRACE_CACHE/$name.lock"
flock 9
ready="$(find "$MILLRACE_CACHE" -mindepth 1 -maxdepth 1 -name "$name-*" 2>/dev/null | sort -V | tail -1)"
if [[ -n $ready ]]; then
  echo "$ready"
  exit 0
fi
command -v dpkg-deb >/dev/null || fail "$package is fetched for Debian only"

work="$(mktemp -d "$MILLRACE_CACHE/fetch.XXXXXX")"
trap 'stop_process "$running"; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
apt_options=(-o APT::Sandbox::User=root -o Acquire::Retries=2) # the release of the machine
[[ -z $suite ]] || use_private_apt "$suite" "$package"
say "downloading $package"
(cd "$work" && run apt-get "${apt_options[@]}" -qq download "$package") >"$work/log" 2>&1 || {
  tail -3 "$work/log" >&2
  fail "$package could not be downloaded" "Is this machine offline, or its list of packages out of date (apt-get update)?"
}
version="$(dpkg-deb --field "$work"/*.deb Version)"
mkdir "$work/tree"
dpkg-deb --fsys-tarfile "$work"/*.deb |
  tar -x --no-same-owner --wildcards -C "$work/tree" '*.test' '*.inc'

target="$MILLRACE_CACHE/$name-${version//[^A-Za-z0-9.+~-]/_}"
mv "$work/tree" "$target"
echo "$target"
