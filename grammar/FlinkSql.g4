// Flink SQL, as far as it is parsed. The language is defined here and nowhere else. Keywords are in
// upper case; the character stream gives the lexer upper-case ASCII, so they match in any case. Words
// that Flink does not reserve are listed in `nonReserved`.
//
// Rules are written so that one or two tokens decide between alternatives. What parentheses contain (a
// query, an expression, a row, a join) is decided after they were read, not by looking for their end.
grammar FlinkSql;

// --- statements --------------------------------------------------------------------------------------

singleStatement: statement SEMICOLON? EOF;

statement
    : createTable
    | createView
    | createDatabase
    | createCatalog
    | drop
    | alterTable
    | alterView
    | alterDatabase
    | alterCatalog
    | use
    | setStatement
    | resetStatement
    | insert
    | EXECUTE (insert | query)
    | EXECUTE statementSet
    | BEGIN STATEMENT SET
    | END
    | explain
    | show
    | describe
    | stopJob
    | compilePlan
    | executePlan
    | query
    | unsupportedStatement
    ;

ifNotExists: IF NOT EXISTS;
ifExists: IF EXISTS;
comment: COMMENT text;
withOptions: WITH optionList;
optionList: LEFT_PAREN (option (COMMA option)*)? RIGHT_PAREN;
option: key=text EQUAL value=text;
optionKeys: LEFT_PAREN (text (COMMA text)*)? RIGHT_PAREN;
names: LEFT_PAREN identifier (COMMA identifier)* RIGHT_PAREN;
objectNames: LEFT_PAREN objectName (COMMA objectName)* RIGHT_PAREN;

// --- tables and views --------------------------------------------------------------------------------

createTable
    : (CREATE (OR REPLACE)? TEMPORARY? | REPLACE) TABLE ifNotExists? objectName
      (LEFT_PAREN tableElement (COMMA tableElement)* RIGHT_PAREN)?
      comment? distributed? partitionedBy? (USING CONNECTION connection=objectName)? withOptions?
      (likeClause | AS query)?
    ;

tableElement
    : column
    | columnName                                                            // only with AS query
    | tableConstraint
    | watermark
    ;
column
    : columnName dataType metadata comment?
    | columnName dataType columnConstraint? comment?
    | columnName AS expression comment?
    ;
metadata: METADATA (FROM text)? VIRTUAL?;
columnConstraint: (CONSTRAINT identifier)? (PRIMARY KEY | UNIQUE) enforcement?;
tableConstraint: (CONSTRAINT identifier)? (PRIMARY KEY | UNIQUE) names enforcement?;
enforcement: NOT? ENFORCED;
watermark: WATERMARK FOR columnName AS expression;
distributed: DISTRIBUTED distribution;
distribution: INTO INTEGER BUCKETS | BY (HASH | RANGE)? names (INTO INTEGER BUCKETS)?;
partitionedBy: PARTITIONED BY names;
likeClause: LIKE objectName (LEFT_PAREN likeOption+ RIGHT_PAREN)?;
likeOption
    : (INCLUDING | EXCLUDING | OVERWRITING)
      (ALL | CONSTRAINTS | DISTRIBUTION | GENERATED | METADATA | OPTIONS | PARTITIONS | WATERMARKS)
    ;

createView
    : CREATE (OR REPLACE)? TEMPORARY? VIEW ifNotExists? objectName names? comment? AS query
    ;
// The words before DATABASE and CATALOG have no effect, as in Flink.
createDatabase: CREATE (OR REPLACE)? TEMPORARY? DATABASE ifNotExists? objectName comment? withOptions?;
createCatalog: CREATE (OR REPLACE)? TEMPORARY? CATALOG ifNotExists? identifier comment? withOptions?;

drop
    : DROP TEMPORARY? (TABLE | VIEW) ifExists? objectName
    | DROP TEMPORARY? DATABASE ifExists? objectName (RESTRICT | CASCADE)?
    | DROP TEMPORARY? CATALOG ifExists? objectName
    ;

alterTable: ALTER TABLE ifExists? objectName tableChange;
tableChange
    : RENAME TO objectName                                                              # renameTable
    | RENAME columnName TO columnName                                                   # renameColumn
    | SET optionList                                                                       # setTableOptions
    | RESET optionKeys                                                                  # resetTableOptions
    | ADD ifNotExists? addedPartition+                                                  # addPartitions
    | DROP ifExists? PARTITION partitionSpec (COMMA PARTITION partitionSpec)*           # dropPartitions
    | (PARTITION partitionSpec)? COMPACT                                                # compact
    | (ADD | MODIFY) DISTRIBUTION distribution                                          # changeDistribution
    | (ADD | MODIFY) (changedElement
                     | LEFT_PAREN listedElement (COMMA listedElement)* RIGHT_PAREN)     # changeElements
    | DROP PRIMARY KEY                                                                  # dropPrimaryKey
    | DROP CONSTRAINT identifier                                                        # dropConstraint
    | DROP WATERMARK                                                                    # dropWatermark
    | DROP DISTRIBUTION                                                                 # dropDistribution
    | DROP (columnName | LEFT_PAREN columnName (COMMA columnName)* RIGHT_PAREN)         # dropColumns
    ;
addedPartition: PARTITION partitionSpec withOptions?;
listedElement: changedElement | DISTRIBUTION distribution;
changedElement: column (FIRST | AFTER columnName)? | tableConstraint | watermark;
partitionSpec: LEFT_PAREN partitionValue (COMMA partitionValue)* RIGHT_PAREN;
partitionValue: identifier (EQUAL expression)?;

alterView: ALTER VIEW ifExists? objectName (RENAME TO objectName | AS query);
alterDatabase: ALTER DATABASE objectName SET optionList;
alterCatalog: ALTER CATALOG identifier (SET optionList | RESET optionKeys | comment);

// --- the session -------------------------------------------------------------------------------------

use: USE CATALOG identifier | USE objectName;

// Quoted as Flink's parser requires, or unquoted as its client accepts; the text of an unquoted key or
// value comes from the script, not from the tokens.
setStatement: SET (settingKey EQUAL settingValue)?;
resetStatement: RESET settingKey?;
settingKey: text | bareKeyWord+;
settingValue: text | bareValueWord+;
bareKeyWord: ~(EQUAL | STRING | PREFIXED_STRING | UNICODE_STRING | ESCAPED_STRING | SEMICOLON);
bareValueWord: ~(STRING | PREFIXED_STRING | UNICODE_STRING | ESCAPED_STRING | SEMICOLON);

insert
    : verb=(INSERT | UPSERT) (INTO | OVERWRITE) objectName hint? extend? (PARTITION partitionSpec)?
      objectNames? query onConflict?
    ;
onConflict: ON CONFLICT DO (ERROR | NOTHING | DEDUPLICATE);
statementSet: STATEMENT SET BEGIN (insert SEMICOLON)+ END;

explain
    : EXPLAIN (PLAN FOR | PREFLIGHT | explainDetail (COMMA explainDetail)*)?
      (EXECUTE? (query | insert | statementSet) | createTable)
    ;
explainDetail: ESTIMATED_COST | CHANGELOG_MODE | JSON_EXECUTION_PLAN | PLAN_ADVICE;

show
    : SHOW (CATALOGS | JARS | JOBS | CONNECTORS | CURRENT (CATALOG | DATABASE) | FULL? MODULES) like?   # showPlain
    | SHOW (DATABASES | TABLES | VIEWS | USER? FUNCTIONS | COLUMNS
           | MODELS | PROCEDURES | CONNECTIONS | MATERIALIZED TABLES)
      ((FROM | IN) objectName)? like?                                                                   # showList
    | SHOW CREATE (TABLE | VIEW | CATALOG | MODEL | CONNECTION | MATERIALIZED TABLE) objectName         # showCreate
    | SHOW PARTITIONS objectName (PARTITION partitionSpec)?                                             # showPartitions
    ;
like: NOT? (LIKE | ILIKE) STRING;

describe
    : (DESCRIBE | DESC) EXTENDED? objectName
    | (DESCRIBE | DESC) (CATALOG | DATABASE | FUNCTION | MODEL | CONNECTION) EXTENDED? objectName
    | (DESCRIBE | DESC) JOB STRING
    | DESCRIBE TABLE objectName identifier?
    | DESCRIBE STATEMENT? (query | insert)
    | (DESCRIBE | DESC) CONNECTOR STRING
    ;

stopJob: STOP JOB STRING (WITH SAVEPOINT)? (WITH DRAIN)?;
compilePlan
    : COMPILE PLAN text ifNotExists? FOR (insert | statementSet)
    | COMPILE AND EXECUTE PLAN text FOR (insert | statementSet)
    ;
executePlan: EXECUTE PLAN text;

// Statements of Flink that Millrace does not run. They are parsed and kept as written.
unsupportedStatement
    : CREATE (OR REPLACE)? TEMPORARY? SYSTEM? FUNCTION ifNotExists? objectName AS STRING functionOrigin
    | ALTER TEMPORARY? SYSTEM? FUNCTION ifExists? objectName AS STRING functionOrigin
    | DROP TEMPORARY? SYSTEM? FUNCTION ifExists? objectName
    | CREATE (OR REPLACE)? TEMPORARY? MODEL ifNotExists? objectName (INPUT modelColumns)?
      (OUTPUT modelColumns)? comment? withOptions? (AS query)?
    | ALTER MODEL ifExists? objectName (RENAME TO objectName | SET optionList | RESET optionKeys)
    | DROP TEMPORARY? MODEL ifExists? objectName
    | CREATE (OR REPLACE)? TEMPORARY? SYSTEM? CONNECTION ifNotExists? objectName comment? withOptions?
    | ALTER CONNECTION ifExists? objectName (RENAME TO objectName | SET optionList | RESET optionKeys)
    | DROP TEMPORARY? SYSTEM? CONNECTION ifExists? objectName
    | CREATE (OR ALTER)? MATERIALIZED TABLE ifNotExists? objectName
      (LEFT_PAREN tableElement (COMMA tableElement)* RIGHT_PAREN)?
      comment? distributed? partitionedBy? withOptions? (FRESHNESS EQUAL interval)?
      (REFRESH_MODE EQUAL identifierOrKeyword)? AS query
    | ALTER MATERIALIZED TABLE objectName
      ( SUSPEND | RESUME withOptions? | REFRESH (PARTITION partitionSpec)? | SET FRESHNESS EQUAL interval
      | SET REFRESH_MODE EQUAL identifierOrKeyword | RESET FRESHNESS | AS query | tableChange)
    | DROP MATERIALIZED TABLE ifExists? objectName
    | (ADD | REMOVE) JAR STRING
    | LOAD MODULE identifier withOptions?
    | UNLOAD MODULE identifier
    | USE MODULES identifier (COMMA identifier)*
    | CALL objectName LEFT_PAREN (argument (COMMA argument)* | queryArgument)? RIGHT_PAREN
    | TRUNCATE TABLE objectName
    | DELETE FROM objectName hint? (extend | addedColumns)? (AS? identifier)? (WHERE expression)?
    | UPDATE objectName hint? (extend | addedColumns)? (AS? identifier)?
      SET assignment (COMMA assignment)* (WHERE expression)?
    | MERGE INTO objectName hint? (extend | addedColumns)? (AS? identifier)?
      USING tablePrimary ON expression
      (whenMatched whenNotMatched? | whenNotMatched)
    | ALTER (SYSTEM | SESSION) (SET objectName EQUAL (expression | ON) | RESET (objectName | ALL))
    | ANALYZE TABLE objectName (PARTITION partitionSpec)? COMPUTE STATISTICS
      (FOR (COLUMNS identifier (COMMA identifier)* | ALL COLUMNS))?
    ;
functionOrigin: (LANGUAGE identifierOrKeyword)? (USING JAR STRING (COMMA JAR STRING)*)? withOptions?;
modelColumns: LEFT_PAREN column (COMMA column)* RIGHT_PAREN;
assignment: columnName EQUAL expression;
whenMatched: WHEN MATCHED THEN UPDATE SET assignment (COMMA assignment)*;
whenNotMatched
    : WHEN NOT MATCHED THEN INSERT objectNames?
      (VALUES expression | LEFT_PAREN VALUES expression RIGHT_PAREN)
    ;

// --- queries -----------------------------------------------------------------------------------------

query: withClause? queryExpression orderBy? limit?;
withClause: WITH RECURSIVE? commonTable (COMMA commonTable)*;
commonTable: identifier names? AS LEFT_PAREN query RIGHT_PAREN;

// INTERSECT binds tighter than UNION and EXCEPT.
queryExpression: intersection (unionOperator intersection)*;
intersection: queryPrimary (intersectOperator queryPrimary)*;
unionOperator: (UNION | EXCEPT) (ALL | DISTINCT)?;
intersectOperator: INTERSECT (ALL | DISTINCT)?;
queryPrimary: openPrimary | LEFT_PAREN query RIGHT_PAREN;
openPrimary
    : select
    | VALUES expression (COMMA expression)*
    | TABLE objectName
    ;

// A query that does not begin with a parenthesis: one that does is first parsed as an expression (or,
// in FROM, as a table), which a tail may then turn into a query.
openQuery
    : withClause queryExpression orderBy? limit?
    | openPrimary (intersectOperator queryPrimary)* (unionOperator intersection)* orderBy? limit?
    ;
queryTail
    : (intersectOperator queryPrimary)+ (unionOperator intersection)* orderBy? limit?
    | (unionOperator intersection)+ orderBy? limit?
    | orderBy limit?
    | limit
    ;

select
    : SELECT hint? STREAM? quantifier? selectItem (COMMA selectItem)*
      (FROM tableReference (COMMA tableReference)*
       (WHERE where=expression)? groupBy? (HAVING having=expression)? windows?
       (QUALIFY qualify=expression)?)?
    ;
quantifier: ALL | DISTINCT;
selectItem: (STAR | expression) (AS? identifier)?;
groupBy: GROUP BY quantifier? groupingElement (COMMA groupingElement)*;
groupingElement
    : GROUPING SETS LEFT_PAREN groupingElement (COMMA groupingElement)* RIGHT_PAREN
    | (ROLLUP | CUBE) LEFT_PAREN expression (COMMA expression)* RIGHT_PAREN
    | LEFT_PAREN RIGHT_PAREN
    | expression
    ;
windows: WINDOW namedWindow (COMMA namedWindow)*;
namedWindow: identifier AS window;
window
    : LEFT_PAREN identifier? (PARTITION BY expression (COMMA expression)*)? orderBy? frame? RIGHT_PAREN
    ;
frame
    : (ROWS | RANGE) (frameBound | BETWEEN frameBound AND frameBound) exclusion? partial?
    | partial
    ;
exclusion: EXCLUDE (CURRENT ROW | NO OTHERS | GROUP | TIES);
partial: (ALLOW | DISALLOW) PARTIAL;
frameBound
    : UNBOUNDED (PRECEDING | FOLLOWING)
    | CURRENT ROW
    | expression (PRECEDING | FOLLOWING)
    ;
orderBy: ORDER BY orderItem (COMMA orderItem)*;
orderItem: expression (ASC | DESC)? (NULLS (FIRST | LAST))?;
limit
    : LIMIT (count | ALL) offset?
    | offset fetch?
    | fetch
    ;
offset: OFFSET count (ROW | ROWS)?;
fetch: FETCH (FIRST | NEXT) count (ROW | ROWS) ONLY;
count: number | QUESTION_MARK;

tableReference: tablePrimary join*;
join
    : NATURAL? (INNER | (LEFT | RIGHT | FULL) OUTER? | CROSS)? JOIN tablePrimary
      (ON expression | USING names)?
    ;
tablePrimary
    : objectName hint? (extend | addedColumns)? systemTime? verbatimTail? tableAlias? sample?  # namedTable
    | objectName LEFT_PAREN (argument (COMMA argument)* | queryArgument)? RIGHT_PAREN
      pivots? tableAlias? sample?                                                   # implicitFunction
    | LATERAL? LEFT_PAREN (openQuery | tableReference queryTail?) RIGHT_PAREN
      verbatimTail? tableAlias? sample?                                             # parenthesisedTable
    | LATERAL? TABLE LEFT_PAREN SPECIFIC? functionName callArguments RIGHT_PAREN
      pivots? tableAlias? sample?                                                   # tableFunction
    | LATERAL? UNNEST listOrQuery (WITH ORDINALITY)? pivots? tableAlias? sample?    # unnest
    ;
extend: EXTEND addedColumns;
addedColumns: LEFT_PAREN columnName dataType (COMMA columnName dataType)* RIGHT_PAREN;
systemTime: FOR SYSTEM_TIME AS OF expression;
verbatimTail: MATCH_RECOGNIZE verbatimParentheses pivots? | pivots;
pivots: PIVOT verbatimParentheses unpivot? | unpivot;
unpivot: UNPIVOT ((INCLUDE | identifier) NULLS)? verbatimParentheses;
sample: TABLESAMPLE (identifier | SYSTEM) verbatimParentheses (identifier verbatimParentheses)?;
verbatimParentheses: LEFT_PAREN verbatimPart* RIGHT_PAREN;
verbatimPart: verbatimParentheses | ~(LEFT_PAREN | RIGHT_PAREN | SEMICOLON);
tableAlias: AS? identifier names?;

hint: HINT_BEGIN hintItem (COMMA hintItem)* HINT_END;
hintItem: identifier (LEFT_PAREN (hintArgument (COMMA hintArgument)*)? RIGHT_PAREN)?;
hintArgument
    : (key=text | identifier) EQUAL value=text
    | text
    | (PLUS | MINUS)? number
    | identifier (DOT identifier)*
    ;

// --- expressions -------------------------------------------------------------------------------------

expression
    : valueExpression predicate*
    | NOT expression
    | expression AND expression
    | expression OR expression
    ;

// Of these, IN, BETWEEN, LIKE and similar, and quantified comparisons bind tighter than the other
// comparisons; that is resolved after parsing.
predicate
    : op=(EQUAL | NOT_EQUAL | BANG_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL)
      (SOME | ANY | ALL) listOrQuery                                                # quantifiedComparison
    | op=(EQUAL | NOT_EQUAL | BANG_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL)
      NOT* valueExpression                                                          # comparison
    | NOT? BETWEEN (SYMMETRIC | ASYMMETRIC)? valueExpression AND valueExpression    # between
    | NOT? IN listOrQuery                                                           # in
    | NOT? (LIKE | ILIKE | RLIKE | SIMILAR TO) valueExpression (ESCAPE valueExpression)?  # matching
    | IS NOT? (NULL_WORD | TRUE_WORD | FALSE_WORD | UNKNOWN)                        # isTest
    | IS NOT? DISTINCT FROM NOT* valueExpression                                    # isDistinct
    | IS NOT? JSON (VALUE | OBJECT | ARRAY | SCALAR)?                               # isJson
    | FORMAT JSON (ENCODING identifier)?                                            # formatJson
    | (OVERLAPS | CONTAINS | EQUALS | PRECEDES | SUCCEEDS
      | IMMEDIATELY (PRECEDES | SUCCEEDS)) valueExpression                          # periodTest
    | (IS_A_SET | IS NOT? EMPTY)                                                    # multisetTest
    | NOT? (MEMBER | SUBMULTISET) OF valueExpression                                # multisetTest
    | MULTISET (UNION | INTERSECT | EXCEPT) (ALL | DISTINCT)? valueExpression       # multisetTest
    ;
listOrQuery: LEFT_PAREN (openQuery | expression (queryTail | (COMMA expression)+)?) RIGHT_PAREN;

valueExpression
    : primaryExpression                                                 # primaryValue
    | op=(PLUS | MINUS) valueExpression                                 # sign
    | valueExpression op=(STAR | SLASH | PERCENT | CONCAT) valueExpression  # arithmetic
    | valueExpression op=(PLUS | MINUS) valueExpression                 # arithmetic
    ;

primaryExpression: (operand field* | nameOrCall) subscript*;
nameOrCall
    : callableName (DOT identifier)* (DOT STAR | callArguments field*)?
    | (TRY_CAST | SAFE_CAST) (DOT identifier)* (DOT STAR)?
    ;
field: DOT identifier callArguments?;
subscript
    : LEFT_BRACKET (expression | OFFSET LEFT_PAREN expression RIGHT_PAREN) RIGHT_BRACKET field*
    ;

operand
    : literal                                                                           # literalValue
    | listOrQuery differenceUnit?                                                       # parenthesis
    | DEFAULT                                                                           # defaultValue
    | QUESTION_MARK                                                                     # parameter
    | CURSOR LEFT_PAREN query RIGHT_PAREN                                               # cursor
    | (ROW | PERIOD) LEFT_PAREN (openQuery | expression (COMMA expression)*)? RIGHT_PAREN  # row
    | (ARRAY | MULTISET) LEFT_BRACKET (expression (COMMA expression)*)? RIGHT_BRACKET   # arrayValue
    | MAP LEFT_BRACKET (expression (COMMA expression)*)? RIGHT_BRACKET                  # mapValue
    | (ARRAY | MULTISET) (listOrQuery | LEFT_PAREN RIGHT_PAREN)                         # collectedList
    | MAP LEFT_PAREN query RIGHT_PAREN                                                  # collectedQuery
    | (EXISTS | UNIQUE) LEFT_PAREN query RIGHT_PAREN                                    # exists
    | (CAST | TRY_CAST | SAFE_CAST) LEFT_PAREN expression AS castType (FORMAT STRING)?
      RIGHT_PAREN                                                                       # cast
    | CASE (otherOperand=expression)? whenClause+ (ELSE fallback=expression)? END      # case
    | EXTRACT LEFT_PAREN timeFrame FROM expression RIGHT_PAREN                          # extract
    | (CEIL | CEILING | FLOOR) LEFT_PAREN expression (TO timeFrame)? RIGHT_PAREN callTail  # round
    | SUBSTRING LEFT_PAREN expression
      ((FROM | COMMA) expression ((FOR | COMMA) expression)*)? RIGHT_PAREN              # substring
    | TRIM LEFT_PAREN ((BOTH | LEADING | TRAILING) (expression (FROM expression)? | FROM expression)
                      | expression (FROM expression | COMMA expression)?) RIGHT_PAREN   # trim
    | POSITION LEFT_PAREN valueExpression IN valueExpression (FROM valueExpression)? RIGHT_PAREN  # position
    | OVERLAY LEFT_PAREN valueExpression
      ( PLACING valueExpression FROM valueExpression (FOR valueExpression)?
      | (COMMA valueExpression)+) RIGHT_PAREN                                           # overlay
    | (JSON_VALUE | JSON_QUERY | JSON_EXISTS | JSON_OBJECT | JSON_ARRAY | JSON_OBJECTAGG | JSON_ARRAYAGG)
      LEFT_PAREN jsonArguments RIGHT_PAREN callTail                                     # json
    | (CONVERT | TRANSLATE) LEFT_PAREN
      (expression (USING objectName | (COMMA expression)*))? RIGHT_PAREN                # transcoding
    | CONVERT LEFT_PAREN plainType verbatimPart* RIGHT_PAREN                            # conversion
    | (FINAL | NEW | RUNNING | SPECIFIC) functionName callArguments                     # modifiedCall
    | (NEXT | CURRENT) VALUE FOR objectName                                             # sequence
    | LEFT_BRACE callableName escapePart* RIGHT_BRACE                                   # escape
    | INTERVAL (PLUS | MINUS)? (number | objectName | LEFT_PAREN expression RIGHT_PAREN)
      intervalQualifier                                                                 # intervalOfValue
    | reservedFunction callArguments                                                    # reservedCall
    | contextVariable callArguments?                                                    # variable
    ;
// After (a - b).
differenceUnit
    : reservedUnit (LEFT_PAREN INTEGER (COMMA INTEGER)? RIGHT_PAREN)?
      (TO reservedUnit (LEFT_PAREN INTEGER RIGHT_PAREN)?)?
    ;
reservedUnit: YEAR | MONTH | DAY | HOUR | MINUTE | SECOND;
escapePart: LEFT_BRACE escapePart* RIGHT_BRACE | ~(LEFT_BRACE | RIGHT_BRACE | SEMICOLON);
plainType
    : BIGINT | BINARY | BOOLEAN | BYTES | CHAR | CHARACTER | DATE | DEC | DECIMAL | DOUBLE | FLOAT
    | INT | INTEGER_WORD | NUMERIC | REAL | SMALLINT | STRING_WORD | TIME | TIMESTAMP | TIMESTAMP_LTZ
    | TINYINT | VARBINARY | VARCHAR
    ;

whenClause: WHEN expression (COMMA expression)* THEN expression;
castType: dataType | INTERVAL intervalQualifier;

callArguments
    : LEFT_PAREN
      ( STAR
      | quantifier? argument (COMMA argument)* nullTreatment? orderBy? (SEPARATOR text)?
      | queryArgument)?
      RIGHT_PAREN callTail
    ;
callTail: nullTreatment? withinDistinct? withinGroup? filter? over?;
nullTreatment: (IGNORE | RESPECT) NULLS;
withinDistinct: WITHIN DISTINCT LEFT_PAREN expression (COMMA expression)* RIGHT_PAREN;
withinGroup: WITHIN GROUP LEFT_PAREN orderBy RIGHT_PAREN;
filter: FILTER LEFT_PAREN WHERE expression RIGHT_PAREN;
over: OVER (window | identifier);
argument: (identifier ARROW)? argumentValue;
// A query without parentheses comes first. No comma follows it: the comma would belong to the query, and
// every list of every query would have to be read to its end to know that.
queryArgument: (identifier ARROW)? openQuery (partitionOfTable (COMMA argument)*)?;
argumentValue
    : TABLE (objectName | LEFT_PAREN query RIGHT_PAREN) (partitionOfTable | orderOfTable)?
    | MODEL objectName
    | reservedUnit                                              // of TIMESTAMPADD and similar
    | expression partitionOfTable?
    ;
partitionOfTable: PARTITION BY expression orderOfTable?;
orderOfTable: ORDER BY (orderItem | LEFT_PAREN orderItem (COMMA orderItem)+ RIGHT_PAREN);

// Which clauses belong to which function is checked after parsing.
jsonArguments: (jsonEntry (COMMA jsonEntry)*)? jsonClause*;
jsonEntry
    : KEY expression VALUE expression
    | expression ((VALUE | COLON) expression)?
    ;
jsonClause
    : PASSING expression AS identifier (COMMA expression AS identifier)*
    | RETURNING dataType
    | jsonNull
    | (NULL_WORD | ERROR | TRUE_WORD | FALSE_WORD | UNKNOWN | EMPTY (ARRAY | OBJECT) | DEFAULT expression)
      ON (EMPTY | ERROR)
    | (WITHOUT | WITH (CONDITIONAL | UNCONDITIONAL)?) ARRAY? WRAPPER
    | orderBy
    ;
jsonNull: (NULL_WORD | ABSENT) ON NULL_WORD;

// --- types -------------------------------------------------------------------------------------------

dataType: typeBody nullability? (typeSuffix nullability?)*;
nullability: NOT? NULL_WORD;
typeSuffix: ARRAY | MULTISET;
typeBody
    : DOUBLE PRECISION?
    | (CHAR | CHARACTER) VARYING? typeLength? characterSet?
    | VARCHAR typeLength? characterSet?
    | (BINARY | VARBINARY) typeLength?
    | BINARY VARYING typeLength?
    | STRING_WORD | BYTES | BOOLEAN | TINYINT | SMALLINT | INT | INTEGER_WORD | BIGINT | FLOAT | REAL | DATE
    | (DECIMAL | DEC | NUMERIC | ANY) (LEFT_PAREN INTEGER (COMMA INTEGER)? RIGHT_PAREN)?
    | TIME typeLength? ((WITH LOCAL | WITHOUT) TIME ZONE)?
    | TIMESTAMP typeLength? ((WITH LOCAL | WITHOUT) TIME ZONE)?
    | TIMESTAMP_LTZ typeLength?
    | (ARRAY | MULTISET) LESS dataType GREATER
    | MAP LESS dataType COMMA dataType GREATER
    | ROW (NOT_EQUAL
          | LESS (rowField (COMMA rowField)*)? GREATER
          | LEFT_PAREN (rowField (COMMA rowField)*)? RIGHT_PAREN)
    | RAW LEFT_PAREN text COMMA text RIGHT_PAREN
    | STRUCTURED LESS text (COMMA rowField)* GREATER
    | objectName
    ;
typeLength: LEFT_PAREN INTEGER RIGHT_PAREN;
characterSet: CHARACTER SET identifier;
rowField: identifier dataType STRING?;

// --- literals and names ------------------------------------------------------------------------------

literal
    : text                                                # stringLiteral
    | BINARY_STRING STRING*                               # binaryLiteral
    | INTEGER                                             # integerLiteral
    | DECIMAL_VALUE                                       # decimalLiteral
    | DOUBLE_VALUE                                        # doubleLiteral
    | (TRUE_WORD | FALSE_WORD | UNKNOWN)                  # booleanLiteral
    | NULL_WORD                                           # nullLiteral
    | (DATE | TIME | TIMESTAMP | DATETIME) STRING         # temporalLiteral
    | TIMESTAMP WITH LOCAL TIME ZONE STRING               # zonedLiteral
    | DECIMAL STRING                                      # quotedDecimalLiteral
    | interval                                            # intervalLiteral
    ;
number: INTEGER | DECIMAL_VALUE | DOUBLE_VALUE;
text: (STRING | PREFIXED_STRING) STRING* | UNICODE_STRING STRING* (UESCAPE STRING)? | ESCAPED_STRING;
interval: INTERVAL (PLUS | MINUS)? STRING intervalQualifier;
intervalQualifier
    : from=timeUnit (LEFT_PAREN INTEGER (COMMA INTEGER)? RIGHT_PAREN)?
      (TO to=timeUnit (LEFT_PAREN INTEGER RIGHT_PAREN)?)?
    ;
timeFrame: timeUnit (LEFT_PAREN identifier RIGHT_PAREN)?;    // WEEK(MONDAY)
timeUnit: YEAR | MONTH | DAY | HOUR | MINUTE | SECOND | identifier;

objectName: identifier (DOT identifier)*;
columnName: identifier (DOT identifier)*;
functionName: objectName | reservedFunction;
identifier: callableName | TRY_CAST | SAFE_CAST;
callableName: IDENTIFIER | BACKQUOTED | UNICODE_NAME (UESCAPE STRING)? | nonReserved;
identifierOrKeyword: ~(SEMICOLON | LEFT_PAREN | RIGHT_PAREN | STRING | COMMA | EQUAL);

contextVariable
    : CURRENT_DATE | CURRENT_TIME | CURRENT_TIMESTAMP | LOCALTIME | LOCALTIMESTAMP | CURRENT_CATALOG
    | CURRENT_DEFAULT_TRANSFORM_GROUP
    | CURRENT_PATH | CURRENT_ROLE | CURRENT_SCHEMA | CURRENT_USER | SESSION_USER | SYSTEM_USER | USER
    ;

// Reserved words that are functions if a parenthesis follows.
reservedFunction
    : ABS | AVG | CARDINALITY | CHAR | CHARACTER_LENGTH | CHAR_LENGTH | CLASSIFIER
    | COALESCE | COLLECT | COUNT | COVAR_POP | COVAR_SAMP | CUME_DIST | DENSE_RANK | ELEMENT | EVERY
    | EXP | FIRST_VALUE | FUSION | GROUPING | HOUR | INTERSECTION | LAG | LAST_VALUE
    | LEAD | LEFT | LN | LOWER | MATCH_NUMBER | MAX | MIN | MINUTE | MOD | MONTH | NEXT | NTH_VALUE
    | NTILE | NULLIF | OCTET_LENGTH | PERCENTILE_CONT | PERCENTILE_DISC | PERCENT_RANK | POWER | PREV
    | RANK | REGR_COUNT | REGR_SXX | REGR_SYY | RIGHT
    | ROW_NUMBER | SECOND | SOME | SQRT | STDDEV_POP
    | STDDEV_SAMP | SUM | TIME | TIMESTAMP | TRUNCATE | UPPER | VAR_POP | VAR_SAMP | YEAR
    | looseFunction
    ;
// Reserved words that are not functions in Flink, but in Millrace unless `millrace.strict-flink` is set.
looseFunction
    : ARRAY_CONCAT_AGG | CORR | DATE | DAY | GROUP_CONCAT | HASH
    | REGR_AVGX | REGR_AVGY | REGR_INTERCEPT | REGR_R2 | REGR_SLOPE
    | REGR_SXY | STRING_AGG | WIDTH_BUCKET
    ;

// Keywords that are names wherever they are not expected as keywords.
nonReserved
    : ABSENT | ADD | AFTER | ANALYZE | ASC | CASCADE | CATALOG | CHANGELOG_MODE | COLUMNS | COMPACT | COMPILE
    | COMPUTE | CONDITIONAL | CONFLICT | CONNECTION | CONNECTOR | CONNECTORS | CONSTRAINTS | DATABASE
    | DATETIME | DEDUPLICATE | DESC | DO | DRAIN | ENCODING | ENFORCED | ERROR | ESTIMATED_COST
    | EXCLUDE | EXCLUDING | FINAL | FIRST | FOLLOWING | FORMAT | GENERATED | IF | IGNORE
    | IMMEDIATELY | INCLUDING | INPUT | JAR | JARS | JOB | JOBS | JSON | JSON_EXECUTION_PLAN | KEY
    | LAST | LOAD | MAP | MATCHED | METADATA | MODEL | NOTHING | NULLS | OBJECT | OPTIONS
    | ORDINALITY | OTHERS | OUTPUT | OVERWRITE | OVERWRITING | PARTIAL | PARTITIONED | PARTITIONS
    | PASSING | PLACING | PLAN | PLAN_ADVICE | PRECEDING | PREFLIGHT | QUALIFY | REMOVE | REPLACE | RESPECT
    | RESTRICT | RETURNING | SCALAR | SESSION | SETS | STATISTICS | STOP | TEMPORARY | TIES
    | UNBOUNDED | UNCONDITIONAL | UNLOAD | VIEW | VIRTUAL | WRAPPER | ZONE
    ;

// --- keywords: whatever is not in nonReserved is reserved ----------------------------------------------

ABS: 'ABS'; ABSENT: 'ABSENT'; ADD: 'ADD'; AFTER: 'AFTER'; ALL: 'ALL'; ALLOCATE: 'ALLOCATE'; ALLOW: 'ALLOW';
ALTER: 'ALTER'; ANALYZE: 'ANALYZE'; AND: 'AND'; ANY: 'ANY'; ARE: 'ARE'; ARRAY: 'ARRAY';
ARRAY_CONCAT_AGG: 'ARRAY_CONCAT_AGG'; ARRAY_MAX_CARDINALITY: 'ARRAY_MAX_CARDINALITY'; AS: 'AS';
ASC: 'ASC'; ASENSITIVE: 'ASENSITIVE'; ASYMMETRIC: 'ASYMMETRIC'; AT: 'AT'; ATOMIC: 'ATOMIC';
AUTHORIZATION: 'AUTHORIZATION'; AVG: 'AVG'; BEGIN: 'BEGIN'; BEGIN_FRAME: 'BEGIN_FRAME';
BEGIN_PARTITION: 'BEGIN_PARTITION'; BETWEEN: 'BETWEEN'; BIGINT: 'BIGINT'; BINARY: 'BINARY'; BIT: 'BIT';
BLOB: 'BLOB'; BOOLEAN: 'BOOLEAN'; BOTH: 'BOTH'; BUCKETS: 'BUCKETS'; BY: 'BY'; BYTES: 'BYTES'; CALL: 'CALL';
CALLED: 'CALLED'; CARDINALITY: 'CARDINALITY'; CASCADE: 'CASCADE'; CASCADED: 'CASCADED'; CASE: 'CASE';
CAST: 'CAST'; CATALOG: 'CATALOG'; CATALOGS: 'CATALOGS'; CEIL: 'CEIL'; CEILING: 'CEILING';
CHANGELOG_MODE: 'CHANGELOG_MODE'; CHAR: 'CHAR'; CHARACTER: 'CHARACTER';
CHARACTER_LENGTH: 'CHARACTER_LENGTH'; CHAR_LENGTH: 'CHAR_LENGTH'; CHECK: 'CHECK';
CLASSIFIER: 'CLASSIFIER'; CLOB: 'CLOB'; CLOSE: 'CLOSE'; COALESCE: 'COALESCE'; COLLATE: 'COLLATE';
COLLECT: 'COLLECT'; COLUMN: 'COLUMN'; COLUMNS: 'COLUMNS'; COMMENT: 'COMMENT'; COMMIT: 'COMMIT'; COMPACT: 'COMPACT';
COMPILE: 'COMPILE'; COMPUTE: 'COMPUTE'; CONDITION: 'CONDITION'; CONDITIONAL: 'CONDITIONAL';
CONFLICT: 'CONFLICT'; CONNECT: 'CONNECT'; CONNECTION: 'CONNECTION'; CONNECTIONS: 'CONNECTIONS';
CONNECTOR: 'CONNECTOR'; CONNECTORS: 'CONNECTORS'; CONSTRAINT: 'CONSTRAINT'; CONSTRAINTS: 'CONSTRAINTS';
CONTAINS: 'CONTAINS'; CONTINUOUS: 'CONTINUOUS'; CONVERT: 'CONVERT'; CORR: 'CORR';
CORRESPONDING: 'CORRESPONDING'; COUNT: 'COUNT'; COVAR_POP: 'COVAR_POP'; COVAR_SAMP: 'COVAR_SAMP';
CREATE: 'CREATE'; CROSS: 'CROSS'; CUBE: 'CUBE'; CUME_DIST: 'CUME_DIST'; CURRENT: 'CURRENT';
CURRENT_CATALOG: 'CURRENT_CATALOG'; CURRENT_DATE: 'CURRENT_DATE';
CURRENT_DEFAULT_TRANSFORM_GROUP: 'CURRENT_DEFAULT_TRANSFORM_GROUP'; CURRENT_PATH: 'CURRENT_PATH';
CURRENT_ROLE: 'CURRENT_ROLE'; CURRENT_ROW: 'CURRENT_ROW'; CURRENT_SCHEMA: 'CURRENT_SCHEMA';
CURRENT_TIME: 'CURRENT_TIME'; CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP';
CURRENT_TRANSFORM_GROUP_FOR_TYPE: 'CURRENT_TRANSFORM_GROUP_FOR_TYPE'; CURRENT_USER: 'CURRENT_USER';
CURSOR: 'CURSOR'; CYCLE: 'CYCLE'; DATABASE: 'DATABASE'; DATABASES: 'DATABASES'; DATE: 'DATE';
DATETIME: 'DATETIME'; DAY: 'DAY'; DEALLOCATE: 'DEALLOCATE'; DEC: 'DEC'; DECIMAL: 'DECIMAL'; DECLARE: 'DECLARE'; DEDUPLICATE: 'DEDUPLICATE';
DEFAULT: 'DEFAULT'; DEFINE: 'DEFINE'; DELETE: 'DELETE'; DENSE_RANK: 'DENSE_RANK'; DEREF: 'DEREF';
DESC: 'DESC'; DESCRIBE: 'DESCRIBE'; DETERMINISTIC: 'DETERMINISTIC'; DISALLOW: 'DISALLOW';
DISCONNECT: 'DISCONNECT'; DISTINCT: 'DISTINCT'; DISTRIBUTED: 'DISTRIBUTED';
DISTRIBUTION: 'DISTRIBUTION'; DO: 'DO'; DOT_WORD: 'DOT'; DOUBLE: 'DOUBLE'; DRAIN: 'DRAIN'; DROP: 'DROP';
DYNAMIC: 'DYNAMIC'; EACH: 'EACH'; ELEMENT: 'ELEMENT'; ELSE: 'ELSE'; EMPTY: 'EMPTY';
ENCODING: 'ENCODING'; END: 'END';
END_FRAME: 'END_FRAME'; END_PARTITION: 'END_PARTITION'; ENFORCED: 'ENFORCED'; EQUALS: 'EQUALS';
ERROR: 'ERROR'; ESCAPE: 'ESCAPE'; ESTIMATED_COST: 'ESTIMATED_COST'; EVERY: 'EVERY'; EXCEPT: 'EXCEPT';
EXCLUDE: 'EXCLUDE'; EXCLUDING: 'EXCLUDING'; EXEC: 'EXEC'; EXECUTE: 'EXECUTE'; EXISTS: 'EXISTS'; EXP: 'EXP';
EXPLAIN: 'EXPLAIN'; EXTEND: 'EXTEND'; EXTENDED: 'EXTENDED'; EXTERNAL: 'EXTERNAL'; EXTRACT: 'EXTRACT';
FALSE_WORD: 'FALSE'; FETCH: 'FETCH'; FILTER: 'FILTER'; FINAL: 'FINAL'; FIRST: 'FIRST';
FIRST_VALUE: 'FIRST_VALUE';
FLOAT: 'FLOAT'; FLOOR: 'FLOOR'; FOLLOWING: 'FOLLOWING'; FOR: 'FOR'; FOREIGN: 'FOREIGN'; FORMAT: 'FORMAT';
FRAME_ROW: 'FRAME_ROW'; FREE: 'FREE'; FRESHNESS: 'FRESHNESS'; FROM: 'FROM'; FULL: 'FULL';
FUNCTION: 'FUNCTION'; FUNCTIONS: 'FUNCTIONS'; FUSION: 'FUSION'; GENERATED: 'GENERATED'; GET: 'GET';
GLOBAL: 'GLOBAL'; GRANT: 'GRANT'; GROUP: 'GROUP'; GROUPING: 'GROUPING'; GROUPS: 'GROUPS';
GROUP_CONCAT: 'GROUP_CONCAT'; HASH: 'HASH'; HAVING: 'HAVING'; HOLD: 'HOLD'; HOUR: 'HOUR';
IDENTITY: 'IDENTITY'; IF: 'IF'; IGNORE: 'IGNORE'; ILIKE: 'ILIKE'; IMMEDIATELY: 'IMMEDIATELY';
IMPORT: 'IMPORT'; IN: 'IN'; INCLUDE: 'INCLUDE'; INCLUDING: 'INCLUDING'; INDICATOR: 'INDICATOR';
INITIAL: 'INITIAL'; INNER: 'INNER'; INOUT: 'INOUT'; INPUT: 'INPUT'; INSENSITIVE: 'INSENSITIVE';
INSERT: 'INSERT'; INT: 'INT'; INTEGER_WORD: 'INTEGER'; INTERSECT: 'INTERSECT';
INTERSECTION: 'INTERSECTION'; INTERVAL: 'INTERVAL'; INTO: 'INTO'; IS: 'IS'; JAR: 'JAR'; JARS: 'JARS';
JOB: 'JOB'; JOBS: 'JOBS'; JOIN: 'JOIN'; JSON: 'JSON'; JSON_ARRAY: 'JSON_ARRAY';
JSON_ARRAYAGG: 'JSON_ARRAYAGG'; JSON_EXECUTION_PLAN: 'JSON_EXECUTION_PLAN'; JSON_EXISTS: 'JSON_EXISTS';
JSON_OBJECT: 'JSON_OBJECT'; JSON_OBJECTAGG: 'JSON_OBJECTAGG'; JSON_QUERY: 'JSON_QUERY';
JSON_VALUE: 'JSON_VALUE'; KEY: 'KEY'; LAG: 'LAG'; LANGUAGE: 'LANGUAGE'; LARGE: 'LARGE'; LAST: 'LAST';
LAST_VALUE: 'LAST_VALUE'; LATERAL: 'LATERAL'; LEAD: 'LEAD'; LEADING: 'LEADING'; LEFT: 'LEFT';
LIKE: 'LIKE'; LIKE_REGEX: 'LIKE_REGEX'; LIMIT: 'LIMIT'; LN: 'LN'; LOAD: 'LOAD'; LOCAL: 'LOCAL';
LOCALTIME: 'LOCALTIME'; LOCALTIMESTAMP: 'LOCALTIMESTAMP'; LOWER: 'LOWER'; MAP: 'MAP'; MATCH: 'MATCH';
MATCHED: 'MATCHED'; MATCHES: 'MATCHES'; MATCH_NUMBER: 'MATCH_NUMBER'; MATCH_RECOGNIZE: 'MATCH_RECOGNIZE';
MATERIALIZED: 'MATERIALIZED'; MAX: 'MAX'; MEASURES: 'MEASURES'; MEMBER: 'MEMBER'; MERGE: 'MERGE';
METADATA: 'METADATA'; METHOD: 'METHOD'; MIN: 'MIN'; MINUS_WORD: 'MINUS'; MINUTE: 'MINUTE'; MOD: 'MOD';
MODEL: 'MODEL'; MODELS: 'MODELS'; MODIFIES: 'MODIFIES'; MODIFY: 'MODIFY'; MODULE: 'MODULE';
MODULES: 'MODULES'; MONTH: 'MONTH'; MULTISET: 'MULTISET'; NATIONAL: 'NATIONAL'; NATURAL: 'NATURAL';
NCHAR: 'NCHAR'; NCLOB: 'NCLOB'; NEW: 'NEW'; NEXT: 'NEXT'; NO: 'NO'; NONE: 'NONE'; NORMALIZE: 'NORMALIZE';
NOT: 'NOT'; NOTHING: 'NOTHING'; NTH_VALUE: 'NTH_VALUE'; NTILE: 'NTILE'; NULL_WORD: 'NULL';
NULLIF: 'NULLIF'; NULLS: 'NULLS'; NUMERIC: 'NUMERIC'; OBJECT: 'OBJECT';
OCCURRENCES_REGEX: 'OCCURRENCES_REGEX'; OCTET_LENGTH: 'OCTET_LENGTH'; OF: 'OF'; OFFSET: 'OFFSET';
OLD: 'OLD'; OMIT: 'OMIT'; ON: 'ON'; ONE: 'ONE'; ONLY: 'ONLY'; OPEN: 'OPEN'; OPTIONS: 'OPTIONS'; OR: 'OR';
ORDER: 'ORDER'; ORDINALITY: 'ORDINALITY'; OTHERS: 'OTHERS'; OUT: 'OUT'; OUTER: 'OUTER';
OUTPUT: 'OUTPUT'; OVER: 'OVER';
OVERLAPS: 'OVERLAPS'; OVERLAY: 'OVERLAY'; OVERWRITE: 'OVERWRITE'; OVERWRITING: 'OVERWRITING';
PARAMETER: 'PARAMETER'; PARTIAL: 'PARTIAL'; PARTITION: 'PARTITION'; PARTITIONED: 'PARTITIONED';
PARTITIONS: 'PARTITIONS'; PASSING: 'PASSING'; PATTERN: 'PATTERN'; PER: 'PER'; PERCENT_WORD: 'PERCENT';
PERCENTILE_CONT: 'PERCENTILE_CONT'; PERCENTILE_DISC: 'PERCENTILE_DISC'; PERCENT_RANK: 'PERCENT_RANK';
PERIOD: 'PERIOD'; PERMUTE: 'PERMUTE'; PIVOT: 'PIVOT'; PLACING: 'PLACING'; PLAN: 'PLAN';
PLAN_ADVICE: 'PLAN_ADVICE'; PORTION: 'PORTION'; POSITION: 'POSITION'; POSITION_REGEX: 'POSITION_REGEX';
POWER: 'POWER'; PRECEDES: 'PRECEDES'; PRECEDING: 'PRECEDING'; PRECISION: 'PRECISION'; PREFLIGHT: 'PREFLIGHT';
PREPARE: 'PREPARE';
PREV: 'PREV'; PRIMARY: 'PRIMARY'; PROCEDURE: 'PROCEDURE'; PROCEDURES: 'PROCEDURES'; QUALIFY: 'QUALIFY';
RANGE: 'RANGE'; RANK: 'RANK'; RAW: 'RAW'; READS: 'READS'; REAL: 'REAL'; RECURSIVE: 'RECURSIVE'; REF: 'REF';
REFERENCES: 'REFERENCES'; REFERENCING: 'REFERENCING'; REFRESH: 'REFRESH'; REFRESH_MODE: 'REFRESH_MODE';
REGR_AVGX: 'REGR_AVGX'; REGR_AVGY: 'REGR_AVGY'; REGR_COUNT: 'REGR_COUNT';
REGR_INTERCEPT: 'REGR_INTERCEPT'; REGR_R2: 'REGR_R2'; REGR_SLOPE: 'REGR_SLOPE'; REGR_SXX: 'REGR_SXX';
REGR_SXY: 'REGR_SXY'; REGR_SYY: 'REGR_SYY'; RELEASE: 'RELEASE'; REMOVE: 'REMOVE'; RENAME: 'RENAME';
REPLACE: 'REPLACE'; RESET: 'RESET'; RESPECT: 'RESPECT'; RESTRICT: 'RESTRICT'; RESULT: 'RESULT';
RESUME: 'RESUME'; RETURN: 'RETURN'; RETURNING: 'RETURNING'; RETURNS: 'RETURNS'; REVOKE: 'REVOKE';
RIGHT: 'RIGHT'; RLIKE: 'RLIKE'; ROLLBACK: 'ROLLBACK'; ROLLUP: 'ROLLUP'; ROW: 'ROW'; ROWS: 'ROWS';
ROW_NUMBER: 'ROW_NUMBER'; RUNNING: 'RUNNING'; SAFE_CAST: 'SAFE_CAST'; SAVEPOINT: 'SAVEPOINT';
SCALA: 'SCALA'; SCALAR: 'SCALAR';
SCOPE: 'SCOPE'; SCROLL: 'SCROLL'; SEARCH: 'SEARCH'; SECOND: 'SECOND'; SEEK: 'SEEK'; SELECT: 'SELECT';
SENSITIVE: 'SENSITIVE'; SEPARATOR: 'SEPARATOR'; SESSION: 'SESSION'; SESSION_USER: 'SESSION_USER';
SET: 'SET'; SETS: 'SETS';
SHOW: 'SHOW'; SIMILAR: 'SIMILAR'; SKIP_WORD: 'SKIP'; SMALLINT: 'SMALLINT'; SOME: 'SOME';
SPECIFIC: 'SPECIFIC'; SPECIFICTYPE: 'SPECIFICTYPE'; SQL: 'SQL'; SQLEXCEPTION: 'SQLEXCEPTION';
SQLSTATE: 'SQLSTATE'; SQLWARNING: 'SQLWARNING'; SQRT: 'SQRT'; START: 'START'; STATEMENT: 'STATEMENT';
STATIC: 'STATIC'; STATISTICS: 'STATISTICS'; STDDEV_POP: 'STDDEV_POP'; STDDEV_SAMP: 'STDDEV_SAMP';
STOP: 'STOP'; STREAM: 'STREAM'; STRING_WORD: 'STRING'; STRING_AGG: 'STRING_AGG';
STRUCTURED: 'STRUCTURED'; SUBMULTISET: 'SUBMULTISET'; SUBSET: 'SUBSET'; SUBSTRING: 'SUBSTRING';
SUBSTRING_REGEX: 'SUBSTRING_REGEX'; SUCCEEDS: 'SUCCEEDS'; SUM: 'SUM'; SUSPEND: 'SUSPEND';
SYMMETRIC: 'SYMMETRIC'; SYSTEM: 'SYSTEM'; SYSTEM_TIME: 'SYSTEM_TIME'; SYSTEM_USER: 'SYSTEM_USER';
TABLE: 'TABLE'; TABLES: 'TABLES'; TABLESAMPLE: 'TABLESAMPLE'; TEMPORARY: 'TEMPORARY'; THEN: 'THEN';
TIES: 'TIES'; TIME: 'TIME'; TIMESTAMP: 'TIMESTAMP'; TIMESTAMP_LTZ: 'TIMESTAMP_LTZ';
TIMEZONE_HOUR: 'TIMEZONE_HOUR';
TIMEZONE_MINUTE: 'TIMEZONE_MINUTE'; TINYINT: 'TINYINT'; TO: 'TO'; TRAILING: 'TRAILING';
TRANSLATE: 'TRANSLATE'; TRANSLATE_REGEX: 'TRANSLATE_REGEX'; TRANSLATION: 'TRANSLATION'; TREAT: 'TREAT';
TRIGGER: 'TRIGGER'; TRIM: 'TRIM'; TRIM_ARRAY: 'TRIM_ARRAY'; TRUE_WORD: 'TRUE'; TRUNCATE: 'TRUNCATE';
TRY_CAST: 'TRY_CAST'; UESCAPE: 'UESCAPE'; UNBOUNDED: 'UNBOUNDED'; UNCONDITIONAL: 'UNCONDITIONAL';
UNION: 'UNION'; UNIQUE: 'UNIQUE'; UNKNOWN: 'UNKNOWN'; UNLOAD: 'UNLOAD'; UNNEST: 'UNNEST';
UNPIVOT: 'UNPIVOT'; UPDATE: 'UPDATE'; UPPER: 'UPPER'; UPSERT: 'UPSERT'; USE: 'USE'; USER: 'USER';
USING: 'USING'; VALUE: 'VALUE'; VALUES: 'VALUES'; VALUE_OF: 'VALUE_OF'; VARBINARY: 'VARBINARY';
VARCHAR: 'VARCHAR'; VARYING: 'VARYING'; VAR_POP: 'VAR_POP'; VAR_SAMP: 'VAR_SAMP';
VERSIONING: 'VERSIONING'; VIEW: 'VIEW'; VIEWS: 'VIEWS'; VIRTUAL: 'VIRTUAL'; WATERMARK: 'WATERMARK';
WATERMARKS: 'WATERMARKS'; WHEN: 'WHEN'; WHENEVER: 'WHENEVER'; WHERE: 'WHERE';
WIDTH_BUCKET: 'WIDTH_BUCKET'; WINDOW: 'WINDOW'; WITH: 'WITH'; WITHIN: 'WITHIN'; WITHOUT: 'WITHOUT';
WRAPPER: 'WRAPPER'; YEAR: 'YEAR'; ZONE: 'ZONE';

// --- signs -------------------------------------------------------------------------------------------

EQUAL: '='; NOT_EQUAL: '<>'; BANG_EQUAL: '!='; LESS: '<'; LESS_EQUAL: '<='; GREATER: '>';
GREATER_EQUAL: '>='; PLUS: '+'; MINUS: '-'; STAR: '*'; SLASH: '/'; PERCENT: '%'; CONCAT: '||';
LEFT_PAREN: '('; RIGHT_PAREN: ')'; LEFT_BRACKET: '['; RIGHT_BRACKET: ']'; COMMA: ','; DOT: '.';
LEFT_BRACE: '{'; RIGHT_BRACE: '}'; SEMICOLON: ';'; COLON: ':'; SCHEME: '://' '/'*; ARROW: '=>'; QUESTION_MARK: '?';
HINT_BEGIN: '/*+'; HINT_END: '*/';

// One token, because A is a name everywhere else.
IS_A_SET: 'IS' GAP ('NOT' GAP)? 'A' GAP 'SET';

// --- literals, names, spaces -------------------------------------------------------------------------

STRING: '\'' (~'\'' | '\'\'')* '\'';
UNICODE_STRING: 'U&\'' (~'\'' | '\'\'')* '\'';
BINARY_STRING: 'X\'' (~'\'' | '\'\'')* '\'';
PREFIXED_STRING: ('N' | '_' [A-Z0-9:._-]+) '\'' (~'\'' | '\'\'')* '\'';
ESCAPED_STRING: 'E\'' (~['\\] | '\\' . | '\'\'')* '\'';
INTEGER: DIGIT+;
DECIMAL_VALUE: DIGIT+ '.' DIGIT* | '.' DIGIT+;
DOUBLE_VALUE: (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) 'E' [+-]? DIGIT+;
IDENTIFIER: LETTER (LETTER | DIGIT)*;
UNICODE_NAME: 'U&"' (~["\r\n] | '""')+ '"';
BACKQUOTED: '`' (~[`\r\n] | '``')+ '`';

LINE_COMMENT: ('--' | '//') ~[\r\n]* -> channel(HIDDEN);
// Up to the first */: whatever is before it has no star that a slash follows.
BLOCK_COMMENT
    : '/*' ((~[*+] | '*'+ ~[*/]) (~'*' | '*'+ ~[*/])*)? '*'+ '/' -> channel(HIDDEN)
    ;
BLANK: [ \t\r\n\f\u000B\u00A0\uFEFF]+ -> channel(HIDDEN);

// Any other character: the lexer never fails, so that every error comes from the parser and has a span.
// The splitter of scripts relies on it as well: it ends statements where these tokens say.
UNTERMINATED_STRING: '\'' (~'\'' | '\'\'')*;
UNTERMINATED_NAME: '`' ~[`\r\n]*;
UNTERMINATED_COMMENT: '/*';    // the tokenizer makes it reach to the end
DOUBLE_QUOTED: '"' (~["\r\n])* '"';
OTHER: .;

fragment DIGIT: [0-9];
fragment GAP: [ \t\r\n\f]+;
fragment LETTER
    : [A-Z_$]
    | [\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u1FFF]
    | [\u3040-\u318F\u3300-\u337F\u3400-\u3D2D\u4E00-\u9FFF\uF900-\uFAFF]
    ;
