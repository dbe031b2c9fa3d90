#!/usr/bin/env python3
"""Writes the expressions over arrays, maps and rows that Record asks Flink: one a line, GROUP, tab, EXPRESSION."""
import sys

out, seen = [], set()


def add(group, *expressions):
    for e in expressions:
        if e not in seen:
            seen.add(e)
            out.append((group, e))


NI = "CAST(NULL AS INT)"
NS = "CAST(NULL AS STRING)"
NA = "CAST(NULL AS ARRAY<INT>)"
NM = "CAST(NULL AS MAP<STRING, INT>)"
EMPTY = "ARRAY_REMOVE(ARRAY[1], 1)"
EMPTYS = "ARRAY_REMOVE(ARRAY['a'], 'a')"
EMPTYM = "MAP_FROM_ARRAYS(ARRAY_REMOVE(ARRAY['a'], 'a'), ARRAY_REMOVE(ARRAY[1], 1))"
INTS, NULLS, STRS = "ARRAY[3, 1, 2, 1]", f"ARRAY[3, {NI}, 1, 3, {NI}]", "ARRAY['b', 'abc', '', 'b']"
ROWS = "ARRAY[ROW(1, 'a'), ROW(2, 'b'), ROW(1, 'a')]"
NESTED = "ARRAY[ARRAY[1, 2], ARRAY[3], ARRAY[1, 2]]"
MAPS = "ARRAY[MAP['a', 1], MAP['b', 2]]"
DEEP = "ARRAY[ROW(1, MAP['k', ARRAY[1, 2]]), ROW(2, MAP['l', ARRAY[3, 4]])]"
# one or more values of every element type
VALUES = {
    'BOOLEAN': ["TRUE", "FALSE"],
    'TINYINT': ["CAST(1 AS TINYINT)", "CAST(-128 AS TINYINT)"],
    'SMALLINT': ["CAST(300 AS SMALLINT)", "CAST(-1 AS SMALLINT)"],
    'INT': ["7", "-2147483647"],
    'BIGINT': ["CAST(9223372036854775807 AS BIGINT)", "CAST(5 AS BIGINT)"],
    'FLOAT': ["CAST(1.5 AS FLOAT)", "CAST(0.1 AS FLOAT)"],
    'DOUBLE': ["1.5e0", "CAST(0.1 AS DOUBLE)", "1e20"],
    'DECIMAL': ["1.50", "CAST(2 AS DECIMAL(10, 2))"],
    'CHAR': ["'ab'", "CAST('x' AS CHAR(4))"],
    'VARCHAR': ["CAST('xyz' AS VARCHAR(5))", "CAST('q' AS VARCHAR(2))"],
    'STRING': ["CAST('long' AS STRING)", "CAST('' AS STRING)"],
    'BYTES': ["CAST('hi' AS BYTES)", "x'00ff'"],
    'DATE': ["DATE '2024-02-29'", "DATE '1969-12-31'"],
    'TIME': ["TIME '12:34:56'", "TIME '00:00:00'"],
    'TIMESTAMP(0)': ["TIMESTAMP '2024-02-29 12:34:56'", "CAST('1970-01-01 00:00:00' AS TIMESTAMP(0))"],
    'TIMESTAMP(3)': ["TIMESTAMP '2024-02-29 12:34:56.789'", "CAST('2000-01-01 01:02:03.5' AS TIMESTAMP(3))"],
    'TIMESTAMP(6)': ["TIMESTAMP '2024-02-29 12:34:56.789012'", "CAST('1969-12-31 23:59:59.999999' AS TIMESTAMP(6))"],
    'TIMESTAMP_LTZ': ["TO_TIMESTAMP_LTZ(1000, 3)", "CAST(TIMESTAMP '2024-02-29 12:34:56' AS TIMESTAMP_LTZ(0))"],
    'INTERVAL DAY': ["INTERVAL '1' DAY", "INTERVAL '2 03:04:05.678' DAY TO SECOND"],
    'INTERVAL YEAR': ["INTERVAL '1' YEAR", "INTERVAL '1-2' YEAR TO MONTH"],
}
TYPED = {name: f"ARRAY[{', '.join(v)}]" for name, v in VALUES.items()}
ARRAYS = [INTS, NULLS, STRS, NA, EMPTY, EMPTYS, ROWS, NESTED, MAPS, DEEP, *TYPED.values(), f"ARRAY['a', {NS}]",
          f"ARRAY[{NS}, {NS}]", "CAST(NULL AS ARRAY<STRING>)", "ARRAY[1, 2.5]", "SPLIT('a,b,,c', ',')"]
MAPVALUES = ["MAP['a', 1, 'b', 2]", f"MAP['a', {NI}, 'b', 2]", "MAP[1, 'x', 2, 'yz']", NM, EMPTYM, "MAP['k', ARRAY[1, 2]]",
             "MAP['k', ROW(1, 'a')]", "MAP['k', MAP['l', 1]]", "MAP[ROW(1, 'a'), 1]", "MAP[ARRAY[1, 2], 'v']",
             "MAP[DATE '2024-02-29', TRUE]", "MAP[1.5, 2.25, 3, 4]", "MAP['a', 1, 'a', 2]", f"MAP[{NS}, 1]",
             "MAP[TRUE, x'0102']", "MAP['t', TIMESTAMP '2024-02-29 12:34:56.789']", "STR_TO_MAP('k1=v1,k2=v2')",
             "MAP[CAST(1 AS TINYINT), 1.5e0]", "MAP['long key', 1, 'k', 2]"]
ROWVALUES = ["ROW(1, 'a')", f"ROW({NI}, 'a')", "ROW(1, ROW(2, 'x'))", "ROW(ARRAY[1, 2], MAP['k', 1])", "ROW(TRUE)",
             "ROW(1.50, 2e0, DATE '2024-02-29')", f"ROW({NI}, {NS})", "CAST(ROW(1, 'a') AS ROW<a INT, b STRING>)",
             "CAST(NULL AS ROW<a INT, b STRING>)", "ROW(TIMESTAMP '2024-02-29 12:34:56.789', TIME '12:34:56')",
             "ROW(x'0102', 'it''s')", "('a', 2)", "(1, 2, 3)", "ROW('a, b', 'c)')", "ROW('', ' ')"]

# --- constructors, element types and common types
add('array', *ARRAYS)
add('array', "ARRAY[]", "ARRAY[NULL]", "ARRAY[1, NULL]", "ARRAY[NULL, 1]", "ARRAY[NULL, NULL]", f"ARRAY[{NI}, 1]", f"ARRAY[1, {NS}]", "ARRAY['a', 'bcd']",
    "ARRAY[1, 'a']", "ARRAY[TRUE, 1]", "ARRAY[1, 2e0]", "ARRAY[1.5, 2e0]", "ARRAY[1.5, 10.25]", "ARRAY[CAST(1 AS TINYINT), 300]",
    "ARRAY[CAST(1 AS BIGINT), CAST(1.5 AS FLOAT)]", "ARRAY[DATE '2024-02-29', TIMESTAMP '2024-02-29 12:34:56']", "ARRAY[DATE '2024-02-29', 'a']",
    "ARRAY[TIMESTAMP '2024-02-29 12:34:56', TIMESTAMP '2024-02-29 12:34:56.123456']", "ARRAY['a', CAST('bcd' AS STRING)]",
    "ARRAY[CAST('a' AS VARCHAR(3)), CAST('b' AS VARCHAR(9))]", "ARRAY[x'01', x'0203']", "ARRAY[ARRAY[1], ARRAY['a']]", "ARRAY[ARRAY[1], ARRAY[2.5]]",
    "ARRAY[ARRAY[1], CAST(NULL AS ARRAY<INT>)]", "ARRAY[ROW(1, 'a'), ROW(2.5, 'bcd')]", "ARRAY[ROW(1), ROW(1, 2)]", "ARRAY[MAP['a', 1], MAP['bcd', 2.5]]",
    f"ARRAY[ROW({NI}, 'a'), ROW(1, 'b')]", "ARRAY[1 + 1, 2 * 3]", "ARRAY[z, z + 1]", "ARRAY[UPPER('a'), 'b']", "ARRAY[CASE WHEN z = 0 THEN 1 END, 2]",
    "ARRAY[CAST(1.0 AS DECIMAL(38, 18)), 1]", "ARRAY[TO_TIMESTAMP_LTZ(0, 3), TIMESTAMP '2024-02-29 12:34:56']", "ARRAY[INTERVAL '1' DAY, INTERVAL '1' HOUR]",
    "ARRAY[1, 2, 3,]", "array[1]", "ARRAY(1, 2)", "ARRAY[ARRAY[ARRAY[1]]]", "ARRAY[2147483648, 1]", "ARRAY[CAST('nan' AS DOUBLE), 1e0]", "ARRAY[-0e0, 0e0]", "(ARRAY[1])")
add('map', *MAPVALUES)
add('map', "MAP[]", "MAP['a']", "MAP['a', NULL]", "MAP[NULL, 1]", "MAP['a', 1, 'bcd', 2.5]", "MAP['a', 1, 2, 'b']", "MAP['a', 1, 'b', 'c']", "MAP[1, 2, 3.5, 4e0]", "MAP[z, z + 1]",
    "MAP['a', 1, 'b', CAST(NULL AS INT), 'c', 3]", "MAP[CAST('a' AS STRING), CAST(1 AS BIGINT)]", "MAP(1, 2)", "MAP['b', 1, 'a', 2, 'c', 3]", "MAP[3, 'c', 1, 'a', 2, 'b']",
    "MAP['a', 1, 'b', 2, 'a', 3]", f"MAP[{NS}, 1, 'a', 2]", "MAP['a', ARRAY[1], 'b', ARRAY[2, 3]]", "MAP[TIMESTAMP '2024-02-29 12:34:56', 1]", "MAP[1e0, 1, 2e0, 2]", "MAP[x'01', 1]")
add('row', *ROWVALUES)
add('row', "ROW()", "ROW(NULL)", "ROW(1, NULL)", "ROW(*)", "ROW(z)", "ROW(z, z + 1, 'c')", "ROW(1)", "(1, NULL)", "ROW(ROW(ROW(1)))", "ROW(ARRAY[ROW(1, 'a')])", "ROW(T.z, 'x')", "ROW('a', 'b').EXPR$0",
    "ROW(UPPER('a'), 1 + 1)", "ROW(CAST('a' AS VARCHAR(3)), CAST(1 AS SMALLINT))", "ROW(TO_TIMESTAMP_LTZ(1000, 3), INTERVAL '1' DAY)", "CAST((1, 'a') AS ROW<x BIGINT, y VARCHAR(3)>)")
# --- access
for a in ARRAYS:
    add('element_at', f"{a}[1]")
for i in ["2", "4", "5", "0", "-1", NI, "z", "z + 1", "CAST(1 AS BIGINT)", "CAST(2 AS TINYINT)", "'1'", "1.0", "2e0", "NULL", "100", "z - 1", "CAST(NULL AS BIGINT)", "CAST(1 AS SMALLINT)"]:
    add('element_at', f"{INTS}[{i}]", f"{NULLS}[{i}]")
add('element_at', f"{NESTED}[1][2]", f"{NESTED}[2][2]", f"{NESTED}[9][1]", f"{ROWS}[1].EXPR$0", f"{ROWS}[2].EXPR$1", f"{MAPS}[1]['a']", f"{MAPS}[2]['a']", f"{DEEP}[1].EXPR$1['k'][2]",
    f"CAST({ROWS} AS ARRAY<ROW<a INT, b STRING>>)[2].b", f"CAST({ROWS} AS ARRAY<ROW<a INT, b STRING>>)[9].b", "1[1]", "'abc'[1]", f"({INTS})[2]", f"SPLIT('a,b', ',')[2]", "ARRAY[1][1] + 1", f"{EMPTY}[1]")
for m in MAPVALUES:
    add('map_at', f"{m}['a']", f"{m}[1]", f"{m}['k']")
add('map_at', f"MAP['a', 1]['b']", f"MAP['a', 1][{NS}]", "MAP['a', 1][NULL]", "MAP[1, 'x'][CAST(1 AS BIGINT)]", "MAP[1, 'x'][1.0]", "MAP[1, 'x']['1']", "MAP['1', 'x'][1]", "MAP[1.5, 'x'][1.5]",
    "MAP[1.5, 'x'][1.50]", "MAP['k', ARRAY[1, 2]]['k'][2]", "MAP['k', ROW(1, 'a')]['k'].EXPR$1", "MAP['k', MAP['l', 1]]['k']['l']", "MAP[ROW(1, 'a'), 1][ROW(1, 'a')]", "MAP[ARRAY[1], 'v'][ARRAY[1]]",
    "MAP['a', 1, 'a', 2]['a']", "MAP[DATE '2024-02-29', TRUE][DATE '2024-02-29']", "MAP[DATE '2024-02-29', TRUE]['2024-02-29']", "MAP['ab', 1]['ab ']", "MAP[CAST('a' AS CHAR(3)), 1]['a']",
    "MAP[CAST('a' AS STRING), 1]['a']", "MAP[TIMESTAMP '2024-02-29 12:34:56', 1][TIMESTAMP '2024-02-29 12:34:56']", "MAP[x'01', 1][x'01']", "MAP[TRUE, 1][TRUE]", "MAP[1e0, 1][1e0]", f"{EMPTYM}['a']", f"MAP['a', {NI}]['a']")
R2 = "CAST(ROW(1, 'a') AS ROW<a INT, b STRING>)"
add('field', f"{R2}.a", f"{R2}.b", f"{R2}.c", f"({R2}).a", "CAST(NULL AS ROW<a INT, b STRING>).a", "CAST(NULL AS ROW<a INT NOT NULL, b STRING>).a", f"CAST(ROW(1, ROW('x', 2)) AS ROW<a INT, r ROW<x STRING, y INT>>).r.y",
    f"CAST(ROW(1, ROW('x', 2)) AS ROW<a INT, r ROW<x STRING, y INT>>).r", "CAST(ROW(1, ARRAY[1, 2]) AS ROW<a INT, r ARRAY<INT>>).r[2]", "CAST(ROW(1, MAP['k', 2]) AS ROW<a INT, m MAP<STRING, INT>>).m['k']",
    "ROW(1, 'a').EXPR$0", "ROW(1, 'a').EXPR$1", "ROW(1, 'a').`EXPR$1`", "ROW(1, 'a').f0", "ROW(1, 'a')[1]", "ROW(1, 'a')[2]", "ROW(1, 'a')[0]", f"CAST(ROW({NI}, 'a') AS ROW<a INT, b STRING>).a", f"{R2}.A", f"{R2}.`a`", f"{R2}['a']",
    f"{R2}.a + 1", f"UPPER({R2}.b)", "(1, 2).EXPR$0", f"{R2}.*", "CAST(ROW(1, 'a') AS ROW<a INT NOT NULL, b STRING NOT NULL>).b")
# --- functions of one collection
for a in ARRAYS:
    add('cardinality', f"CARDINALITY({a})")
    add('array_distinct', f"ARRAY_DISTINCT({a})")
    add('array_max', f"ARRAY_MAX({a})")
    add('array_min', f"ARRAY_MIN({a})")
    add('array_reverse', f"ARRAY_REVERSE({a})")
    add('array_sort', f"ARRAY_SORT({a})")
    add('array_join', f"ARRAY_JOIN({a}, '-')")
    add('cast_string', f"CAST({a} AS STRING)")
    add('json_string', f"JSON_STRING({a})")
    add('typeof', f"TYPEOF({a})")
    add('element', f"ELEMENT({a})")
for f in ['CARDINALITY', 'ARRAY_DISTINCT', 'ARRAY_MAX', 'ARRAY_MIN', 'ARRAY_REVERSE', 'ARRAY_SORT', 'ELEMENT', 'MAP_KEYS', 'MAP_VALUES', 'MAP_ENTRIES']:
    add(f.lower(), *[f"{f}({x})" for x in ["NULL", "1", "'a'", "", f"{INTS}, {INTS}", "ROW(1, 2)", "z"]])
add('element', *[f"ELEMENT(ARRAY[{v[0]}])" for v in VALUES.values()], "ELEMENT(ARRAY[ROW(1, 'a')])", "ELEMENT(ARRAY[ARRAY[1]])", f"ELEMENT(ARRAY[{NI}])")
for m in MAPVALUES:
    add('cardinality', f"CARDINALITY({m})")
    add('map_keys', f"MAP_KEYS({m})")
    add('map_values', f"MAP_VALUES({m})")
    add('map_entries', f"MAP_ENTRIES({m})")
    add('cast_string', f"CAST({m} AS STRING)")
    add('json_string', f"JSON_STRING({m})")
    add('typeof', f"TYPEOF({m})")
    add('map_union', f"MAP_UNION({m}, MAP['a', 7])", f"MAP_UNION({m}, {m})")
for r in ROWVALUES:
    add('cast_string', f"CAST({r} AS STRING)")
    add('json_string', f"JSON_STRING({r})")
    add('typeof', f"TYPEOF({r})")
# --- arrays with an element
ELEMENTS = ["1", NI, "'b'", "CAST(3 AS BIGINT)", "2.5", "NULL", "CAST(1 AS TINYINT)", "1e0"]
for f in ['ARRAY_APPEND', 'ARRAY_PREPEND', 'ARRAY_CONTAINS', 'ARRAY_POSITION', 'ARRAY_REMOVE']:
    for e in ELEMENTS:
        add(f.lower(), *[f"{f}({a}, {e})" for a in [INTS, NULLS, STRS, NA, EMPTY]])
    for name, v in VALUES.items():
        add(f.lower(), f"{f}({TYPED[name]}, {v[0]})", f"{f}({TYPED[name]}, {v[-1]})")
    add(f.lower(), f"{f}({ROWS}, ROW(1, 'a'))", f"{f}({ROWS}, ROW(9, 'a'))", f"{f}({NESTED}, ARRAY[3])", f"{f}({NESTED}, ARRAY[1])", f"{f}({MAPS}, MAP['b', 2])", f"{f}(ARRAY['a', {NS}], {NS})", f"{f}(ARRAY['a', {NS}], 'bcdef')",
        f"{f}({NESTED}, {NA})", f"{f}(ARRAY[1, 2.5], 2.5)", f"{f}(ARRAY[1.5, 2.5], 2)", f"{f}({INTS})", f"{f}(1, 1)", f"{f}(NULL, 1)", f"{f}({INTS}, TRUE)", f"{f}(ARRAY['a'], 'a ')", f"{f}({TYPED['DATE']}, '2024-02-29')",
        f"{f}(ARRAY[1, 2], 'x')", f"{f}(ARRAY[CAST(1 AS BIGINT)], 1)", f"{f}(ARRAY[1e0], 1)", f"{f}(ARRAY['a'], z)")
# --- arrays with arrays
PAIRS = [(INTS, INTS), (INTS, "ARRAY[1, 5]"), ("ARRAY[1, 5]", INTS), (INTS, NULLS), (NULLS, INTS), (NULLS, NULLS), (NA, INTS), (INTS, NA), (NA, NA), (EMPTY, INTS), (INTS, EMPTY), (EMPTY, EMPTY), (STRS, "ARRAY['b', 'longer']"),
         (STRS, INTS), (INTS, "ARRAY[2.5]"), (INTS, "ARRAY[CAST(1 AS BIGINT)]"), ("ARRAY[1e0]", "ARRAY[1]"), (ROWS, "ARRAY[ROW(1, 'a')]"), (NESTED, "ARRAY[ARRAY[3]]"), (MAPS, "ARRAY[MAP['a', 1]]"), (INTS, "1"), (INTS, "NULL"),
         ("ARRAY['a']", "ARRAY[CAST('b' AS STRING)]"), ("ARRAY[1, 1, 2, 2]", "ARRAY[2, 2, 3, 3]"), ("ARRAY[1, 2, 2]", "ARRAY[2]"), ("ARRAY[2]", "ARRAY[1, 2, 2]"), (f"ARRAY['a', {NS}]", f"ARRAY[{NS}]"),
         *[(t, t) for t in TYPED.values()], *[(t, f"ARRAY[{VALUES[n][0]}]") for n, t in TYPED.items()]]
for f in ['ARRAY_CONCAT', 'ARRAY_UNION', 'ARRAY_EXCEPT', 'ARRAY_INTERSECT']:
    add(f.lower(), *[f"{f}({a}, {b})" for a, b in PAIRS], f"{f}({INTS})", f"{f}()", f"{f}({INTS}, {NULLS}, ARRAY[9])")
for a, b in PAIRS:
    add('compare', f"{a} = {b}", f"{a} <> {b}")
for d in ["','", "''", "', '", "NULL", NS, "1"]:
    add('array_join', f"ARRAY_JOIN({STRS}, {d})", f"ARRAY_JOIN(ARRAY['a', {NS}, 'c'], {d})", f"ARRAY_JOIN(ARRAY['a', {NS}, 'c'], {d}, '?')", f"ARRAY_JOIN(ARRAY['a', {NS}, 'c'], {d}, {NS})", f"ARRAY_JOIN(ARRAY['a', {NS}, 'c'], '+', {d})")
add('array_join', "ARRAY_JOIN(ARRAY['a'])", f"ARRAY_JOIN({EMPTYS}, ',')", f"ARRAY_JOIN({EMPTYS}, ',', 'x')", "ARRAY_JOIN(CAST(ARRAY[1, 2] AS ARRAY<STRING>), ',')", f"ARRAY_JOIN(ARRAY[{NS}, {NS}], ',', 'n')", f"ARRAY_JOIN(ARRAY[{NS}], ',')")
for args in ["1", "2", "2, 3", "-2", "-3, -1", "0", "0, 2", "1, 0", "3, 2", "5", "1, 9", "-9, 2", "-9", f"{NI}", f"1, {NI}", "CAST(1 AS BIGINT), 2", "1.5", "'1'", "2, -1", "-1, 1", "1, -9", "NULL", "4, 4", "1, 1"]:
    add('array_slice', f"ARRAY_SLICE({INTS}, {args})")
    add('array_slice', f"ARRAY_SLICE({NULLS}, {args})")
add('array_slice', *[f"ARRAY_SLICE({a}, 1, 2)" for a in ARRAYS], f"ARRAY_SLICE({INTS})")
for args in ["TRUE", "FALSE", "TRUE, TRUE", "TRUE, FALSE", "FALSE, TRUE", "FALSE, FALSE", "CAST(NULL AS BOOLEAN)", "TRUE, CAST(NULL AS BOOLEAN)", "NULL", "1", "z = 0"]:
    add('array_sort', *[f"ARRAY_SORT({a}, {args})" for a in [INTS, NULLS, STRS, f"ARRAY['b', {NS}, 'a']"]])
add('array_sort', "ARRAY_SORT(ARRAY['B', 'a', 'C', 'b'])", "ARRAY_SORT(ARRAY[U&'\\00e9', 'z', 'e'])", "ARRAY_SORT(ARRAY[CAST('nan' AS DOUBLE), 1e0, -1e0])", "ARRAY_SORT(ARRAY[ARRAY[2], ARRAY[1, 2], ARRAY[1]])", "ARRAY_SORT(ARRAY[ROW(2, 'a'), ROW(1, 'z')])")
add('array_max', "ARRAY_MAX(ARRAY['B', 'a'])", f"ARRAY_MAX(ARRAY[{NI}, {NI}])", "ARRAY_MAX(ARRAY[1.5, 2])", "ARRAY_MAX(ARRAY[CAST('nan' AS DOUBLE), 1e0])")
add('array_min', "ARRAY_MIN(ARRAY['B', 'a'])", f"ARRAY_MIN(ARRAY[{NI}, {NI}])", "ARRAY_MIN(ARRAY[1.5, 2])", "ARRAY_MIN(ARRAY[CAST('nan' AS DOUBLE), 1e0])", f"ARRAY_MIN(ARRAY['b', {NS}, 'a'])")
# --- maps
add('map_from_arrays', *[f"MAP_FROM_ARRAYS({a}, {b})" for a, b in [("ARRAY['a', 'b']", "ARRAY[1, 2]"), ("ARRAY[1, 2]", "ARRAY['x', 'yz']"), ("ARRAY['a']", "ARRAY[1, 2]"), ("ARRAY['a', 'b']", "ARRAY[1]"), ("ARRAY['a', 'a']", "ARRAY[1, 2]"),
    (f"ARRAY['a', {NS}]", "ARRAY[1, 2]"), ("ARRAY['a', 'b']", f"ARRAY[1, {NI}]"), (NA, "ARRAY[1]"), ("ARRAY[1]", NA), (NA, NA), (EMPTY, EMPTYS), (EMPTY, "ARRAY[1]"), (ROWS, "ARRAY[1, 2, 3]"), ("ARRAY['r']", "ARRAY[ROW(1, 'a')]"),
    (NESTED, "ARRAY[1, 2, 3]"), ("ARRAY['a', 'b']", "ARRAY[ARRAY[1], ARRAY[2, 3]]"), ("SPLIT('a,b', ',')", "SPLIT('1,2', ',')"), ("'a'", "'b'"), ("NULL", "NULL"), ("ARRAY[1]", "NULL"), *[(t, t) for t in TYPED.values()]]], "MAP_FROM_ARRAYS(ARRAY[1])")
add('map_union', f"MAP_UNION({NM}, {NM})", f"MAP_UNION(MAP['a', 1], {NM})", "MAP_UNION(MAP['a', 1], MAP['b', 2], MAP['a', 3])", "MAP_UNION(MAP['a', 1])", "MAP_UNION(MAP['a', 1], MAP['bcd', 2.5])", "MAP_UNION(MAP['a', 1], MAP[1, 'a'])", "MAP_UNION(MAP[1, 'a'], MAP[1, 'b', 2, 'c'])",
    f"MAP_UNION(MAP['a', 1], MAP['a', {NI}])", f"MAP_UNION(MAP[{NS}, 1], MAP[{NS}, 2])", f"MAP_UNION({EMPTYM}, MAP['a', 1])", f"MAP_UNION({EMPTYM}, {EMPTYM})", "MAP_UNION()", "MAP_UNION(MAP['a', 1], NULL)", "MAP_UNION(1, 2)", "MAP_UNION(MAP['b', 1], MAP['a', 2])", "MAP_UNION(MAP[1, 1], MAP[CAST(2 AS BIGINT), 2])")
add('str_to_map', *[f"STR_TO_MAP({x})" for x in ["'a=1,b=2'", "'a=1'", "''", "'a'", "'a,b=2'", "'a=1,a=2'", "'a=1=2,b=3'", "'a:1;b:2', ';', ':'", "'a=1;b=2', ';', '='", "'a||1,b||2', ',', '||'", "'a.1,b.2', ',', '.'", "'a1b2', '[0-9]', 'x'", NS, "'a=1', NULL, '='", f"'a=1', {NS}, '='",
    f"'a=1', ',', {NS}", "'=1'", "'a='", "'a=1,,b=2'", "',a=1'", "'a=1,'", "' a = 1 , b = 2 '", "'a=1', ','", "1", "'b=1,a=2,c=3'", "'k1 v1', ',', ' '", "'a=1|b=2', '|', '='", "'a=1|b=2', '\\|', '='", "'abc', '', ''", "NULL", "'a=1&b=2', '&', '='"]], "STR_TO_MAP('a=1,b=2')['b']", "STR_TO_MAP('a=1,b=2')['x']", "CARDINALITY(STR_TO_MAP('a=1,b=2'))")
add('split', *[f"SPLIT({x})" for x in ["'a,b,c', ','", "'abc', ''", "'', ','", "'', ''", "'a', ','", "',a,', ','", "'a,,b', ','", "'a;b', ','", "'a.b.c', '.'", "'a|b', '|'", "'aXYbXYc', 'XY'", f"{NS}, ','", f"'a', {NS}", "'a b  c', ' '", "NULL, ','", "'a', NULL", "1, ','", "'a', 1", "'a'", "',,', ','", "'abab', 'ab'",
    "'aaa', 'aa'", "CAST('a,b' AS VARCHAR(5)), ','", "U&'\\00e9\\20ac', ''", "'a[b', '['", "'A,b', 'B'"]], "SPLIT('a,b,c', ',')[2]", "CARDINALITY(SPLIT('', ','))", "CARDINALITY(SPLIT('a,b', ','))", "CARDINALITY(SPLIT('', ''))")
add('regexp_extract_all', *[f"REGEXP_EXTRACT_ALL({x})" for x in ["'a1b22', '[0-9]+'", "'a1b22', '([a-z])([0-9]+)'", "'a1b22', '([a-z])([0-9]+)', 0", "'a1b22', '([a-z])([0-9]+)', 1", "'a1b22', '([a-z])([0-9]+)', 2", "'a1b22', '([a-z])([0-9]+)', 3", "'a1b22', '([a-z])([0-9]+)', -1", "'abc', 'x'", "'abc', 'x', 0", "'', 'a'", "'', 'a*', 0",
    f"{NS}, 'a'", f"'a', {NS}", f"'a', 'a', {NI}", "'a', '('", "'aaa', 'a', 0", "'aaa', '(a)'", "'ab', '(a)|(b)'", "'ab', '(a)|(b)', 2", "'100-200, 300-400', '(\\d+)-(\\d+)', 1", "'100-200, 300-400', '(\\d+)-(\\d+)', 2", "'a', 'a', CAST(0 AS TINYINT)", "'a', 'a', CAST(0 AS BIGINT)", "'aaa', '', 0", "'a', NULL", "'a'", "'aBc', '(?i)b', 0"]])
add('json_query', *[f"JSON_QUERY({x})" for x in ["'{\"a\":[1,2]}', '$.a' RETURNING ARRAY<STRING>", "'{\"a\":[\"x\",null]}', '$.a' RETURNING ARRAY<STRING>", "'[1,\"b\",true,null,{\"k\":1},[2]]', '$' RETURNING ARRAY<STRING>", "'{\"a\":1}', '$.a' RETURNING ARRAY<STRING>",
    "'{\"a\":1}', '$.a' RETURNING ARRAY<STRING> WITH WRAPPER", "'{\"a\":[1]}', '$.a' RETURNING ARRAY<STRING> WITH WRAPPER", "'{\"a\":[1]}', '$.a' RETURNING ARRAY<STRING> WITH CONDITIONAL WRAPPER", "'{}', '$.a' RETURNING ARRAY<STRING>", "'{}', '$.a' RETURNING ARRAY<STRING> EMPTY ARRAY ON EMPTY",
    "'{}', '$.a' RETURNING ARRAY<STRING> EMPTY OBJECT ON EMPTY", "'{}', 'strict $.a' RETURNING ARRAY<STRING> EMPTY ARRAY ON ERROR", "'{}', 'strict $.a' RETURNING ARRAY<STRING> ERROR ON ERROR", "'[1,2]', '$' RETURNING ARRAY<INT>", "'[1,2]', '$' RETURNING ARRAY<STRING NOT NULL>", "'[[1],[2]]', '$' RETURNING ARRAY<ARRAY<STRING>>",
    f"{NS}, '$' RETURNING ARRAY<STRING>", "'bad', '$' RETURNING ARRAY<STRING>", "'[]', '$' RETURNING ARRAY<STRING>", "'[{\"a\":1},{\"a\":\"x\"}]', '$[*].a' RETURNING ARRAY<STRING> WITH WRAPPER", "'[1.50, 1e3]', '$' RETURNING ARRAY<STRING>", "'[1,2]', '$' RETURNING STRING", "'[1,2]', '$' RETURNING VARCHAR(3)", "'{\"a\":null}', '$.a' RETURNING ARRAY<STRING>",
    "'{\"k\":1}', '$' RETURNING MAP<STRING, STRING>"]], "JSON_QUERY('[\"a\",\"b\"]', '$' RETURNING ARRAY<STRING>)[2]", "CARDINALITY(JSON_QUERY('[1,2,3]', '$' RETURNING ARRAY<STRING>))")
# --- JSON of structured values
STRUCTURED = [INTS, NULLS, STRS, ROWS, NESTED, MAPS, DEEP, NA, EMPTY, *MAPVALUES[:8], *ROWVALUES, TYPED['DATE'], TYPED['DOUBLE'], TYPED['DECIMAL'], TYPED['BYTES'], TYPED['TIMESTAMP(3)'], TYPED['TIME'], TYPED['TIMESTAMP_LTZ']]
for s in STRUCTURED:
    add('json_object', f"JSON_OBJECT('k' VALUE {s})")
    add('json_array', f"JSON_ARRAY({s})")
    add('is_null', f"{s} IS NULL", f"({s}) IS NOT NULL")
    add('self', f"{s} = {s}", f"{s} <> {s}", f"{s} < {s}")
    add('coalesce', f"COALESCE({s}, {s})", f"IFNULL({s}, {s})")
    add('if', f"IF(z = 0, {s}, {s})", f"CASE WHEN z = 1 THEN {s} END", f"CASE WHEN z = 0 THEN {s} ELSE {s} END")
    add('nullif', f"NULLIF({s}, {s})")
    add('in', f"{s} IN ({s})", f"{s} NOT IN ({s}, {s})")
    add('try_cast', f"TRY_CAST({s} AS STRING)", f"TRY_CAST({s} AS ARRAY<STRING>)")
    add('cast_varchar', f"CAST({s} AS VARCHAR(5))", f"CAST({s} AS CHAR(30))", f"CAST({s} AS VARCHAR(40))")
    add('cast_refused', f"CAST({s} AS INT)", f"CAST({s} AS BYTES)", f"CAST({s} AS BOOLEAN)")
    add('concat', f"CONCAT({s}, '')", f"CONCAT('<', CAST({s} AS STRING), '>')", f"UPPER({s})")
    add('distinct_from', f"{s} IS DISTINCT FROM {s}", f"{s} IS NOT DISTINCT FROM {s}")
add('json_object', "JSON_OBJECT('a' VALUE ARRAY[1], 'b' VALUE MAP['k', ROW(1, 'x')] NULL ON NULL)", "JSON_OBJECT('a' VALUE CAST(NULL AS ARRAY<INT>) ABSENT ON NULL)", "JSON_OBJECT('a' VALUE JSON_ARRAY(1, ARRAY[2]))", "JSON_OBJECT('a' VALUE CAST(ROW(1, 'x') AS ROW<p INT, q STRING>))", "JSON_OBJECT('a' VALUE ARRAY[CAST(ROW(1, 'x') AS ROW<p INT, q STRING>)])",
    "JSON_OBJECT('a' VALUE JSON('[1,2]'))", "JSON_OBJECT('a' VALUE JSON_QUERY('[1,2]', '$' RETURNING ARRAY<STRING>))")
add('json_array', "JSON_ARRAY(ARRAY[1], MAP['a', 1], ROW(1, 'x'))", "JSON_ARRAY(CAST(NULL AS ARRAY<INT>) NULL ON NULL)", "JSON_ARRAY(CAST(NULL AS ARRAY<INT>) ABSENT ON NULL)", "JSON_ARRAY(1, JSON_OBJECT('k' VALUE ARRAY[1]))", "JSON_ARRAY(JSON('{\"a\":1}'))")
# --- casts between structured types
for e, types in [(INTS, ["ARRAY<BIGINT>", "ARRAY<STRING>", "ARRAY<TINYINT>", "ARRAY<DOUBLE>", "ARRAY<DECIMAL(10, 2)>", "ARRAY<INT NOT NULL>", "ARRAY<INT>", "ARRAY<BOOLEAN>", "ARRAY<DATE>", "ARRAY<VARCHAR(1)>", "ARRAY<CHAR(3)>", "ARRAY<BIGINT> NOT NULL", "ARRAY<ROW<a INT>>", "MAP<INT, INT>", "ROW<a INT>", "MULTISET<INT>", "ARRAY<ARRAY<INT>>", "INT ARRAY"]),
                 (NULLS, ["ARRAY<BIGINT>", "ARRAY<STRING>", "ARRAY<INT NOT NULL>", "ARRAY<DOUBLE>", "ARRAY<STRING NOT NULL>"]), (NA, ["ARRAY<BIGINT>", "ARRAY<STRING>", "STRING", "ARRAY<INT NOT NULL>"]), (EMPTY, ["ARRAY<STRING>", "ARRAY<BIGINT>", "STRING"]),
                 ("ARRAY['1', '2']", ["ARRAY<INT>", "ARRAY<DOUBLE>", "ARRAY<DECIMAL(5, 1)>", "ARRAY<BYTES>", "ARRAY<STRING>", "ARRAY<CHAR(3)>", "ARRAY<BOOLEAN>", "ARRAY<DATE>"]), ("ARRAY['1', 'x']", ["ARRAY<INT>", "ARRAY<BOOLEAN>", "ARRAY<TIMESTAMP(3)>"]),
                 ("ARRAY['2024-02-29']", ["ARRAY<DATE>", "ARRAY<TIMESTAMP(3)>", "ARRAY<TIME>", "ARRAY<TIMESTAMP_LTZ(3)>"]), ("ARRAY[1000]", ["ARRAY<TINYINT>", "ARRAY<DECIMAL(3, 1)>", "ARRAY<VARCHAR(2)>"]), ("ARRAY[1.55, 2.45]", ["ARRAY<INT>", "ARRAY<DECIMAL(3, 1)>", "ARRAY<STRING>", "ARRAY<DOUBLE>"]),
                 (NESTED, ["ARRAY<ARRAY<STRING>>", "ARRAY<ARRAY<BIGINT>>", "ARRAY<INT>", "ARRAY<STRING>"]), (ROWS, ["ARRAY<ROW<a INT, b STRING>>", "ARRAY<ROW<a STRING, b STRING>>", "ARRAY<ROW<a BIGINT>>", "ARRAY<STRING>"]), (MAPS, ["ARRAY<MAP<STRING, BIGINT>>", "ARRAY<STRING>"]),
                 ("MAP['a', 1, 'b', 2]", ["MAP<STRING, BIGINT>", "MAP<STRING, STRING>", "MAP<CHAR(3), INT>", "MAP<INT, INT>", "ARRAY<STRING>", "MULTISET<STRING>", "ROW<a INT, b INT>", "MAP<STRING NOT NULL, INT NOT NULL>", "STRING"]), ("MAP[1, 'x', 2, 'yz']", ["MAP<STRING, STRING>", "MAP<BIGINT, VARCHAR(1)>", "MAP<TINYINT, BYTES>"]),
                 (f"MAP['a', {NI}]", ["MAP<STRING, STRING>", "MAP<STRING, BIGINT>"]), (NM, ["MAP<STRING, STRING>", "STRING"]), ("MAP['1', 1, '01', 2]", ["MAP<INT, INT>"]), ("MAP['k', ARRAY[1]]", ["MAP<STRING, ARRAY<STRING>>", "MAP<STRING, STRING>"]),
                 ("ROW(1, 'a')", ["ROW<a INT, b STRING>", "ROW<a BIGINT, b VARCHAR(3)>", "ROW<a STRING, b STRING>", "ROW<a INT>", "ROW<a INT, b STRING, c INT>", "ROW<a TINYINT, b CHAR(3)>", "ROW<a INT NOT NULL, b STRING NOT NULL>", "ROW<a DATE, b STRING>", "ROW<a INT, b INT>", "ARRAY<STRING>", "MAP<INT, STRING>", "ROW(a INT, b STRING)", "ROW<INT, STRING>", "STRING"]),
                 (f"ROW({NI}, 'a')", ["ROW<a BIGINT, b STRING>", "ROW<a INT NOT NULL, b STRING>", "ROW<a STRING, b STRING>"]), ("CAST(NULL AS ROW<a INT, b STRING>)", ["ROW<a STRING, b STRING>", "STRING", "ROW<c BIGINT, d STRING>"]), ("ROW(1, ROW(2, 'x'))", ["ROW<a INT, r ROW<x BIGINT, y STRING>>", "ROW<a STRING, r STRING>"]), ("ROW('1', '2024-02-29')", ["ROW<a INT, b DATE>", "ROW<a DECIMAL(4, 1), b TIMESTAMP(3)>"]),
                 ("ROW(ARRAY[1, 2], MAP['k', 1])", ["ROW<a ARRAY<STRING>, m MAP<STRING, BIGINT>>"]), ("1", ["ARRAY<INT>", "ROW<a INT>", "MAP<INT, INT>"]), ("'[1, 2]'", ["ARRAY<INT>", "ARRAY<STRING>"]), ("'(1, a)'", ["ROW<a INT, b STRING>"]), ("'{a=1}'", ["MAP<STRING, INT>"]), ("NULL", ["ARRAY<STRING>", "MAP<STRING, INT>", "ROW<a INT>", "ROW<a INT NOT NULL>", "ARRAY<INT NOT NULL>", "MULTISET<INT>", "ARRAY<ROW<a MAP<STRING, INT>>>"]),
                 (TYPED['TIMESTAMP(3)'], ["ARRAY<STRING>", "ARRAY<DATE>", "ARRAY<TIMESTAMP(0)>", "ARRAY<TIMESTAMP_LTZ(3)>"]), (TYPED['BOOLEAN'], ["ARRAY<INT>", "ARRAY<STRING>"]), (TYPED['BYTES'], ["ARRAY<STRING>", "ARRAY<BINARY(4)>"]), (TYPED['DOUBLE'], ["ARRAY<INT>", "ARRAY<STRING>", "ARRAY<FLOAT>", "ARRAY<DECIMAL(5, 1)>"])]:
    for t in types:
        add('cast', f"CAST({e} AS {t})")
        add('try_cast', f"TRY_CAST({e} AS {t})")
# --- conditions and comparisons over values of different types
MIXED = [("ARRAY[1]", "ARRAY[2.5]"), ("ARRAY['a']", "ARRAY['bcd', 'e']"), ("ARRAY[1]", NA), (NA, "ARRAY[1]"), ("ARRAY[1]", "ARRAY['a']"), ("ARRAY[1]", "MAP['a', 1]"), ("MAP['a', 1]", "MAP['bcd', 2]"), ("MAP['a', 1]", "MAP['a', 1.5]"), ("MAP['a', 1]", NM), ("MAP['a', 1, 'b', 2]", "MAP['b', 2, 'a', 1]"), ("ROW(1, 'a')", "ROW(2, 'bcd')"),
         ("ROW(1, 'a')", "ROW(1.5, 'a')"), ("ROW(1, 'a')", "ROW(1)"), ("ROW(1, 'a')", "CAST(NULL AS ROW<a INT, b STRING>)"), ("ROW(1, 'a')", "(1, 'a')"), (f"ROW(1, {NI})", f"ROW(1, {NI})"), (f"ARRAY[1, {NI}]", f"ARRAY[1, {NI}]"), ("ARRAY[1, 2]", "ARRAY[1]"), ("ARRAY[1, 2]", "ARRAY[2, 1]"), ("ARRAY[1, 2]", "ARRAY[1, 3]"), ("ARRAY[1]", "NULL"), ("NULL", "ROW(1, 'a')"), ("ARRAY[1]", "1"), ("ROW(1, 2)", "ROW(1, 3)"),
         ("ARRAY[ROW(1, 'a')]", "ARRAY[ROW(1, 'b')]"), ("MAP['a', ARRAY[1]]", "MAP['a', ARRAY[1]]"), (f"MAP['a', {NI}]", f"MAP['a', {NI}]"), ("ARRAY[1e0]", "ARRAY[1]"), ("ARRAY[CAST(1 AS BIGINT)]", "ARRAY[1]"), ("ARRAY[1.0]", "ARRAY[1.00]"), (R2, "ROW(1, 'a')"), (R2, R2), ("ARRAY[CAST('nan' AS DOUBLE)]", "ARRAY[CAST('nan' AS DOUBLE)]"), ("ARRAY['a']", "ARRAY['a ']"), ("ARRAY[DATE '2024-02-29']", "ARRAY[DATE '2024-02-29']")]
for a, b in MIXED:
    add('compare', f"{a} = {b}", f"{a} <> {b}", f"{a} < {b}", f"{a} IS DISTINCT FROM {b}")
    add('in', f"{a} IN ({b})", f"{a} IN ({b}, {a})")
    add('coalesce', f"COALESCE({a}, {b})", f"IFNULL({a}, {b})")
    add('if', f"IF(z = 0, {a}, {b})", f"IF(z = 1, {a}, {b})", f"CASE WHEN z = 0 THEN {a} ELSE {b} END", f"CASE z WHEN 1 THEN {a} ELSE {b} END")
    add('nullif', f"NULLIF({a}, {b})")
    add('greatest', f"GREATEST({a}, {b})")
add('compare', "ROW(1, 2) > ROW(1, 1)", "(1, 'b') >= (1, 'a')", "ROW(1, 2) BETWEEN ROW(0, 0) AND ROW(2, 2)", "(1, 2) IN ((1, 2), (3, 4))", "ARRAY[1] > ARRAY[0]", "MAP['a', 1] > MAP['a', 0]", f"NOT (ARRAY[1] = {NA})", f"({NA} = ARRAY[1]) IS NULL")
add('nested', DEEP, f"CARDINALITY({DEEP})", f"{DEEP}[2].EXPR$1", f"MAP_KEYS({DEEP}[1].EXPR$1)", f"ARRAY_CONCAT({DEEP}, {DEEP})", f"ARRAY_DISTINCT(ARRAY_CONCAT({NESTED}, {NESTED}))", f"ARRAY_SORT(MAP_KEYS(MAP['b', 1, 'a', 2]))", "ARRAY_JOIN(MAP_KEYS(MAP['b', 1, 'a', 2]), ',')", "MAP_ENTRIES(MAP['a', 1])[1].key", "MAP_ENTRIES(MAP['a', 1])[1].`value`",
    "MAP_FROM_ARRAYS(MAP_VALUES(MAP['a', 1]), MAP_KEYS(MAP['a', 1]))", "ARRAY_MAX(MAP_VALUES(MAP['a', 1, 'b', 5]))", "CARDINALITY(ARRAY_DISTINCT(ARRAY[1, 1, 2]))", "ARRAY[MAP['a', ROW(1, ARRAY[TRUE])]]", "MAP['a', ARRAY[MAP['b', ARRAY[1.5]]]]", f"ROW(ARRAY[{NI}], MAP['k', {NS}], ROW({NI}))", f"ARRAY[ROW({NI}, {NS})]", f"MAP['k', {NA}]", f"ARRAY[{NA}, ARRAY[1]]", f"ROW({NA}, {NM})", f"ARRAY[ROW(1, {NM})]",
    f"CAST(ARRAY[{NA}, ARRAY[1]] AS STRING)", f"CAST(ROW({NA}, {NM}, CAST(NULL AS ROW<a INT>)) AS STRING)", "ARRAY_APPEND(ARRAY_PREPEND(ARRAY[2], 1), 3)", "ARRAY_REVERSE(ARRAY_SORT(ARRAY[2, 3, 1]))", "ARRAY_SLICE(SPLIT('a,b,c', ','), 2, 3)", "ARRAY_JOIN(ARRAY_DISTINCT(SPLIT('b,a,b', ',')), ';')", "ELT(2, 'a', 'b')", "JSON_STRING(ROW(1, ARRAY[MAP['k', ROW(TRUE, 1.5)]]))", "ARRAY_POSITION(SPLIT('a,b', ','), 'b')",
    "CAST(MAP['k', ARRAY['a', 'b']] AS STRING)", "CAST(ARRAY[ROW('a', 'b c'), ROW('', ' ')] AS STRING)", "CAST(ARRAY['a,b', 'c]', '[', '\"', 'NULL', 'null'] AS STRING)", "CAST(MAP['a=b', 'c,d', '}', '{'] AS STRING)")
for name, v in VALUES.items():
    add('elements', f"MAP[{v[0]}, {v[-1]}]", f"ROW({', '.join(v)})", f"CAST(ROW({', '.join(v)}) AS STRING)", f"ARRAY[CAST(NULL AS {'STRING' if name.startswith('INTERVAL') else name}), {v[0]}]", f"ARRAY[ROW({v[0]})]", f"ARRAY[{v[0]}, NULL]", f"MAP_VALUES(MAP['k', {v[0]}])", f"CAST(MAP['k', {v[-1]}] AS STRING)")

# --- the same with elements that may be NULL (a literal's never may, and Flink answers those differently)
for name, t in TYPED.items():
    if name.startswith('INTERVAL'):
        continue
    a, v = f"CAST({t} AS ARRAY<{name}>)", f"CAST({VALUES[name][0]} AS {name})"
    m = f"CAST(MAP['k', {VALUES[name][0]}] AS MAP<STRING, {name}>)"
    r = f"CAST(ROW({VALUES[name][0]}, NULLIF(1, 1)) AS ROW<a {name}, b INT>)"
    add('nullable', f"{a}[1]", f"{a}[9]", f"{a}[{NI}]", f"ELEMENT(ARRAY_SLICE({a}, 1, 1))", f"ARRAY_MAX({a})", f"ARRAY_MIN({a})", f"ARRAY_SORT(ARRAY_APPEND({a}, CAST(NULL AS {name})))", f"ARRAY_CONTAINS({a}, {v})", f"ARRAY_CONTAINS({a}, CAST(NULL AS {name}))",
        f"ARRAY_POSITION({a}, {v})", f"ARRAY_REMOVE({a}, {v})", f"ARRAY_UNION({a}, ARRAY[{v}, CAST(NULL AS {name})])", f"ARRAY_EXCEPT({a}, ARRAY[{v}])", f"ARRAY_INTERSECT({a}, ARRAY[{v}])", f"{m}['k']", f"{m}['x']", f"MAP_VALUES({m})", f"{r}.a", f"{r}.b", f"{r}", f"{a} = {a}",
        f"JSON_STRING({r})", f"JSON_STRING({m})", f"CAST({a} AS STRING)", f"COALESCE({a}[9], {v})", f"{a}[9] IS NULL", f"ARRAY_DISTINCT(ARRAY_CONCAT({a}, {a}))")

NAN, INF = "CAST('NaN' AS DOUBLE)", "CAST('-Infinity' AS DOUBLE)"
add('nan', *[f.format(f"ARRAY[{NAN}, 1e0, {INF}, -0e0, 0e0, {NAN}]") for f in ["{}", "ARRAY_SORT({})", "ARRAY_SORT({}, FALSE)", "ARRAY_MAX({})", "ARRAY_MIN({})", "ARRAY_DISTINCT({})", "ARRAY_CONTAINS({}, CAST('NaN' AS DOUBLE))", "ARRAY_POSITION({}, 0e0)", "ARRAY_REMOVE({}, CAST('NaN' AS DOUBLE))", "ARRAY_UNION({}, ARRAY[1e0])", "JSON_STRING({})"]],
    f"ARRAY[{NAN}] = ARRAY[{NAN}]", f"MAP[{NAN}, 1] = MAP[{NAN}, 1]", f"ROW({NAN}) = ROW({NAN})", "ARRAY[-0e0] = ARRAY[0e0]", f"MAP[{NAN}, 1, {NAN}, 2]", "MAP[-0e0, 1, 0e0, 2]", f"ARRAY_EXCEPT(ARRAY[{NAN}, 1e0], ARRAY[{NAN}])", f"CAST(ARRAY[{NAN}, {INF}] AS STRING)")

KEYS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen']
add('map_order', "STR_TO_MAP('" + ','.join(f"{k}={i}" for i, k in enumerate(KEYS)) + "')", "STR_TO_MAP('z=1,y=2,x=3,Aa=4,BB=5,AaAa=6,BBBB=7')", "MAP[" + ', '.join(f"'{k}', {i}" for i, k in enumerate(KEYS)) + "]",
    "MAP_UNION(" + ', '.join(f"MAP['{k}', {i}]" for i, k in enumerate(KEYS)) + ")", "MAP_UNION(MAP[17, 'x', 3, 'y'], MAP[1, 'z', 40, 'w', -5, 'v'])", "MAP_UNION(MAP[CAST(4294967297 AS BIGINT), 1], MAP[CAST(2 AS BIGINT), 2, CAST(1 AS BIGINT), 3])",
    "MAP_UNION(MAP['b', 1, 'c', 9], MAP['a', 2, 'd', 8])", "MAP_UNION(MAP[2e0, 1], MAP[1e0, 2, 0.5e0, 3])", "MAP_UNION(MAP[DATE '2024-02-29', 1], MAP[DATE '1969-12-31', 2, DATE '2000-01-01', 3])", "MAP_UNION(MAP[2.5, 1], MAP[1.5, 2, 0.5, 3])", "MAP_UNION(MAP[TRUE, 1], MAP[FALSE, 2])",
    "CAST(MAP['b', 1, 'a', 2, 'c', 3] AS MAP<STRING, BIGINT>)", "CAST(MAP[30, 1, 2, 2, 17, 3] AS MAP<STRING, BIGINT>)", "CAST(MAP['30', 1, '2', 2, '17', 3] AS MAP<INT, INT>)", "CAST(STR_TO_MAP('z=1,y=2,x=3') AS MAP<STRING, INT>)", "MAP_KEYS(STR_TO_MAP('z=1,y=2,x=3,one=4'))", "MAP_ENTRIES(MAP['z', 1, 'y', 2])",
    "MAP_KEYS(MAP_UNION(MAP['z', 1], MAP['one', 2, 'a', 3]))", "JSON_STRING(STR_TO_MAP('z=1,y=2,x=3,one=4'))", "JSON_STRING(MAP['z', 1, 'y', 2])", "MAP_FROM_ARRAYS(ARRAY['z', 'y', 'x', 'one'], ARRAY[1, 2, 3, 4])", "JSON_STRING(MAP_FROM_ARRAYS(ARRAY['z', 'y', 'z'], ARRAY[1, 2, 3]))", "MAP_KEYS(MAP_FROM_ARRAYS(ARRAY['a', 'a'], ARRAY[1, 2]))",
    "CARDINALITY(MAP_FROM_ARRAYS(ARRAY['a', 'a'], ARRAY[1, 2]))", "MAP_FROM_ARRAYS(ARRAY['a', 'b'], ARRAY[1, 2])['b']", "MAP_FROM_ARRAYS(ARRAY['a', 'a'], ARRAY[1, 2]) = MAP['a', 2]", "MAP_UNION(MAP_FROM_ARRAYS(ARRAY['a', 'a'], ARRAY[1, 2]), MAP['b', 3])")

if __name__ == '__main__':
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 0   # at most so many of a group, spread over it
    groups = {}
    for g, e in out:
        groups.setdefault(g, []).append(e)
    for g, es in groups.items():
        for e in es[::max(1, len(es) // wanted)][:wanted] if wanted else es:
            print(g + '\t' + e)
