# Sourced by scripts that fetch packages of a Debian release other than the machine's: an apt of their own in
# $work, which installs nothing and leaves the machine's alone.
# shellcheck shell=bash

readonly kKeyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirrors of the machine's own apt, whatever file and format they are written in.
mirrors() {
  # shellcheck disable=SC2016  # apt's own placeholder
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u |
    grep -v -e security -e '^cdrom:'
}

# Sets apt_options for `apt-get "${apt_options[@]}"`, once a mirror offers the package, and prints the version of
# the package into $work/version: use_private_apt SUITE PACKAGE
use_private_apt() {
  local suite=$1 package=$2 mirror
  [[ $(dpkg --print-architecture 2>/dev/null) == amd64 ]] ||
    fail "$package for the tests is fetched for Debian on amd64 only"
  [[ -r $kKeyring ]] || fail "$kKeyring is missing" "It comes with: apt-get install debian-archive-keyring"
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
  while read -r mirror; do
    say "looking for $package at the configured mirror"
    echo "deb [signed-by=$kKeyring] $mirror $suite main" >"$work/apt/sources.list"
    if run apt-get "${apt_options[@]}" -qq update >"$work/apt/log" 2>&1 &&
      apt-cache "${apt_options[@]}" show "$package" >"$work/apt/show" 2>/dev/null; then
      sed -n 's/^Version: //p' "$work/apt/show" | sort -V | tail -1 >"$work/version"
      return
    fi
  done < <(mirrors)
  tail -3 "$work/apt/log" >&2 2>/dev/null || true
  fail "no configured mirror offers $package of Debian $suite" "Is this machine offline?"
}
