# Sourced by the scripts: the Debian packages Millrace needs and how they get onto the machine.
# shellcheck shell=bash

kBuildPackages=(
  cmake ninja-build g++ ccache pkg-config antlr4 libantlr4-runtime-dev libmariadb-dev
  libcurl4-openssl-dev nlohmann-json3-dev libboost-program-options-dev doctest-dev libfmt-dev
  libsqlite3-dev libmicrohttpd-dev zlib1g-dev libzstd-dev libdeflate-dev
  libhowardhinnant-date-dev libdate-tz3 tzdata libssl-dev libpcre2-dev libedit-dev
)
# The -core packages bring the programs and no service: nothing is started on the machine.
kServerPackages=(mariadb-server-core mariadb-client-core)
# The second compiler builds the fuzzers; the formatter of the same version is the pinned one.
kTestPackages=(python3 python3-pymysql python3-jsonschema procps ca-certificates clang-14 libclang-rt-14-dev
  clang-format-14)

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing_packages() {
  local package
  for package in "$@"; do installed "$package" || echo "$package"; done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# In a session of its own, so that Ctrl-C does not stop it halfway.
apt_install() {
  mkdir -p "$MILLRACE_CACHE"
  run_quietly "$MILLRACE_CACHE/apt.log" "packages" \
    as_root env DEBIAN_FRONTEND=noninteractive setsid -w apt-get -qq -y \
    -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
}

# Whether installing these would take something away that is there now (a MySQL of other origin).
would_remove() {
  local plan
  plan="$(LC_ALL=C apt-get -s -o Debug::NoLocking=true install --no-install-recommends "$@" 2>&1)" ||
    return 0
  grep -q '^Remv ' <<<"$plan"
}

# MariaDB's programs next to another MySQL that does not tolerate the packages: unpacked into the
# cache, never installed. Sets MILLRACE_MARIADB for the scripts and tests.
unpack_mariadb() {
  local folder="$MILLRACE_CACHE/mariadb"
  if [[ ! -e $folder/ready ]]; then
    step "Unpacking MariaDB's programs beside the MySQL that is installed here"
    rm -rf "$folder"
    mkdir -p "$folder/packages"
    (cd "$folder/packages" && run apt-get -qq download "$@" >&2) ||
      fail "the packages of MariaDB could not be downloaded: $*"
    local package
    for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder"; done
    rm -r "$folder/packages"
    : >"$folder/ready"
  fi
  export MILLRACE_MARIADB="$folder"
}

refresh_lists() {
  as_root apt-get -qq update >&2 ||
    fail "apt-get update failed" "Check the network and the mirrors of this machine."
}

# Installs what is missing: install_missing PACKAGE... Quick if nothing is.
install_packages() {
  local missing=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  step "Installing ${#missing[@]} packages: ${missing[*]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "these packages are missing, and installing them needs root or sudo: ${missing[*]}" \
        "As root: apt-get install --no-install-recommends ${missing[*]}"
    sudo -v || fail "sudo was refused; these packages are missing: ${missing[*]}"
  fi
  refresh_lists
  apt_install "${missing[@]}" ||
    fail "apt-get could not install: ${missing[*]}" "The end of its messages is above."
}

install_servers() {
  local missing=()
  mapfile -t missing < <(missing_packages "${kServerPackages[@]}")
  ((${#missing[@]})) || return 0
  if [[ ! -e $MILLRACE_CACHE/mariadb/ready ]] &&
    ! apt-cache show mariadb-server-core >/dev/null 2>&1; then
    refresh_lists
  fi
  if would_remove "${missing[@]}"; then
    unpack_mariadb "${kServerPackages[@]}" mariadb-common
  else
    install_packages "${missing[@]}"
  fi
}

# Everything: for quickstart, test and bench alike.
install_dependencies() {
  if [[ ! -r /etc/debian_version ]] || ! command -v apt-get >/dev/null; then
    fail "this script installs Debian packages, and this machine has no apt-get" \
      "Needed: ${kBuildPackages[*]} ${kServerPackages[*]} ${kTestPackages[*]}"
  fi
  step "Looking for missing packages"
  install_packages "${kBuildPackages[@]}" "${kTestPackages[@]}"
  install_servers
  say "all packages are there"
}
