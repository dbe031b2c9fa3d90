#!/usr/bin/python3
"""Captures how real servers write transactions and statements, for log_decoder_test.cc.

    capture_transactions.py mariadb|mysql9 > captured/transactions_mariadb.txt

Lines of the output: `server <version>`, `binlog <hex>` (one whole file in pieces), `row <table>|<id>|<v>`
(what the tables shop.t1, shop.t2 ... hold at the end).
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "e2e"))
from servers import start_mysql  # pylint: disable=wrong-import-position

HEX_PER_LINE = 180
TABLE = "(id INT PRIMARY KEY, v VARCHAR(20))"
STATEMENTS = f"""
INSERT INTO shop.t1 VALUES (1, 'one'), (2, 'two')
BEGIN
INSERT INTO shop.t1 VALUES (3, 'three')
SAVEPOINT s
INSERT INTO shop.t1 VALUES (4, 'undone')
ROLLBACK TO s
UPDATE shop.t1 SET v = 'drei' WHERE id = 3
COMMIT
CREATE TABLE shop.t2 {TABLE} SELECT * FROM shop.t1
CREATE TABLE shop.other {TABLE} SELECT * FROM shop.t1
CREATE TABLE shop.t3 {TABLE} ENGINE = MyISAM
INSERT INTO shop.t3 VALUES (1, 'eins'), (2, 'zwei')
CREATE TABLE IF NOT EXISTS shop.t5 {TABLE} SELECT * FROM shop.t1
XA START 'a'
INSERT INTO shop.t1 VALUES (6, 'one phase')
XA END 'a'
XA COMMIT 'a' ONE PHASE
XA START 'b'
INSERT INTO shop.other VALUES (7, 'seven')
XA END 'b'
XA PREPARE 'b'
XA COMMIT 'b'
XA START 'c'
INSERT INTO shop.other VALUES (8, 'undone')
XA END 'c'
XA PREPARE 'c'
XA ROLLBACK 'c'
INSERT INTO shop.t2 VALUES (9, 'nine')
CREATE VIEW shop.v AS SELECT * FROM shop.t1
CREATE TRIGGER shop.r AFTER INSERT ON shop.t2 FOR EACH ROW INSERT INTO shop.t1 VALUES (NEW.id + 100, NEW.v)
INSERT INTO shop.t2 VALUES (10, 'ten')
CREATE TEMPORARY TABLE shop.t8 {TABLE} SELECT * FROM shop.t1
INSERT INTO shop.t8 VALUES (99, 'temporary')
DROP TEMPORARY TABLE shop.t8
ANALYZE TABLE shop.t1
ALTER TABLE shop.t2 ENGINE = InnoDB
CREATE TABLE shop.t6 LIKE shop.t1
INSERT INTO shop.t6 SELECT * FROM shop.t1
DELETE FROM shop.t6 WHERE id = 1
REPLACE INTO shop.t6 VALUES (2, 'replaced')
CREATE USER u
"""
ONLY_MARIADB = f"""
BEGIN
INSERT INTO shop.t1 VALUES (5, 'undone')
INSERT INTO shop.t3 VALUES (3, 'kept')
ROLLBACK
CREATE TABLE shop.t4 {TABLE} ENGINE = MyISAM SELECT * FROM shop.t1
CREATE OR REPLACE TABLE shop.t7 {TABLE} SELECT * FROM shop.t1
SET GLOBAL log_bin_compress = ON
CREATE TABLE shop.t9 {TABLE} SELECT id, REPEAT('c', 20) v FROM shop.t1
SET GLOBAL log_bin_compress = OFF
CREATE TABLE shop.t0 {TABLE} WITH SYSTEM VERSIONING
INSERT INTO shop.t0 VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four')
UPDATE shop.t0 SET v = 'eins' WHERE id = 1
DELETE FROM shop.t0 WHERE id = 2
UPDATE shop.t0 SET id = 30 WHERE id = 3
REPLACE INTO shop.t0 VALUES (1, 'replaced')
INSERT INTO shop.t0 VALUES (4, 'x') ON DUPLICATE KEY UPDATE v = 'vier'
DELETE FROM shop.t0 WHERE id > 3
INSERT INTO shop.t0 VALUES (4, 'again')
DELETE HISTORY FROM shop.t0
CREATE SEQUENCE shop.ts
DO NEXTVAL(shop.ts)
DROP SEQUENCE shop.ts
"""
ONLY_MYSQL = f"""
SET binlog_transaction_compression = ON
CREATE TABLE shop.t7 {TABLE} SELECT * FROM shop.t1
BEGIN
UPDATE shop.t7 SET v = 'packed'
DELETE FROM shop.t7 WHERE id = 2
COMMIT
"""


def capture(kind, folder):
    server = start_mysql(kind, Path(folder))
    connection = server.connect()

    def run(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    run("CREATE DATABASE shop")
    run("SET sql_mode = ''")
    run(f"CREATE TABLE shop.t1 {TABLE}")
    run("FLUSH BINARY LOGS")
    log = run(server.position_statement)[0][0]
    statements = STATEMENTS + (ONLY_MARIADB if kind == "mariadb" else ONLY_MYSQL)
    for statement in statements.splitlines():
        if statement:
            run(statement)
    run("FLUSH BINARY LOGS")
    print("server", run("SELECT VERSION()")[0][0])
    text = (server.data / log).read_bytes().hex()
    for at in range(0, len(text), HEX_PER_LINE):
        print("binlog", text[at:at + HEX_PER_LINE])
    tables = run("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop' "
                 "AND TABLE_NAME REGEXP '^t[0-9]$' ORDER BY 1")
    for (table,) in tables:
        for row in run(f"SELECT id, v FROM shop.{table} ORDER BY id"):
            print("row", "|".join([table, *map(str, row)]))
    for event in run(f"SHOW BINLOG EVENTS IN '{log}'"):
        print(event[1:], file=sys.stderr)
    connection.close()
    server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        capture(sys.argv[1], scratch)
