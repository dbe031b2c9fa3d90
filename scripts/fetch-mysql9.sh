#!/usr/bin/env bash
# Fetches a real MySQL 9 server for the tests, without installing it: Debian's own packages of
# mysql-server-core and everything it needs, from the mirror this machine already uses, unpacked into
# a cache folder. Prints that folder. Status 1 if it cannot be had; the tests are then skipped.
#
#   <folder>/root       the unpacked packages; runs through its own dynamic loader
#   <folder>/template   an initialised data folder to copy (user root without a password)
#   <folder>/mysqld     starts the server: mysqld [options]
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/private_apt.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/private_apt.sh"

readonly kSuite=sid
readonly kPackage=mysql-server-core

mkdir -p "$MILLRACE_CACHE"
newest_ready() {
  find "$MILLRACE_CACHE" -mindepth 2 -maxdepth 2 -path '*/mysql9-*/ready' 2>/dev/null |
    sort -V | tail -1 | xargs -r dirname
}

ready="$(newest_ready)"
if [[ -n $ready ]]; then
  echo "$ready"
  exit 0
fi
exec 9>"$MILLRACE_CACHE/mysql9.lock"
flock 9
ready="$(newest_ready)" # another run may have been faster
if [[ -n $ready ]]; then
  echo "$ready"
  exit 0
fi

work="$(mktemp -d "$MILLRACE_CACHE/mysql9-fetch.XXXXXX")"
trap 'stop_process "$running"; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

use_private_apt "$kSuite" "$kPackage"
version="$(<"$work/version")"
[[ $version == *9.* ]] || fail "$kSuite has $kPackage $version, and the tests want 9.x"

say "downloading $kPackage $version and its libraries (about 60 MB)"
run apt-get "${apt_options[@]}" -qq -y --download-only install "$kPackage" >"$work/apt/log" 2>&1 || {
  tail -5 "$work/apt/log" >&2
  fail "the packages of MySQL 9 could not be downloaded"
}

say "unpacking"
root="$work/tree/root"
mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$root/$folder"; done
for package in "$work"/apt/cache/archives/*.deb; do
  case ${package##*/} in perl*_*) continue ;; esac
  dpkg-deb --fsys-tarfile "$package" |
    tar -x --no-same-owner --keep-directory-symlink -C "$root" --exclude='./usr/share/doc' \
      --exclude='./usr/share/man' --exclude='./usr/share/locale'
done

cat >"$work/tree/mysqld" <<'WRAPPER'
#!/bin/sh
# Runs the unpacked server with its own C library.
root="$(dirname "$(readlink -f "$0")")/root"
libraries="$root/usr/lib/x86_64-linux-gnu"
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/sbin/mysqld" "$@"
WRAPPER
chmod +x "$work/tree/mysqld"

say "initialising a template of the data folder"
as_root=()
((EUID == 0)) && as_root=(--user=root)
run "$work/tree/mysqld" --no-defaults --initialize-insecure "${as_root[@]}" \
  --basedir="$root/usr" --datadir="$work/tree/template" --innodb-redo-log-capacity=16M \
  --lc-messages-dir="$root/usr/share/mysql" --character-sets-dir="$root/usr/share/mysql/charsets" \
  >"$work/init.log" 2>&1 || {
  tail -5 "$work/init.log" >&2
  fail "MySQL 9 was downloaded but does not run on this machine"
}

target="$MILLRACE_CACHE/mysql9-${version//[^A-Za-z0-9.+~-]/_}"
: >"$work/tree/ready"
rm -rf "$target"
mv "$work/tree" "$target"
say "MySQL $version is ready for the tests"
echo "$target"
