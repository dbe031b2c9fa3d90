// Flink SQL, the part of it that is parsed. This is the only place where the language is written
// down. Keywords stand in upper case; the character stream shows the lexer upper-case ASCII, so they
// match in any case. Words that Flink does not reserve are listed in `nonReserved`.
grammar FlinkSql;

// --- statements --------------------------------------------------------------------------------------

singleStatement: statement SEMICOLON? EOF;

statement
    : createTable
    | dropTable
    | setStatement
    | resetStatement
    | insert
    | explain
    | show
    | describe
    | query
    | unsupportedStatement
    ;

createTable
    : CREATE TEMPORARY? TABLE (IF NOT EXISTS)? tableName
      (LEFT_PAREN tableElement (COMMA tableElement)* RIGHT_PAREN)?
      (COMMENT STRING)?
      distribution?
      (PARTITIONED BY LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN)?
      withOptions?
      (likeClause | AS query)?
    ;

tableElement
    : identifier AS expression (COMMENT STRING)?                                       # computedColumn
    | identifier dataType METADATA (FROM STRING)? VIRTUAL? (COMMENT STRING)?           # metadataColumn
    | identifier dataType columnConstraint? (COMMENT STRING)?                          # physicalColumn
    | (CONSTRAINT identifier)? PRIMARY KEY
      LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN enforcement?               # primaryKey
    | (CONSTRAINT identifier)? UNIQUE
      LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN enforcement?               # uniqueKey
    | WATERMARK FOR columnName AS expression                                           # watermark
    ;

columnConstraint: (CONSTRAINT identifier)? (PRIMARY KEY | UNIQUE) enforcement?;
enforcement: NOT? ENFORCED;
distribution
    : DISTRIBUTED (INTO INTEGER BUCKETS
                  | BY identifier? LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN (INTO INTEGER BUCKETS)?)
    ;
likeClause: LIKE tableName (LEFT_PAREN likeOption* RIGHT_PAREN)?;
likeOption: (INCLUDING | EXCLUDING | OVERWRITING) identifierOrKeyword;
withOptions: WITH LEFT_PAREN (option (COMMA option)*)? RIGHT_PAREN;
option: key=STRING EQUAL value=STRING;

dropTable: DROP TEMPORARY? TABLE (IF EXISTS)? tableName;

// Quoted as Flink's parser has it, or bare as its older clients took it; the text of a bare key or
// value is taken from the script, not from the tokens.
setStatement: SET (settingKey EQUAL settingValue)?;
resetStatement: RESET settingKey?;
settingKey: STRING | bareWord+;
settingValue: STRING | bareWord+;
bareWord: ~(EQUAL | STRING | SEMICOLON);

insert
    : INSERT (INTO | OVERWRITE) tableName (LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN)? query
    ;

explain: EXPLAIN (PLAN FOR | explainDetail (COMMA explainDetail)*)? (query | insert);
explainDetail: ESTIMATED_COST | CHANGELOG_MODE | JSON_EXECUTION_PLAN | PLAN_ADVICE;

show
    : SHOW TABLES                       # showTables
    | SHOW CREATE TABLE tableName       # showCreateTable
    ;

describe: (DESCRIBE | DESC) EXTENDED? tableName;

// Statements of Flink's that are refused by name: whatever follows their first words.
unsupportedStatement
    : CREATE (OR REPLACE)? TEMPORARY? SYSTEM? unsupportedObject anything*
    | CREATE OR REPLACE TABLE anything*
    | DROP TEMPORARY? SYSTEM? unsupportedObject anything*
    | ALTER (TABLE | unsupportedObject) anything*
    | SHOW identifierOrKeyword anything*
    | (USE | LOAD | UNLOAD | ADD | REMOVE | CALL | TRUNCATE | DELETE | UPDATE | ANALYZE | UPSERT
      | EXECUTE | COMPILE | BEGIN | END | STOP) anything*
    ;
unsupportedObject: VIEW | DATABASE | CATALOG | FUNCTION | MATERIALIZED | MODEL | CONNECTION;
anything: ~SEMICOLON | SEMICOLON;

// --- queries -----------------------------------------------------------------------------------------

query: withClause? queryTerm orderBy? limit?;
withClause: WITH cte (COMMA cte)*;
cte: identifier (LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN)? AS LEFT_PAREN query RIGHT_PAREN;
queryTerm: queryPrimary (setOperator queryPrimary)*;
setOperator: (UNION | INTERSECT | EXCEPT) (ALL | DISTINCT)?;
queryPrimary
    : select                                          # plainSelect
    | VALUES valuesRow (COMMA valuesRow)*             # valuesQuery
    | LEFT_PAREN query RIGHT_PAREN                    # nestedQuery
    ;
valuesRow: ROW? LEFT_PAREN expression (COMMA expression)* RIGHT_PAREN | expression;

select
    : SELECT hint? (ALL | DISTINCT)? selectItem (COMMA selectItem)*
      (FROM tableReference (COMMA tableReference)*)?
      (WHERE where=expression)?
      groupBy? having?
    ;
selectItem: STAR | columnName DOT STAR | expression (AS? identifier)?;
groupBy: GROUP BY expression (COMMA expression)*;
having: HAVING expression;
orderBy: ORDER BY orderItem (COMMA orderItem)*;
orderItem: expression (ASC | DESC)? (NULLS (FIRST | LAST))?;
limit
    : LIMIT (INTEGER | ALL) offset?
    | offset fetch?
    | fetch
    ;
offset: OFFSET INTEGER (ROW | ROWS)?;
fetch: FETCH (FIRST | NEXT) INTEGER (ROW | ROWS) ONLY;

tableReference: tablePrimary join*;
join
    : NATURAL? (INNER | (LEFT | RIGHT | FULL) OUTER? | CROSS)? JOIN tablePrimary
      (ON expression | USING LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN)?
    ;
tablePrimary
    : tableName hint? temporalPeriod? tableAlias?                             # namedTable
    | LATERAL? LEFT_PAREN query RIGHT_PAREN tableAlias?                       # derivedTable
    | LATERAL? TABLE LEFT_PAREN functionCall RIGHT_PAREN tableAlias?          # tableFunction
    | UNNEST LEFT_PAREN expression RIGHT_PAREN tableAlias?                    # unnest
    ;
temporalPeriod: FOR SYSTEM_TIME AS OF expression;
tableAlias: AS? identifier (LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN)?;
hint: HINT_BEGIN hintItem (COMMA hintItem)* HINT_END;
hintItem: identifierOrKeyword (LEFT_PAREN (hintArgument (COMMA hintArgument)*)? RIGHT_PAREN)?;
hintArgument: (STRING | identifier) EQUAL STRING | STRING | INTEGER | identifier;

// --- expressions -------------------------------------------------------------------------------------

expression: booleanExpression;

booleanExpression
    : NOT booleanExpression                                           # logicalNot
    | valueExpression predicate*                                      # predicated
    | booleanExpression AND booleanExpression                         # logicalAnd
    | booleanExpression OR booleanExpression                          # logicalOr
    ;

predicate
    : op=(EQUAL | NOT_EQUAL | BANG_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL)
      valueExpression                                                 # comparison
    | NOT? BETWEEN (SYMMETRIC | ASYMMETRIC)? lower=valueExpression AND upper=valueExpression  # between
    | NOT? IN LEFT_PAREN expression (COMMA expression)* RIGHT_PAREN   # inList
    | NOT? IN LEFT_PAREN query RIGHT_PAREN                            # inQuery
    | NOT? (LIKE | ILIKE | RLIKE | SIMILAR TO) pattern=valueExpression (ESCAPE escape=valueExpression)?  # like
    | IS NOT? (NULL_WORD | TRUE_WORD | FALSE_WORD | UNKNOWN)                         # isTest
    | IS NOT? DISTINCT FROM valueExpression                           # distinctFrom
    ;

valueExpression
    : primaryExpression                                                       # primaryValue
    | op=(PLUS | MINUS) valueExpression                                 # sign
    | valueExpression op=(STAR | SLASH | PERCENT) valueExpression       # arithmetic
    | valueExpression op=(PLUS | MINUS) valueExpression                 # arithmetic
    | valueExpression op=CONCAT valueExpression                         # arithmetic
    ;

primaryExpression
    : literal                                                                             # literalValue
    | (CAST | TRY_CAST) LEFT_PAREN expression AS dataType RIGHT_PAREN                     # cast
    | CASE (operand=expression)? whenClause+ (ELSE otherwise=expression)? END             # case
    | SUBSTRING LEFT_PAREN expression FROM expression (FOR expression)? RIGHT_PAREN       # substringFrom
    | TRIM LEFT_PAREN (BOTH | LEADING | TRAILING)? expression? FROM expression RIGHT_PAREN  # trimFrom
    | POSITION LEFT_PAREN valueExpression IN expression RIGHT_PAREN                       # positionIn
    | EXTRACT LEFT_PAREN identifierOrKeyword FROM expression RIGHT_PAREN                  # extract
    | functionCall over?                                                                  # call
    | currentTime                                                                         # timeFunction
    | EXISTS LEFT_PAREN query RIGHT_PAREN                                                 # exists
    | columnName                                                                          # column
    | primaryExpression LEFT_BRACKET expression RIGHT_BRACKET                             # subscript
    | LEFT_PAREN expression RIGHT_PAREN                                                   # parenthesis
    | LEFT_PAREN expression (COMMA expression)+ RIGHT_PAREN                               # row
    | LEFT_PAREN query RIGHT_PAREN                                                        # scalarQuery
    ;

whenClause: WHEN expression THEN expression;
functionCall
    : functionName LEFT_PAREN (STAR | (ALL | DISTINCT)? expression (COMMA expression)*)? RIGHT_PAREN
    ;
functionName: identifier | LEFT | RIGHT | REPLACE | ROW | TRUNCATE | SUBSTRING | TRIM | POSITION | DATE
    | TIME | TIMESTAMP | ARRAY | MAP | CHAR | UNNEST;
over: OVER LEFT_PAREN anyToken* RIGHT_PAREN | OVER identifier;
anyToken: LEFT_PAREN anyToken* RIGHT_PAREN | ~(LEFT_PAREN | RIGHT_PAREN);
currentTime: CURRENT_DATE | CURRENT_TIME | CURRENT_TIMESTAMP | LOCALTIME | LOCALTIMESTAMP;

// --- types -------------------------------------------------------------------------------------------

dataType: typeBody (NOT? NULL_WORD)? (typeSuffix (NOT? NULL_WORD)?)*;
typeSuffix: ARRAY | MULTISET;
typeBody
    : DOUBLE PRECISION?                                                                # doubleType
    | (CHAR | CHARACTER) VARYING? typeParameters?                                      # characterType
    | TIMESTAMP typeParameters? ((WITH LOCAL? | WITHOUT) TIME ZONE)?                   # timestampType
    | TIME typeParameters? (WITHOUT TIME ZONE)?                                        # timeType
    | (ARRAY | MULTISET | MAP) LESS dataType (COMMA dataType)* GREATER                 # collectionType
    | ROW (NOT_EQUAL
          | LESS (rowField (COMMA rowField)*)? GREATER
          | LEFT_PAREN (rowField (COMMA rowField)*)? RIGHT_PAREN)                      # rowType
    | (identifier | DATE | INTERVAL | DECIMAL | TIMESTAMP_LTZ) typeParameters?         # namedType
    ;
typeParameters: LEFT_PAREN INTEGER (COMMA INTEGER)* RIGHT_PAREN;
rowField: identifier dataType STRING?;

// --- literals and names ------------------------------------------------------------------------------

literal
    : STRING                                              # stringLiteral
    | UNICODE_STRING                                      # unicodeLiteral
    | BINARY_STRING                                       # binaryLiteral
    | INTEGER                                             # integerLiteral
    | DECIMAL_VALUE                                       # decimalLiteral
    | DOUBLE_VALUE                                        # doubleLiteral
    | (TRUE_WORD | FALSE_WORD | UNKNOWN)                            # booleanLiteral
    | NULL_WORD                                                # nullLiteral
    | (DATE | TIME | TIMESTAMP) STRING                    # temporalLiteral
    | INTERVAL (PLUS | MINUS)? STRING identifierOrKeyword typeParameters?
      (TO identifierOrKeyword typeParameters?)?           # intervalLiteral
    ;

tableName: identifier (DOT identifier)*;
columnName: identifier (DOT identifier)*;
identifier: IDENTIFIER | BACKQUOTED | nonReserved;
identifierOrKeyword: identifier | ~(SEMICOLON | LEFT_PAREN | RIGHT_PAREN | STRING | COMMA | EQUAL);

nonReserved
    : BUCKETS | CATALOG | CHANGELOG_MODE | COMPILE | DATABASE | DESC | ASC | ENFORCED | ESTIMATED_COST
    | EXCLUDING | FIRST | IF | INCLUDING | JSON_EXECUTION_PLAN | KEY | LAST | LOAD | METADATA | MODEL
    | NULLS | OVERWRITE | OVERWRITING | PARTITIONED | PLAN | PLAN_ADVICE | REMOVE | STOP | SYSTEM
    | TEMPORARY | UNLOAD | VIEW | VIRTUAL | ZONE | ADD | ANALYZE | DISTRIBUTED | CONNECTION | TABLES
    | EXTENDED
    ;

// --- keywords ----------------------------------------------------------------------------------------

ADD: 'ADD'; ALL: 'ALL'; ALTER: 'ALTER'; ANALYZE: 'ANALYZE'; AND: 'AND'; ARRAY: 'ARRAY'; AS: 'AS';
ASC: 'ASC'; ASYMMETRIC: 'ASYMMETRIC'; BEGIN: 'BEGIN'; BETWEEN: 'BETWEEN'; BOTH: 'BOTH';
BUCKETS: 'BUCKETS'; BY: 'BY'; CALL: 'CALL'; CASE: 'CASE'; CAST: 'CAST'; CATALOG: 'CATALOG';
CHANGELOG_MODE: 'CHANGELOG_MODE'; CHAR: 'CHAR'; CHARACTER: 'CHARACTER'; COMMENT: 'COMMENT';
COMPILE: 'COMPILE'; CONNECTION: 'CONNECTION'; CONSTRAINT: 'CONSTRAINT'; CREATE: 'CREATE';
CROSS: 'CROSS'; CURRENT_DATE: 'CURRENT_DATE'; CURRENT_TIME: 'CURRENT_TIME';
CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP'; DATABASE: 'DATABASE'; DATE: 'DATE'; DECIMAL: 'DECIMAL';
DELETE: 'DELETE'; DESC: 'DESC'; DESCRIBE: 'DESCRIBE'; DISTINCT: 'DISTINCT';
DISTRIBUTED: 'DISTRIBUTED'; DOUBLE: 'DOUBLE'; DROP: 'DROP'; ELSE: 'ELSE'; END: 'END';
ENFORCED: 'ENFORCED'; ESCAPE: 'ESCAPE'; ESTIMATED_COST: 'ESTIMATED_COST'; EXCEPT: 'EXCEPT';
EXCLUDING: 'EXCLUDING'; EXECUTE: 'EXECUTE'; EXISTS: 'EXISTS'; EXPLAIN: 'EXPLAIN';
EXTENDED: 'EXTENDED'; EXTRACT: 'EXTRACT'; FALSE_WORD: 'FALSE'; FETCH: 'FETCH'; FIRST: 'FIRST'; FOR: 'FOR';
FROM: 'FROM'; FULL: 'FULL'; FUNCTION: 'FUNCTION'; GROUP: 'GROUP'; HAVING: 'HAVING'; IF: 'IF';
ILIKE: 'ILIKE'; IN: 'IN'; INCLUDING: 'INCLUDING'; INNER: 'INNER'; INSERT: 'INSERT';
INTERSECT: 'INTERSECT'; INTERVAL: 'INTERVAL'; INTO: 'INTO'; IS: 'IS'; JOIN: 'JOIN';
JSON_EXECUTION_PLAN: 'JSON_EXECUTION_PLAN'; KEY: 'KEY'; LAST: 'LAST'; LATERAL: 'LATERAL';
LEADING: 'LEADING'; LEFT: 'LEFT'; LIKE: 'LIKE'; LIMIT: 'LIMIT'; LOAD: 'LOAD'; LOCAL: 'LOCAL';
LOCALTIME: 'LOCALTIME'; LOCALTIMESTAMP: 'LOCALTIMESTAMP'; MAP: 'MAP'; MATERIALIZED: 'MATERIALIZED';
METADATA: 'METADATA'; MODEL: 'MODEL'; MULTISET: 'MULTISET'; NATURAL: 'NATURAL'; NEXT: 'NEXT';
NOT: 'NOT'; NULL_WORD: 'NULL'; NULLS: 'NULLS'; OF: 'OF'; OFFSET: 'OFFSET'; ON: 'ON'; ONLY: 'ONLY';
OR: 'OR'; ORDER: 'ORDER'; OUTER: 'OUTER'; OVER: 'OVER'; OVERWRITE: 'OVERWRITE';
OVERWRITING: 'OVERWRITING'; PARTITIONED: 'PARTITIONED'; PLAN: 'PLAN'; PLAN_ADVICE: 'PLAN_ADVICE';
POSITION: 'POSITION'; PRECISION: 'PRECISION'; PRIMARY: 'PRIMARY'; REMOVE: 'REMOVE';
REPLACE: 'REPLACE'; RESET: 'RESET'; RIGHT: 'RIGHT'; RLIKE: 'RLIKE'; ROW: 'ROW'; ROWS: 'ROWS';
SELECT: 'SELECT'; SET: 'SET'; SHOW: 'SHOW'; SIMILAR: 'SIMILAR'; STOP: 'STOP';
SUBSTRING: 'SUBSTRING'; SYMMETRIC: 'SYMMETRIC'; SYSTEM: 'SYSTEM'; SYSTEM_TIME: 'SYSTEM_TIME';
TABLE: 'TABLE'; TABLES: 'TABLES'; TEMPORARY: 'TEMPORARY'; THEN: 'THEN'; TIME: 'TIME';
TIMESTAMP: 'TIMESTAMP'; TIMESTAMP_LTZ: 'TIMESTAMP_LTZ'; TO: 'TO'; TRAILING: 'TRAILING';
TRIM: 'TRIM'; TRUE_WORD: 'TRUE'; TRUNCATE: 'TRUNCATE'; TRY_CAST: 'TRY_CAST'; UNION: 'UNION';
UNIQUE: 'UNIQUE'; UNKNOWN: 'UNKNOWN'; UNLOAD: 'UNLOAD'; UNNEST: 'UNNEST'; UPDATE: 'UPDATE';
UPSERT: 'UPSERT'; USE: 'USE'; USING: 'USING'; VALUES: 'VALUES'; VARYING: 'VARYING'; VIEW: 'VIEW';
VIRTUAL: 'VIRTUAL'; WATERMARK: 'WATERMARK'; WHEN: 'WHEN'; WHERE: 'WHERE'; WITH: 'WITH';
WITHOUT: 'WITHOUT'; ZONE: 'ZONE';

// --- signs -------------------------------------------------------------------------------------------

EQUAL: '='; NOT_EQUAL: '<>'; BANG_EQUAL: '!='; LESS: '<'; LESS_EQUAL: '<='; GREATER: '>';
GREATER_EQUAL: '>='; PLUS: '+'; MINUS: '-'; STAR: '*'; SLASH: '/'; PERCENT: '%'; CONCAT: '||';
LEFT_PAREN: '('; RIGHT_PAREN: ')'; LEFT_BRACKET: '['; RIGHT_BRACKET: ']'; COMMA: ','; DOT: '.';
SEMICOLON: ';'; COLON: ':'; SCHEME: '://'; ARROW: '=>'; HINT_BEGIN: '/*+'; HINT_END: '*/';

// --- literals, names, blanks -------------------------------------------------------------------------

STRING: '\'' (~'\'' | '\'\'')* '\'';
UNICODE_STRING: 'U&\'' (~'\'' | '\'\'')* '\'';
BINARY_STRING: 'X\'' [0-9A-F]* '\'';
INTEGER: DIGIT+;
DECIMAL_VALUE: DIGIT+ '.' DIGIT* | '.' DIGIT+;
DOUBLE_VALUE: (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) 'E' [+-]? DIGIT+;
IDENTIFIER: LETTER (LETTER | DIGIT)*;
BACKQUOTED: '`' (~[`\r\n] | '``')+ '`';

LINE_COMMENT: ('--' | '//') ~[\r\n]* -> channel(HIDDEN);
BLOCK_COMMENT: '/*' (~'+' .*?)? '*/' -> channel(HIDDEN);
BLANK: [ \t\r\n\f\u000B\u00A0\uFEFF]+ -> channel(HIDDEN);

// Whatever else: the lexer never fails, every error comes from the parser and has a place.
UNTERMINATED_STRING: '\'' (~'\'' | '\'\'')*;
UNTERMINATED_NAME: '`' ~[`\r\n]*;
UNTERMINATED_COMMENT: '/*' ~'+' .*?;
DOUBLE_QUOTED: '"' (~["\r\n])* '"';
OTHER: .;

fragment DIGIT: [0-9];
fragment LETTER
    : [A-Z_$]
    | [\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF]
    | [\u0370-\u037D\u037F-\u1FFF\u3040-\u318F\u3300-\u337F\u3400-\u3D2D\u4E00-\u9FFF\uF900-\uFAFF]
    ;
