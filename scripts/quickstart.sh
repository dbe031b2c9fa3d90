#!/usr/bin/env bash
# From a bare Debian 12 to MySQL shards that Doris follows, and back to nothing: installs what is
# missing, builds, starts a private MariaDB and minidoris, runs sql-examples/employees_to_doris.sql,
# changes rows in MySQL and shows that the Doris table follows. Then it stops everything and removes
# its folder.
#
#   scripts/quickstart.sh [--keep]     --keep leaves everything running and says how to connect
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$MILLRACE_HOME/scripts/lib/packages.sh"
# shellcheck source=scripts/lib/servers.sh
source "$MILLRACE_HOME/scripts/lib/servers.sh"

keep=0
case "${1:-}" in
"") ;;
--keep) keep=1 ;;
-h | --help)
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
  exit 0
  ;;
*)
  say "usage: scripts/quickstart.sh [--keep]"
  exit 2
  ;;
esac

folder="" mariadb_pid="" minidoris_pid="" millrace_pid=""
cleanup() {
  trap '' INT TERM
  stop_process "$running"
  stop_process "$millrace_pid"
  stop_process "$minidoris_pid"
  stop_process "$mariadb_pid"
  [[ -n $folder ]] && rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

install_dependencies

step "Building Millrace (preset release; the first time takes about four minutes)"
build_preset release millrace minidoris
programs="$MILLRACE_HOME/build/release"

folder="$(mktemp -d "${TMPDIR:-/tmp}/millrace-quickstart.XXXXXX")"
step "Starting a private MariaDB and minidoris below $folder"
start_mariadb "$folder/mariadb"
say "MariaDB listens on 127.0.0.1:$mariadb_port"
start_minidoris "$programs/minidoris" "$folder/minidoris"
say "minidoris listens: frontend $http_port, backend $be_http_port, queries $query_port"

mysql() { "$mariadb_client" --no-defaults -h127.0.0.1 "-P$mariadb_port" -uroot --table "$@"; }
doris() { "$mariadb_client" --no-defaults -h127.0.0.1 "-P$query_port" -uroot --table "$@"; }
doris_value() { "$mariadb_client" --no-defaults -h127.0.0.1 "-P$query_port" -uroot -BN -e "$1"; }
doris_shows() { [[ $(doris_value "$1") == "$2" ]]; }
show() {
  say ""
  say "  $1> $2"
  "$1" -e "$2"
}
wait_for_doris() {
  await 60 "$1" doris_shows "$2" "$3" && return
  tail -20 "$folder/millrace.log" >&2
  fail "Doris does not show within a minute: $1" "The end of Millrace's log is above."
}

step "Loading four shards of employees into MariaDB"
load_employees
show mysql "SELECT 'emp_1.employees_1' AS shard, COUNT(*) FROM emp_1.employees_1
     UNION SELECT 'emp_1.employees_2', COUNT(*) FROM emp_1.employees_2
     UNION SELECT 'emp_2.employees_1', COUNT(*) FROM emp_2.employees_1
     UNION SELECT 'emp_2.employees_2', COUNT(*) FROM emp_2.employees_2"

step "Creating the Doris table through the query port"
doris -e "CREATE DATABASE demo; $(doris_table)"
doris -e "DESC demo.all_employees_info"

step "Running sql-examples/employees_to_doris.sql with these addresses"
script="$folder/employees_to_doris.sql"
sed -e "s/'localhost'/'127.0.0.1'/; s/'3306'/'$mariadb_port'/; s/'123456'/'millrace'/" \
  -e "0,/'username' = 'root'/s//'username' = 'millrace'/" \
  -e "s/'127.0.0.1:8030',/'127.0.0.1:$http_port', 'query-port' = '$query_port',/; s/interval' = '10s'/interval' = '1s'/" \
  "$MILLRACE_HOME/sql-examples/employees_to_doris.sql" >"$script"
# diff ends with 1 when there are differences.
{ diff "$MILLRACE_HOME/sql-examples/employees_to_doris.sql" "$script" || true; } | sed -n 's/^> /    /p' >&2
export XDG_STATE_HOME="$folder/state"
"$programs/millrace" "$script" >"$folder/millrace.out" 2>"$folder/millrace.log" &
millrace_pid=$!
wait_for_doris "all 116 rows" "SELECT COUNT(*) FROM demo.all_employees_info" 116
show doris "SELECT database_name, table_name, COUNT(*) FROM demo.all_employees_info
       GROUP BY database_name, table_name ORDER BY database_name, table_name"

step "Inserting, updating and deleting in MariaDB while the job runs"
show mysql "INSERT INTO emp_1.employees_2 VALUES (20001, '1990-05-17', 'Ada', 'Lovelace', 'F', '2020-01-01')"
show mysql "UPDATE emp_1.employees_1 SET last_name = 'Changed' WHERE emp_no = 10001"
show mysql "UPDATE emp_2.employees_1 SET birth_date = '1970-01-01' WHERE emp_no = 10055"
show mysql "DELETE FROM emp_2.employees_2 WHERE emp_no IN (10085, 10086, 10087)"
wait_for_doris "114 rows after one insert and three deletes" \
  "SELECT COUNT(*) FROM demo.all_employees_info" 114
show doris "SELECT emp_no, birth_date, first_name, last_name, database_name, table_name
       FROM demo.all_employees_info WHERE emp_no IN (10001, 10055, 10085, 10086, 10087, 20001)
       ORDER BY emp_no"

step "A new shard appears: emp_2.employees_3"
show mysql "CREATE TABLE emp_2.employees_3 LIKE emp_2.employees_2;
     INSERT INTO emp_2.employees_3 VALUES (30001, '1985-12-10', 'Grace', 'Hopper', 'F', '2021-06-01')"
wait_for_doris "the row of the new shard" \
  "SELECT COUNT(*) FROM demo.all_employees_info WHERE table_name = 'employees_3'" 1
show doris "SELECT emp_no, first_name, database_name, table_name FROM demo.all_employees_info
       WHERE emp_no = 30001"

step "The log of the job (an update counts as two rows: the old one and the new one)"
sed 's/^/    /' "$folder/millrace.log" >&2

if ((keep)); then
  step "Everything keeps running (--keep)"
  cat >&2 <<INFO
    MySQL     $mariadb_client -h127.0.0.1 -P$mariadb_port -uroot
    Doris     $mariadb_client -h127.0.0.1 -P$query_port -uroot demo
    script    $script
    log       $folder/millrace.log
    to stop   kill $millrace_pid $minidoris_pid $mariadb_pid; rm -rf $folder
INFO
  disown -a
  folder="" mariadb_pid="" minidoris_pid="" millrace_pid=""
  exit 0
fi

step "Stopping the job, with a final checkpoint"
log_lines=$(wc -l <"$folder/millrace.log")
kill -TERM "$millrace_pid"
status=0
wait "$millrace_pid" || status=$?
millrace_pid=""
((status == 0)) || fail "millrace ended with status $status" "$(tail -5 "$folder/millrace.log")"
tail -n "+$((log_lines + 1))" "$folder/millrace.log" | sed 's/^/    /' >&2

step "Done. Nothing is left running, and $folder is removed"
cat >&2 <<'INFO'
    What next:
      ./scripts/quickstart.sh --keep          the same, but everything keeps running for you to look around
      ./build/release/millrace                the SQL shell; try: SELECT 'hello' AS greeting;
      ./build/release/millrace check FILE     your own script, checked without touching a network
      sql-examples/, docs/README.md           more scripts, and the documentation
INFO
