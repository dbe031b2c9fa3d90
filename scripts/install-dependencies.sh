#!/usr/bin/env bash
# Installs the Debian packages Millrace is built and tested with. Needs root or sudo only if something
# is missing. quickstart.sh, test.sh and bench.sh do the same by themselves.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$MILLRACE_HOME/scripts/lib/packages.sh"

install_dependencies
