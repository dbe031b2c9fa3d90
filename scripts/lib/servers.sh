# Sourced by quickstart.sh: a private MariaDB and minidoris, each with its own folder and free ports.
# shellcheck shell=bash disable=SC2034

# Prints a port nobody listens on, below the range of outgoing connections.
free_port() {
  local port
  while :; do
    port=$((RANDOM % 15000 + 16000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

mariadb_program() {
  local place
  for place in ${MILLRACE_MARIADB:+"$MILLRACE_MARIADB/usr/sbin/$1" "$MILLRACE_MARIADB/usr/bin/$1"} \
    "/usr/sbin/$1" "/usr/bin/$1"; do
    if [[ -x $place ]]; then
      echo "$place"
      return
    fi
  done
  fail "$1 is missing" "scripts/install-dependencies.sh installs it."
}

# start_mariadb FOLDER: sets mariadb_pid, mariadb_port, mariadb_client. User root has no password;
# user millrace, password millrace, may read and follow the binlog.
start_mariadb() {
  local folder=$1 base=() as_root=()
  # A server that starts deletes temporary tables in this folder that look left over. In /tmp those may
  # be the ones another MariaDB of this machine is using.
  local temporary="$folder/tmp"
  mkdir -p "$temporary"
  mariadb_client="$(mariadb_program mariadb)"
  mariadb_port="$(free_port)"
  [[ -n ${MILLRACE_MARIADB:-} ]] && base=("--basedir=$MILLRACE_MARIADB/usr")
  ((EUID == 0)) && as_root=(--user=root)
  # --force: a machine whose own name does not resolve is fine.
  TMPDIR="$temporary" run "$(mariadb_program mariadb-install-db)" --no-defaults "${base[@]}" "${as_root[@]}" \
    --auth-root-authentication-method=normal --datadir="$folder/data" --skip-test-db --force \
    >"$folder/install.log" 2>&1 || fail "mariadb-install-db failed" "$(tail -5 "$folder/install.log")"
  # A socket's path is short by law, and the folder's may be long: it is named relative to the data.
  TMPDIR="$temporary" "$(mariadb_program mariadbd)" --no-defaults "${base[@]}" "${as_root[@]}" \
    --datadir="$folder/data" --port="$mariadb_port" --bind-address=127.0.0.1 --socket=s \
    --pid-file=pid --log-error="$folder/server.log" --server-id=1 --log-bin=bin \
    --binlog-format=ROW --binlog-row-image=FULL --binlog-row-metadata=FULL \
    --character-set-server=utf8mb4 --innodb-flush-log-at-trx-commit=2 >/dev/null 2>&1 &
  mariadb_pid=$!
  await 60 "MariaDB" "$mariadb_client" --no-defaults -h127.0.0.1 "-P$mariadb_port" -uroot -e "SELECT 1" ||
    fail "the private MariaDB does not answer" "$(tail -5 "$folder/server.log" 2>/dev/null)"
  "$mariadb_client" --no-defaults -h127.0.0.1 "-P$mariadb_port" -uroot -e "
    CREATE USER 'millrace'@'127.0.0.1' IDENTIFIED BY 'millrace';
    GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT
      ON *.* TO 'millrace'@'127.0.0.1'"
}

# start_minidoris PROGRAM FOLDER: sets minidoris_pid, http_port, be_http_port, query_port.
start_minidoris() {
  local program=$1 folder=$2
  mkdir -p "$folder"
  http_port="$(free_port)" be_http_port="$(free_port)" query_port="$(free_port)"
  "$program" --data "$folder/data" --http-port "$http_port" --be-http-port "$be_http_port" \
    --query-port "$query_port" >"$folder/server.log" 2>&1 &
  minidoris_pid=$!
  await 30 "minidoris" grep -q "minidoris ready" "$folder/server.log" ||
    fail "minidoris does not start" "$(tail -5 "$folder/server.log")"
}

# The four shards of sql-examples/employees_shards.csv.
load_employees() {
  local shard
  {
    for shard in emp_1.employees_1 emp_1.employees_2 emp_2.employees_1 emp_2.employees_2; do
      echo "CREATE DATABASE IF NOT EXISTS ${shard%.*};"
      echo "CREATE TABLE $shard (emp_no INT NOT NULL PRIMARY KEY, birth_date DATE NOT NULL,
        first_name VARCHAR(14) NOT NULL, last_name VARCHAR(16) NOT NULL,
        gender ENUM('M','F') NOT NULL, hire_date DATE NOT NULL);"
    done
    awk -F, 'NR > 1 {
      printf "INSERT INTO %s.%s VALUES (%d, \"%s\", \"%s\", \"%s\", \"%s\", \"%s\");\n",
        $1, $2, $3, $4, $5, $6, $7, $8 }' "$MILLRACE_HOME/sql-examples/employees_shards.csv"
  } | "$mariadb_client" --no-defaults -h127.0.0.1 "-P$mariadb_port" -uroot
}

# The CREATE TABLE at the head of sql-examples/employees_to_doris.sql.
doris_table() {
  sed -n '/^--   CREATE TABLE/,/;$/s/^-- *//p' "$MILLRACE_HOME/sql-examples/employees_to_doris.sql"
}
