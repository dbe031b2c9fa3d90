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

readonly kSuite=sid
readonly kPackage=mysql-server-core
readonly kKeyring=/usr/share/keyrings/debian-archive-keyring.gpg

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
[[ $(dpkg --print-architecture 2>/dev/null) == amd64 ]] ||
  fail "MySQL 9 for the tests is fetched for Debian on amd64 only"
[[ -r $kKeyring ]] || fail "$kKeyring is missing" "It comes with: apt-get install debian-archive-keyring"

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

# The mirrors of the machine's own apt, whatever file and format they are written in.
mirrors() {
  # shellcheck disable=SC2016  # apt's own placeholder
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u |
    grep -v -e security -e '^cdrom:'
}

mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial}
: >"$work/apt/status"
apt_options=(
  -o "Dir::State=$work/apt/state" -o "Dir::State::status=$work/apt/status"
  -o "Dir::Cache=$work/apt/cache" -o "Dir::Etc::sourcelist=$work/apt/sources.list"
  -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
  -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Install-Recommends=false
  -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2
  -o Acquire::Check-Valid-Until=false # a frozen mirror is fine; signatures are checked all the same
  -o APT::Keep-Downloaded-Packages=true -o Debug::NoLocking=true
  -o DPkg::Post-Invoke::= -o APT::Update::Post-Invoke::=
)

found=""
while read -r mirror; do
  say "looking for $kPackage at the configured mirror"
  echo "deb [signed-by=$kKeyring] $mirror $kSuite main" >"$work/apt/sources.list"
  if run apt-get "${apt_options[@]}" -qq update >"$work/apt/log" 2>&1 &&
    apt-cache "${apt_options[@]}" show "$kPackage" >"$work/apt/show" 2>/dev/null; then
    found=$mirror
    break
  fi
done < <(mirrors)
[[ -n $found ]] || {
  tail -3 "$work/apt/log" >&2 2>/dev/null || true
  fail "no configured mirror offers $kPackage of Debian $kSuite" "Is this machine offline?"
}
version="$(sed -n 's/^Version: //p' "$work/apt/show" | sort -V | tail -1)"
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
