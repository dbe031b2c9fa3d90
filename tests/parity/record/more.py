#!/usr/bin/env python3
"""Writes further flat expressions over Flink's scalar functions, none of which stands in the file of values given
(JSON lines with "e"), one a line: GROUP, tab, EXPRESSION.   more.py FILE [AT_MOST_OF_A_GROUP]"""
import itertools
import json
import random
import sys

random.seed(20)
known = {json.loads(line)['e'].replace(' ', '') for line in open(sys.argv[1])}
most = int(sys.argv[2]) if len(sys.argv) > 2 else 60
groups = {}


def add(group, *expressions):
    for e in expressions:
        if e.replace(' ', '') not in known:
            known.add(e.replace(' ', ''))
            groups.setdefault(group, []).append(e)


def every(group, pattern, *lists):
    """All the combinations of the lists in the pattern's places."""
    add(group, *[pattern.format(*c) for c in itertools.product(*lists)])


def null(t):
    return f"CAST(NULL AS {t})"


def cast(t, *values):
    return [f"CAST({v} AS {t})" for v in values]


NUM = ["3", "-8", "0", "2.75", "-0.125", "1e3", "-4.5e-2", *cast('TINYINT', 9, -9), *cast('SMALLINT', 1234), *cast('BIGINT', 77, -3000000000), *cast('FLOAT', 2.3, -7), *cast('DECIMAL(12,3)', 4.567), *cast('DECIMAL(38,10)', '-2.5'), null('INT'), null('DECIMAL(5,2)'), null('DOUBLE')]
TEXT = ["'hello world'", "''", "'  pad  '", "'MiXeD'", "'12.5'", "'straße'", "'日本語'", "'x😀y'", "'a''b'", "'tab\ttab'", *cast('CHAR(6)', "'abc'"), *cast('VARCHAR(4)', "'abcdef'"), null('STRING'), "'ÀÉ'", "'0'", "'true'"]
DATES = ["DATE '2023-03-31'", "DATE '2000-02-29'", "DATE '1900-01-01'", null('DATE')]
TIMES = ["TIME '08:09:10'", "TIME '23:00:01.25'", null('TIME')]
STAMPS = ["TIMESTAMP '2023-10-29 02:30:00'", "TIMESTAMP '1999-12-31 23:59:59.987654'", "TIMESTAMP '1965-06-15 01:02:03.4'", "TIMESTAMP '2024-12-30 00:00:00.001'", null('TIMESTAMP(3)')]
LTZ = ["TO_TIMESTAMP_LTZ(1698543000, 0)", "TO_TIMESTAMP_LTZ(-1234567, 3)", "CAST(TIMESTAMP '2022-02-28 22:11:00.5' AS TIMESTAMP_LTZ(3))", null('TIMESTAMP_LTZ(3)')]
SPANS = ["INTERVAL '5' DAY", "INTERVAL '36' HOUR", "INTERVAL '3 04:05:06.789' DAY TO SECOND", "INTERVAL '-90' MINUTE", "INTERVAL '7' MONTH", "INTERVAL '2-3' YEAR TO MONTH", "INTERVAL '-1' YEAR"]
UNITS = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR']
TYPES = ['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(6,2)', 'DECIMAL(20,0)', 'CHAR(4)', 'VARCHAR(6)', 'STRING', 'BINARY(2)', 'BYTES', 'DATE', 'TIME', 'TIMESTAMP(0)', 'TIMESTAMP(3)', 'TIMESTAMP(6)', 'TIMESTAMP_LTZ(3)']
FROM = ["'17'", "' 17'", "'17 '", "'-0'", "'+8'", "'1e2'", "'3.999'", "'-3.5'", "'.5'", "'5.'", "'1,000'", "'yes'", "'F'", "'t'", "'True'", "'0'", "'1'", "'NaN'", "'inf'", "'2023-3-1'", "'2023-02-30'", "'2023-12-31 10'", "'2023-12-31 10:11'", "'2023-12-31T10:11:12.131415'", "'10:11'", "'10:11:12.5'", "'25:00:00'",
        "'2023-12-31 10:11:12+02:00'", "'2023-12-31 10:11:12Z'", "'00012'", "'9'", "'129'", "'3000000000'", "'1e400'", "TRUE", "99", "-1", "256", "65536", "1.999", "-0.5", "12345.678", "99999.995", "1e10", "2.5e0", "-1.5e-5", "1e15", "123456789012e0", *cast('FLOAT', '1e10', '3.1415927', '1e-5'), *cast('DECIMAL(20,4)', '123456.7891'), *DATES, *TIMES, *STAMPS, *LTZ, "x'31'", "x'c3a9'", *SPANS]

every('cast', 'CAST({} AS {})', FROM, TYPES)
every('trycast', 'TRY_CAST({} AS {})', FROM, TYPES)
every('arith', '{} {} {}', NUM, '+-*/%', NUM)
every('arithx', '{} {} {}', DATES + TIMES + STAMPS + LTZ + SPANS, '+-', DATES + STAMPS + SPANS + ["1"])
every('intervals', '{} {} {}', DATES + TIMES + STAMPS + LTZ, '+-', SPANS)
every('intervals', '{} * {}', SPANS, ["2", "-3", "1.5", "CAST(2 AS BIGINT)"])
every('optype', '{} {} {}', NUM[:9] + TEXT[:5] + DATES[:2] + STAMPS[:2] + ["TRUE"], ['=', '<', '>=', '<>', '||', 'IS DISTINCT FROM'], NUM[3:9] + TEXT[3:6] + DATES[:1] + STAMPS[1:3] + TIMES[:1])
decimals = ['DECIMAL(2,1)', 'DECIMAL(9,9)', 'DECIMAL(15,4)', 'DECIMAL(19,0)', 'DECIMAL(30,12)', 'DECIMAL(38,0)', 'DECIMAL(38,30)']
every('dectype', 'CAST(0.6 AS {}) {} CAST(0.4 AS {})', decimals, '+-*/%', decimals)
every('dectype', '{}(CAST(0.6 AS {}))', ['ROUND', 'FLOOR', 'CEIL', 'ABS', 'TRUNCATE', 'SIGN', 'SQRT', '-'], decimals)
every('dectype', 'COALESCE(CAST(NULL AS {}), CAST(0.4 AS {}))', decimals, decimals)
every('math', '{}({})', ['ABS', 'SIGN', 'SQRT', 'EXP', 'LN', 'LOG10', 'LOG2', 'SIN', 'COS', 'TAN', 'COT', 'ASIN', 'ACOS', 'ATAN', 'SINH', 'COSH', 'TANH', 'DEGREES', 'RADIANS', 'CEIL', 'FLOOR', 'ROUND', 'TRUNCATE', 'BIN', 'HEX', '-', '+'], NUM)
every('math2', '{}({}, {})', ['POWER', 'LOG', 'ATAN2', 'MOD', 'GREATEST', 'LEAST', 'NULLIF', 'IFNULL', 'COALESCE'], NUM, NUM)
every('round', '{}({}, {})', ['ROUND', 'TRUNCATE'], ["14.5", "-14.5", "0.5", "2.5", "1e0", "-1234.5678e0", "0.00049", *cast('FLOAT', '2.345'), *cast('DECIMAL(10,4)', '99.9995'), "987654", *cast('TINYINT', 55), *cast('BIGINT', '-8500'), null('DOUBLE')], ["0", "1", "2", "3", "-1", "-2", "-9", "10"])
every('divzero', '{} {} {}', ["5", "0", "-1.5", "0e0", "CAST(2 AS BIGINT)"], '/%', ["0", "0.00", "0e0", "CAST(0 AS BIGINT)", "-0e0"])
every('text1', '{}({})', ['UPPER', 'LOWER', 'INITCAP', 'CHAR_LENGTH', 'REVERSE', 'TRIM', 'LTRIM', 'RTRIM', 'BTRIM', 'ASCII', 'CHR', 'MD5', 'SHA1', 'SHA256', 'TO_BASE64', 'FROM_BASE64', 'IS_ALPHA', 'IS_DIGIT', 'IS_DECIMAL', 'HASH_CODE', 'OCTET_LENGTH', 'UNHEX', 'URL_ENCODE', 'URL_DECODE', 'HEX', 'QUOTE'], TEXT)
every('text1', "TRIM({} {} FROM {})", ['BOTH', 'LEADING', 'TRAILING'], ["'x'", "' '", "'ab'", "''"], ["'xxabxx'", "'  a '", "''", "'abcab'"])
every('text2', '{}({}, {})', ['CONCAT', 'INSTR', 'LOCATE', 'LEFT', 'RIGHT', 'REPEAT', 'STARTSWITH', 'ENDSWITH', 'NULLIF', 'IFNULL'], TEXT[:8] + TEXT[10:13], ["'l'", "''", "'o w'", "3", "-1", "0", "100", null('STRING'), null('INT')])
every('text2', 'CONCAT_WS({}, {}, {})', ["','", "''", "' - '"], TEXT[:4] + [null('STRING')], ["'z'", null('STRING'), "''"])
every('text2', "REPLACE({}, {}, {})", TEXT[:8], ["'l'", "''", "'o'", "'  '"], ["'_'", "''", "'LL'"])
every('text2', "SPLIT_INDEX({}, {}, {})", ["'a,b,,c'", "''", "',x,'", "'no'", null('STRING')], ["','", "44", "'b'", "''"], ["0", "1", "2", "9", "-1"])
every('text2', "TRANSLATE({}, {}, {})", ["'hello'", "'aabb'", "''"], ["'lo'", "'ab'", "''"], ["'01'", "'x'", "''"])
SUBS = ["'stream😀s'", "'abc'", "''", *cast('CHAR(5)', "'xy'"), null('STRING')]
PLACES = ["1", "2", "0", "-2", "4", "9", "-9", null('INT')]
every('substr', 'SUBSTRING({}, {})', SUBS, PLACES)
every('substr', 'SUBSTRING({} FROM {} FOR {})', SUBS, PLACES, ["2", "0", "-1", "99"])
every('substr', 'SUBSTR({}, {}, {})', SUBS, PLACES, ["1", "3", "0"])
every('substr', 'OVERLAY({} PLACING {} FROM {} FOR {})', SUBS[:3], ["'#'", "''", "'long text'"], ["1", "3", "0", "20"], ["0", "2", "7"])
every('substr', '{}({}, {}, {})', ['LPAD', 'RPAD'], SUBS, ["3", "12", "0", "-1"], ["'-'", "'ab'", "''"])
REGEX = ["'[aeiou]'", "'(\\w+)\\s(\\w+)'", "'l+'", "'^h'", "'d$'", "'.'", "'\\d{2,}'", "'(?i)HELLO'", "'[^ ]+$'", "'x*'", "'('", "'\\bw'", "'(a)|(o)'", "''", "'[[:alpha:]]'", "'\\p{L}+'"]
HAY = ["'hello world'", "'a1b22c333'", "''", "'line1\nline2'", "'straße 12'"]
every('regexp', 'REGEXP({}, {})', HAY, REGEX)
every('regexp', "REGEXP_REPLACE({}, {}, {})", HAY, REGEX, ["'-'", "'[$1]'", "''"])
every('regexp', 'REGEXP_EXTRACT({}, {}, {})', HAY, REGEX, ["0", "1", "2"])
every('regexp', '{}({}, {})', ['REGEXP_COUNT', 'REGEXP_INSTR', 'REGEXP_SUBSTR'], HAY[:3], REGEX)
every('like', '{} {} {}', ["'hello'", "'50%'", "'a_b'", "''", "'Ab\nc'"], ['LIKE', 'NOT LIKE', 'SIMILAR TO'], ["'h%o'", "'%'", "'_____'", "'50\\%'", "'A%'", "''", "'a_b'", "'%l%l%'", "'(h|j)ello'", "'[a-h]%'", "'h.*'"])
every('like', "{} LIKE {} ESCAPE {}", ["'50%'", "'a_b'", "'x#y'"], ["'50!%'", "'a#_b'", "'x##y'", "'%'"], ["'!'", "'#'"])
every('logic', '{} {} {}', ["TRUE", "FALSE", null('BOOLEAN'), "1 > 2", "'a' < 'b'"], ['AND', 'OR', '=', '<>', 'IS NOT DISTINCT FROM'], ["TRUE", "FALSE", null('BOOLEAN'), "NOT TRUE"])
every('logic', '{} {}', ["TRUE", "(2 < 1)", null('BOOLEAN'), "(1 = CAST(NULL AS INT))"], ['IS TRUE', 'IS NOT TRUE', 'IS FALSE', 'IS NOT FALSE', 'IS UNKNOWN', 'IS NOT UNKNOWN', 'IS NULL', 'IS NOT NULL'])
every('logic', '{} {} {} AND {}', NUM[:6] + TEXT[:2], ['BETWEEN', 'NOT BETWEEN', 'BETWEEN SYMMETRIC'], ["-10", "5", "'a'"], ["2.5", "0"])
every('logic', '{} {} ({})', ["2", "2.0", "'b'", null('INT'), "DATE '2023-03-31'"], ['IN', 'NOT IN'], ["1, 2", "1, CAST(NULL AS INT)", "2.0, 3.5", "'a', 'b'", "'2023-03-31'", "DATE '2023-03-31'"])
every('logic', 'CASE WHEN {} THEN {} ELSE {} END', ["1 < 2", "CAST(NULL AS BOOLEAN)"], ["1", "'yes'", "2.5", "DATE '2023-03-31'"], ["2.75", "'maybe'", "CAST(9 AS BIGINT)", "1e0", "NULL"])
every('logic', 'IF({}, {}, {})', ["1 > 2", "TRUE"], ["1", "'yes'", "2.5", "1e0"], ["2.75", "'maybe'", "CAST(9 AS BIGINT)", "NULL", "CAST(NULL AS STRING)"])
ALL = DATES + TIMES + STAMPS + LTZ
every('extract', 'EXTRACT({} FROM {})', UNITS + ['MILLISECOND', 'MICROSECOND', 'DOY', 'DOW', 'ISODOW', 'ISOYEAR', 'EPOCH', 'DECADE', 'CENTURY', 'MILLENNIUM'], ALL + SPANS)
every('extract', '{}({} TO {})', ['FLOOR', 'CEIL'], ALL, UNITS + ['MILLISECOND', 'DECADE'])
every('extract', '{}({})', ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAYOFYEAR', 'DAYOFMONTH', 'DAYOFWEEK', 'HOUR', 'MINUTE', 'SECOND'], ALL)
every('tsadd', 'TIMESTAMPADD({}, {}, {})', UNITS, ["5", "-13", "0", null('INT'), "1.5"], ALL)
every('tsdiff', 'TIMESTAMPDIFF({}, {}, {})', UNITS, ALL, DATES + STAMPS + LTZ[:1])
FORMATS = ["'yyyy/MM/dd'", "'dd.MM.yy HH:mm'", "'hh:mm a'", "'EEEE'", "'EEE, d MMM'", "'yyyy-MM-dd''T''HH:mm:ss.SSS'", "'D'", "'QQQ yyyy'", "'H:m:s'", "'ss.SSSSSS'", "'YYYY-ww'", "'uuuu'", "'x'", "'[yyyy]'", "''", "'kk'", "'zzz'"]
every('fmt', 'DATE_FORMAT({}, {})', STAMPS + LTZ + ["'2023-10-29 02:30:00'", "'bad'", null('STRING')], FORMATS)
every('fmt', 'FROM_UNIXTIME({}, {})', ["0", "1698543000", "-1", "253402300800", null('BIGINT')], FORMATS)
every('parse', '{}({}, {})', ['TO_DATE', 'TO_TIMESTAMP', 'UNIX_TIMESTAMP'], ["'2023/10/29'", "'29.10.23 02:30'", "'02:30 PM'", "'2023-10-29T02:30:00.5'", "'302'", "'2023-10-29'", "''", "'x'", null('STRING')], FORMATS[:8] + ["'yyyy-MM-dd'", "'yyyy-MM-dd''T''HH:mm:ss.S'"])
every('parse', '{}({})', ['TO_DATE', 'TO_TIMESTAMP', 'UNIX_TIMESTAMP', 'FROM_UNIXTIME'], ["'2023-10-29'", "'2023-1-2'", "'2023-10-29 02:30:00'", "'2023-10-29 02:30:00.123456'", "'2023-10-29 02:30'", "'20231029'", "' 2023-10-29'", "''", "1698543000", null('STRING')])
every('tz', "CONVERT_TZ({}, {}, {})", ["'2023-10-29 02:30:00'", "'2023-03-26 02:30:00'", "'1999-12-31 23:59:59'", "'2023-10-29'", null('STRING')], ["'UTC'", "'Europe/Paris'", "'America/Los_Angeles'", "'GMT+02:00'", "'xx'"], ["'Asia/Tokyo'", "'UTC'", "'Asia/Kathmandu'", "'PST'"])
every('tz', 'TO_TIMESTAMP_LTZ({}, {})', ["0", "-1", "1698543000", "1698543000123", "1.75", null('BIGINT'), "CAST(5 AS TINYINT)"], ["0", "3", "6", "9"])
DOCS = ["'{\"n\":{\"m\":[10,20,{\"z\":null}]},\"s\":\"t\\\\u0041\",\"b\":false,\"d\":2.50}'", "'[{\"k\":1},{\"k\":2},{\"k\":\"3\"}]'", "'\"text\"'", "'{\"a b\":{\"c\":1e2}}'", "'{bad'", "''", null('STRING')]
PATHS = ["'$'", "'$.n.m[1]'", "'$.n.m[*]'", "'$[*].k'", "'$[1].k'", "'$.s'", "'$.d'", "'$[''a b''].c'", "'lax $.none'", "'strict $.none'", "'$..k'", "'$.n.m[-1]'", "'$.n.m.length()'"]
every('json', 'JSON_VALUE({}, {})', DOCS, PATHS)
every('json', 'JSON_VALUE({}, {} RETURNING {})', DOCS[:4], ["'$.n.m[0]'", "'$[0].k'", "'$.b'", "'$.d'", "'$.s'"], ['INT', 'DOUBLE', 'BOOLEAN', 'STRING'])
every('json', "JSON_VALUE({}, {} DEFAULT 'dflt' {})", DOCS[:5], PATHS[:11], ['ON EMPTY', 'ON ERROR'])
every('json', 'JSON_QUERY({}, {} {})', DOCS, PATHS, ['', 'WITH WRAPPER', 'WITH CONDITIONAL WRAPPER', 'EMPTY ARRAY ON EMPTY', 'EMPTY OBJECT ON ERROR'])
every('json', 'JSON_EXISTS({}, {} {})', DOCS, PATHS, ['', 'UNKNOWN ON ERROR'])
every('json', '{} {}', DOCS, ['IS JSON', 'IS JSON ARRAY', 'IS JSON SCALAR', 'IS NOT JSON OBJECT'])
every('json', 'JSON_STRING({})', NUM + TEXT + ALL + ["TRUE", "x'0102'"])
every('json', "JSON_OBJECT('k' VALUE {} {})", NUM[:10] + TEXT[:8] + ["TRUE", null('STRING')], ['', 'ABSENT ON NULL'])
every('json', 'JSON_ARRAY({}, {})', NUM[:8] + [null('INT')], TEXT[:6] + ["TRUE", null('STRING')])
every('encode', "DECODE(ENCODE({}, '{}'), '{}')", TEXT[:8], ['UTF-8', 'UTF-16', 'ISO-8859-1', 'US-ASCII'], ['UTF-8', 'UTF-16BE', 'ISO-8859-1'])
every('encode', "ENCODE({}, '{}')", TEXT[:10], ['UTF-8', 'UTF-16', 'UTF-16LE', 'ISO-8859-1', 'US-ASCII'])
every('encode', "PARSE_URL({}, {})", ["'https://u:p@ex.org:81/p/a.html?q=1&r=%20#frag'", "'ex.org/p'", "'mailto:a@b.c'", "''", null('STRING')], ["'HOST'", "'PATH'", "'QUERY'", "'REF'", "'PROTOCOL'", "'FILE'", "'AUTHORITY'", "'USERINFO'", "'host'", "'QUERY', 'q'", "'QUERY', 'r'", "'QUERY', 'z'", "'PATH', 'q'"])
every('encode', "SHA2({}, {})", TEXT[:5], ["224", "256", "384", "512", "0", null('INT')])
every('now', 'TYPEOF({})', ["UPPER('a')", "1 * 2.5", "CONCAT('a', 'b')", "'a' || 'bc'", "SUBSTRING('abc', 2)", "ROUND(1.25, 1)", "ABS(-1.5)", "COALESCE(1, 2.5)", "IF(TRUE, 1, 2.5)", "DATE '2023-01-01' + INTERVAL '1' DAY", "TIMESTAMP '2023-01-01 00:00:00' - INTERVAL '1' MONTH", "CHAR_LENGTH('a')", "POWER(2, 3)", "FLOOR(2.5)", "CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "NOW()", "UUID()", "RAND()", "PI()", "E()",
    "UNIX_TIMESTAMP()", "TO_DATE('2023-01-01')", "TO_TIMESTAMP('2023-01-01')", "EXTRACT(YEAR FROM CURRENT_DATE)", "NULLIF(1, 2)", "CASE WHEN TRUE THEN 'a' ELSE 'bcd' END", "TRIM(' a ')", "LPAD('a', 3, 'b')", "REPLACE('a', 'b', 'c')", "MD5('a')", "ASCII('a')", "CHR(65)", "SPLIT_INDEX('a,b', ',', 0)", "REGEXP_EXTRACT('a', 'a')", "x'01'", "CAST('a' AS BYTES)", "1 = 1", "MOD(5, 3)", "MOD(5, 2.5)", "5 / 2", "5 / 2.0", "5.00 / 2.5", "1e0 * 2", "GREATEST(1, 2.5)"])

if __name__ == '__main__':
    for g, es in groups.items():
        for e in random.sample(es, min(len(es), most * (4 if g in ('json', 'cast', 'substr') else 2 if g in ('trycast', 'regexp', 'extract', 'text2') else 1))):
            if '\n' not in e:   # the list has a line for each
                print(g + '\t' + e)
