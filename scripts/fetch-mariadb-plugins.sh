#!/usr/bin/env bash
# Fetches the plugins of MariaDB's server for the tests (ways to log in), without installing anything: the package
# mariadb-server of this machine's own release, whose -core package the tests run, unpacked into a cache folder.
# Prints the folder of the plugins. Status 1 if it cannot be had; the tests then leave those plugins out.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

readonly kPackage=mariadb-server
readonly kPlugins=usr/lib/mysql/plugin

folder="$MILLRACE_CACHE/mariadb-plugins"
mkdir -p "$MILLRACE_CACHE"
exec 9>"$MILLRACE_CACHE/mariadb-plugins.lock"
flock 9
if [[ ! -e $folder/ready ]]; then
  work="$(mktemp -d "$MILLRACE_CACHE/mariadb-plugins-fetch.XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && run apt-get -qq download "$kPackage" >&2) ||
    fail "the package $kPackage could not be downloaded" "Try apt-get update, or is this machine offline?"
  mkdir "$work/tree"
  for package in "$work"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --no-same-owner -C "$work/tree" "./$kPlugins"
  done
  : >"$work/tree/ready"
  rm -rf "$folder"
  mv "$work/tree" "$folder"
fi
echo "$folder/$kPlugins"
