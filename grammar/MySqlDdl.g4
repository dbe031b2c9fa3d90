// What a statement in the binlog of MySQL (5.7 to 9) or MariaDB says about tables. The language is
// defined here, over tokens: what a quote, a backslash or a comment is depends on the server and its
// sql_mode, so src/connectors/mysql/ddl/token_source.cc makes the tokens.
//
// Expressions are balanced tokens. A definition is read up to its end; of a query, and of a statement
// that writes rows, only what says which tables it writes. Every statement here was accepted by a
// server, so a rule may take more than servers do, but nothing that could change a layout unseen.
parser grammar MySqlDdl;

tokens {
    IDENTIFIER, STRING, HEX, BITS, NUMBER, INTRODUCER, AT_NAME, SIGN, PLUS, MINUS, STAR, EQUAL, ASSIGN,
    COMMA, DOT, SEMICOLON, LEFT_PAREN, RIGHT_PAREN, LEFT_BRACE, RIGHT_BRACE,
    // Keywords; a word that C++ has already ends in _WORD.
    ACTION, ADD, AFTER, AGGREGATE, ALGORITHM, ALL, ALTER, ALWAYS, ANALYZE, AS, ASC, ASCII, AUTOEXTEND_SIZE,
    AUTO_INCREMENT, AVG_ROW_LENGTH, BACKUP, BEGIN, BINARY, BINLOG, BY, BYTE, CACHE, CALL, CASCADE,
    CASE, CHANGE, CHAR, CHARACTER, CHARSET, CHECK, CHECKSUM, COALESCE, COLLATE, COLUMN, COLUMN_FORMAT,
    COMMENT, COMMIT, COMPRESSED, COMPRESSION, CONCURRENT, CONNECTION, CONSTRAINT, CONVERT, CREATE, CROSS,
    DATA, DATABASE, DEALLOCATE, DEFAULT, DEFINER, DELAYED, DELAY_KEY_WRITE, DELETE, DESC,
    DESCRIBE, DIRECTORY, DISABLE, DISCARD, DISK, DO, DOUBLE, DROP, DUALITY, ENABLE, ENCRYPTION, END,
    ENFORCED, ENGINE, ENGINE_ATTRIBUTE, ENUM, EVENT, EXCHANGE, EXECUTE, EXISTS, EXPLAIN, FIRST, FLUSH, FOR,
    FORCE, FOREIGN, FORMAT, FROM, FULLTEXT, FUNCTION, GENERATED, GRANT, HANDLER, HELP, HIGH_PRIORITY,
    HISTORY, IF, IGNORE, IGNORED, IMPORT, INDEX, INNER, INSERT, INSERT_METHOD, INSTALL, INSTANCE,
    INTO, INVISIBLE, ITEF_QUOTES, JOIN, JSON, KEY, KEYS, KEY_BLOCK_SIZE, KILL, LATERAL, LEFT, LIBRARY,
    LIKE, LIMIT, LOAD, LOCAL, LOCK, LOGFILE, LONG, LOW_PRIORITY, MATCH, MAX_ROWS, MEMORY, MIN_ROWS,
    MODIFY, NAME, NATIONAL, NATURAL, NCHAR, NEXT, NO, NOT, NOWAIT, NO_WRITE_TO_BINLOG, NULL_WORD, OFFLINE,
    ON, ONLINE, ONLY, OPTIMIZE, OR, ORDER, OUTER, OVERLAPS, PACKAGE, PACK_KEYS, PAGE_CHECKSUM, PARSER,
    PARTITION, PARTITIONING, PARTITIONS, PASSWORD, PERIOD, PERSISTENT, PORTION, PRECISION, PREPARE,
    PREVIOUS, PRIMARY, PROCEDURE, PURGE, QUICK, READ, REBUILD, RECURSIVE, REFERENCE, REFERENCES,
    REF_SYSTEM_ID, RELATIONAL, RELEASE, REMOVE, RENAME, REORGANIZE, REPAIR, REPLACE, RESET, RESIGNAL,
    RESOURCE, RESTRICT, RETURNING, REVOKE, RIGHT, ROLE, ROLLBACK, ROW, ROW_FORMAT, SAVEPOINT, SCHEMA,
    SECONDARY, SECONDARY_ENGINE, SECONDARY_ENGINE_ATTRIBUTE, SECONDARY_LOAD, SECONDARY_UNLOAD, SECURITY,
    SELECT, SEQUENCE, SERIAL, SERVER, SET, SHOW, SIGNAL, SIGNED, SPATIAL, SQL, SRID, START, STATEMENT,
    STATS_AUTO_RECALC, STATS_PERSISTENT, STATS_SAMPLE_PAGES, STOP, STORAGE, STORED, STRAIGHT_JOIN, SYSTEM,
    TABLE, TABLES, TABLESPACE, TABLE_CHECKSUM, TEMPORARY, TO, TRANSACTION, TRANSACTIONAL, TRIGGER,
    TRUNCATE, TYPE, UNDO, UNICODE, UNINSTALL, UNION, UNIQUE, UNLOCK, UNSIGNED, UPDATE, UPGRADE, USE, USER,
    USING, VALIDATION, VALUE, VALUES, VARBINARY, VARCHAR, VARCHARACTER, VARYING, VECTOR, VERSIONING, VIEW,
    VIRTUAL, VISIBLE, WAIT, WHERE, WITH, WITHOUT, XA, XML, ZEROFILL
}

// What follows `rows` and `other` and the SELECT of `createTable` is not read.
singleStatement: settings? (definition end | createTable | rows | other);
settings: SET STATEMENT (~(FOR | LEFT_PAREN | RIGHT_PAREN) | parenthesized)+ FOR;
end: SEMICOLON? EOF;

definition
    : alterTable
    | DROP TEMPORARY? (TABLE | TABLES) ifExists? tableNames wait? (RESTRICT | CASCADE)?
    | RENAME (TABLE | TABLES) ifExists? renaming (COMMA renaming)*
    | TRUNCATE TABLE? tableName wait? ((DROP | anyWord) STORAGE)?
    | createIndex
    | DROP INDEX ifExists? identifier ON tableName wait? alterOption*
    | CREATE (OR REPLACE)? TEMPORARY? SEQUENCE ifNotExists? tableName sequenceToken*
    | DROP TEMPORARY? SEQUENCE ifExists? tableNames
    | CREATE (OR REPLACE)? (DATABASE | SCHEMA) ifNotExists? identifier databaseOption*
    | ALTER (DATABASE | SCHEMA) identifier? databaseOption+
    | ALTER (DATABASE | SCHEMA) identifier UPGRADE DATA DIRECTORY NAME
    | DROP (DATABASE | SCHEMA) ifExists? identifier
    ;

ifExists: IF EXISTS;
ifNotExists: IF NOT EXISTS;
wait: WAIT NUMBER | NOWAIT;
renaming: tableName wait? TO tableName;
sequenceToken: ~(SEMICOLON | LEFT_PAREN | RIGHT_PAREN);
databaseOption
    : DEFAULT? charset
    | DEFAULT? collation
    | DEFAULT? ENCRYPTION EQUAL? text
    | COMMENT EQUAL? text
    | READ ONLY EQUAL? (NUMBER | DEFAULT)
    ;

// --- CREATE TABLE ------------------------------------------------------------------------------------

createTable
    : CREATE (OR REPLACE)? TEMPORARY? TABLE ifNotExists? tableName
      ( LIKE tableName end
      | LEFT_PAREN LIKE tableName RIGHT_PAREN end
      | tableElements? (tableOption (COMMA? tableOption)*)? partitioning? (query | end)
      )
    ;
query: (IGNORE | REPLACE)? AS? LEFT_PAREN* (SELECT | WITH | VALUES | TABLE);

tableElements: LEFT_PAREN tableElement (COMMA tableElement)* RIGHT_PAREN;
tableElement: column | index | period | tableConstraint;
period: PERIOD ifNotExists? FOR identifier LEFT_PAREN identifier COMMA identifier RIGHT_PAREN;
tableConstraint
    : constraintName? CHECK parenthesized enforcement?
    | constraintName? FOREIGN KEY ifNotExists? identifier? parenthesized references
    ;
constraintName: CONSTRAINT ifNotExists? identifier?;
enforcement: NOT? ENFORCED;
references
    : REFERENCES tableName parenthesized? (MATCH anyWord | ON (DELETE | UPDATE) referenceAction)*
    ;
referenceAction: RESTRICT | CASCADE | SET (NULL_WORD | DEFAULT) | NO ACTION;

index
    : constraintName? PRIMARY KEY ifNotExists? indexName? indexType? indexParts indexOption*
    | constraintName? UNIQUE (INDEX | KEY)? ifNotExists? indexName? indexType? indexParts indexOption*
    | (FULLTEXT | SPATIAL) (INDEX | KEY)? ifNotExists? indexName? indexType? indexParts indexOption*
    | VECTOR? (INDEX | KEY) ifNotExists? indexName? indexType? indexParts indexOption*
    ;
indexName: identifier;
indexType: (USING | TYPE) identifier;
indexParts: LEFT_PAREN indexPart (COMMA indexPart)* RIGHT_PAREN;
indexPart
    : fieldName (LEFT_PAREN NUMBER RIGHT_PAREN)? (WITHOUT OVERLAPS)? (ASC | DESC)?
    | parenthesized (ASC | DESC)?
    ;
indexOption
    : indexType
    | KEY_BLOCK_SIZE EQUAL? optionValue
    | WITH PARSER identifier
    | COMMENT text
    | VISIBLE | INVISIBLE
    | NOT? IGNORED
    | (ENGINE_ATTRIBUTE | SECONDARY_ENGINE_ATTRIBUTE) EQUAL? text
    | identifier EQUAL optionValue
    ;

// Engine-defined options of MariaDB need the sign, so that no word of a clause is taken for one.
tableOption
    : DEFAULT? charset
    | DEFAULT? collation
    | ENGINE EQUAL? optionValue
    | optionWord EQUAL? optionValue
    | UNION EQUAL? parenthesized
    | (DATA | INDEX) DIRECTORY EQUAL? text
    | TABLESPACE EQUAL? identifier (STORAGE (DISK | MEMORY | DEFAULT))?
    | STORAGE (DISK | MEMORY | DEFAULT)
    | START TRANSACTION
    | WITH SYSTEM VERSIONING
    | sequence=SEQUENCE EQUAL? NUMBER
    | identifier EQUAL optionValue
    ;
optionWord
    : AUTOEXTEND_SIZE | AUTO_INCREMENT | AVG_ROW_LENGTH | CHECKSUM | COMMENT | COMPRESSION | CONNECTION
    | DELAY_KEY_WRITE | ENCRYPTION | ENGINE | ENGINE_ATTRIBUTE | INSERT_METHOD | ITEF_QUOTES
    | KEY_BLOCK_SIZE | MAX_ROWS | MIN_ROWS | PACK_KEYS | PAGE_CHECKSUM | PASSWORD | ROW_FORMAT
    | SECONDARY_ENGINE | SECONDARY_ENGINE_ATTRIBUTE | STATS_AUTO_RECALC | STATS_PERSISTENT
    | STATS_SAMPLE_PAGES | TABLE_CHECKSUM | TRANSACTIONAL | TYPE
    ;
optionValue: text | NUMBER | HEX | MINUS NUMBER | DEFAULT | NULL_WORD | ON | identifier;

charset: (CHARSET | (CHAR | CHARACTER) SET) EQUAL? charsetName;
collation: COLLATE EQUAL? charsetName;
charsetName: identifier | text | BINARY | DEFAULT;

// A group that begins with a query is none of the partitions'.
partitioning: PARTITION BY partitionToken+;
partitionToken
    : ~( LEFT_PAREN | RIGHT_PAREN | COMMA | SEMICOLON | SELECT | AS | IGNORE | REPLACE | WITH | VALUES | TABLE
       | REMOVE )
    | LEFT_PAREN RIGHT_PAREN
    | LEFT_PAREN (~(LEFT_PAREN | RIGHT_PAREN | SELECT | WITH) | parenthesized)
      (~(LEFT_PAREN | RIGHT_PAREN) | parenthesized)* RIGHT_PAREN
    ;

// --- columns -----------------------------------------------------------------------------------------

column: fieldName dataType columnAttribute*;

dataType
    : (ENUM | SET) LEFT_PAREN label (COMMA label)* RIGHT_PAREN
    | (identifier DOT)? typeName (LEFT_PAREN NUMBER (COMMA NUMBER)? RIGHT_PAREN)?
    ;
label: text | HEX | BITS;
typeName
    : NATIONAL? (CHAR | CHARACTER) VARYING?
    | NATIONAL? (VARCHAR | VARCHARACTER)
    | NCHAR (VARCHAR | VARCHARACTER | VARYING)?
    | DOUBLE PRECISION?
    | LONG (VARCHAR | VARCHARACTER | VARBINARY | (CHAR | CHARACTER) VARYING)?
    | BINARY | VARBINARY
    | identifier
    ;

columnAttribute
    : NOT? NULL_WORD
    | UNSIGNED | SIGNED | ZEROFILL
    | BINARY | ASCII | UNICODE | BYTE
    | charset
    | collation
    | COMPRESSED (EQUAL identifier)?
    | DEFAULT defaultValue
    | ON UPDATE defaultValue
    | AUTO_INCREMENT
    | SERIAL DEFAULT VALUE
    | PRIMARY? KEY
    | UNIQUE KEY?
    | COMMENT text
    | COLUMN_FORMAT anyWord
    | STORAGE anyWord
    | (GENERATED ALWAYS)? AS parenthesized
    | (GENERATED ALWAYS)? AS ROW (START | END)
    | VIRTUAL | STORED | PERSISTENT | VISIBLE | INVISIBLE
    | constraintName? CHECK parenthesized
    | enforcement
    | references
    | SRID NUMBER
    | REF_SYSTEM_ID EQUAL NUMBER
    | NOT SECONDARY
    | (WITH | WITHOUT) SYSTEM VERSIONING
    | (ENGINE_ATTRIBUTE | SECONDARY_ENGINE_ATTRIBUTE) EQUAL? text
    | identifier EQUAL optionValue
    ;

// Outside of parentheses: one operand.
defaultValue
    : (PLUS | MINUS | SIGN | NOT | BINARY)*
      ( text | NUMBER | INTRODUCER? (HEX | BITS) | NULL_WORD | AT_NAME
      | (NEXT | PREVIOUS) VALUE FOR tableName
      | anyWord (DOT anyWord)* (parenthesized | text)?
      | parenthesized
      | CASE (~(CASE | END | LEFT_PAREN | RIGHT_PAREN) | parenthesized)* END
      | LEFT_BRACE identifier text RIGHT_BRACE
      )
    ;

// --- ALTER TABLE, indexes ----------------------------------------------------------------------------

alterTable
    : ALTER (IGNORE | ONLINE | OFFLINE)* TABLE ifExists? tableName wait?
      (alteration (COMMA alteration)*)? partitioning? (REMOVE PARTITIONING)?
    ;

alteration
    : (ADD | DROP) SYSTEM VERSIONING                                              # setVersioning
    | ADD COLUMN? ifNotExists? column place?                                      # addColumn
    | ADD COLUMN? ifNotExists? tableElements                                      # addElements
    | ADD (index | period | tableConstraint)                                      # addElement
    | CHANGE COLUMN? ifExists? fieldName column place?                            # changeColumn
    | MODIFY COLUMN? ifExists? column place?                                      # modifyColumn
    | DROP COLUMN? ifExists? fieldName (RESTRICT | CASCADE)?                      # dropColumn
    | DROP PRIMARY KEY                                                            # dropPrimaryKey
    | DROP (INDEX | KEY | CONSTRAINT) ifExists? identifier                        # dropIndexOf
    | RENAME COLUMN ifExists? fieldName TO identifier                             # renameColumn
    | RENAME (INDEX | KEY) ifExists? identifier TO identifier                     # renameIndex
    | RENAME (TO | AS | EQUAL)? tableName                                         # renameTo
    | CONVERT TO charset collation?                                               # convertTo
    | DROP PARTITION ifExists? identifiers                                        # dropPartition
    | TRUNCATE PARTITION partitionList                                            # truncatePartition
    | EXCHANGE PARTITION identifier WITH TABLE tableName validation?              # exchangePartition
    | CONVERT PARTITION identifier TO TABLE tableName validation?                 # convertOut
    | CONVERT TABLE tableName TO PARTITION identifier partitionToken*
      (VALUES partitionToken+)? validation?                                       # convertIn
    | (DISCARD | IMPORT) (PARTITION partitionList)? TABLESPACE                    # moveTablespace
    | tableOption+                                                                # setOptions
    | withoutEffect                                                               # others
    ;
place: FIRST | AFTER fieldName;
partitionList: ALL | identifiers;
identifiers: identifier (COMMA identifier)*;
validation: (WITH | WITHOUT) VALIDATION;

withoutEffect
    : DROP FOREIGN KEY ifExists? identifier
    | DROP CHECK identifier
    | DROP PERIOD ifExists? FOR identifier
    | ALTER COLUMN? ifExists? fieldName (SET DEFAULT defaultValue | DROP DEFAULT | SET (VISIBLE | INVISIBLE))
    | ALTER (INDEX | KEY) ifExists? identifier (VISIBLE | INVISIBLE | NOT? IGNORED)
    | ALTER (CHECK | CONSTRAINT) identifier enforcement
    | ORDER BY fieldName (ASC | DESC)? (COMMA fieldName (ASC | DESC)?)*
    | (ENABLE | DISABLE) KEYS
    | FORCE
    | alterOption
    | validation
    | ADD PARTITION ifNotExists? noWriteToBinlog? (parenthesized | PARTITIONS NUMBER)
    | COALESCE PARTITION noWriteToBinlog? NUMBER
    | REORGANIZE PARTITION noWriteToBinlog? (identifiers INTO parenthesized)?
    | (ANALYZE | CHECK | OPTIMIZE | REBUILD | REPAIR) PARTITION noWriteToBinlog? partitionList
      (FOR UPGRADE | anyWord)*
    | REMOVE PARTITIONING
    | (SECONDARY_LOAD | SECONDARY_UNLOAD) (PARTITION parenthesized)?
    ;
noWriteToBinlog: LOCAL | NO_WRITE_TO_BINLOG;
alterOption: (ALGORITHM | LOCK) EQUAL? anyWord;

createIndex
    : CREATE (OR REPLACE)? (ONLINE | OFFLINE)? (UNIQUE | FULLTEXT | SPATIAL | VECTOR)? INDEX ifNotExists?
      identifier indexType? ON tableName wait? indexParts wait? indexOption* alterOption*
    ;

// --- statements that write rows ----------------------------------------------------------------------

rows
    : (ANALYZE (FORMAT EQUAL anyWord)?)? (insert | update | deleteRows | select)
    | load
    | with? LEFT_PAREN* (VALUES | TABLE)
    | (CALL | EXECUTE)
    | DO
    | SET
    ;
insert: (INSERT | REPLACE) (LOW_PRIORITY | DELAYED | HIGH_PRIORITY | IGNORE)* INTO? tableName rest;
rest: ~DOT;
load: LOAD (DATA | XML) (~(INTO | LEFT_PAREN | RIGHT_PAREN))* INTO TABLE tableName (rest | EOF);
select: with? LEFT_PAREN* SELECT;
with: WITH RECURSIVE? commonTable (COMMA commonTable)*;
commonTable: identifier parenthesized? AS parenthesized (identifier identifiers RESTRICT)?;  // CYCLE

update
    : with? UPDATE (LOW_PRIORITY | IGNORE)* tableReferences SET assignment (COMMA assignment)* afterTables
    ;
assignment: fieldName (EQUAL | ASSIGN) assignmentToken+;
assignmentToken
    : parenthesized
    | ~(COMMA | LEFT_PAREN | RIGHT_PAREN | WHERE | ORDER | LIMIT | SEMICOLON)
    ;

deleteRows
    : with? DELETE deleteModifier* FROM tableName (PARTITION parenthesized)? portion? (AS? identifier)?
      afterTables                                                                 # deleteFrom
    | with? DELETE deleteModifier* deleteTarget (COMMA deleteTarget)* FROM tableReferences
      afterTables                                                                 # deleteTargets
    | with? DELETE deleteModifier* FROM deleteTarget (COMMA deleteTarget)* USING tableReferences
      afterTables                                                                 # deleteTargets
    ;
deleteModifier: LOW_PRIORITY | QUICK | IGNORE | HISTORY;
deleteTarget: tableName (DOT STAR)?;
afterTables: WHERE | ORDER | LIMIT | RETURNING | SEMICOLON | FOR | identifier | EOF;

tableReferences: tableReference (COMMA tableReference)*;
tableReference: tableFactor joinedTable*;
joinedTable
    : NATURAL? (INNER | CROSS | (LEFT | RIGHT) OUTER?)? (JOIN | STRAIGHT_JOIN) tableFactor
      (ON joinToken+ | USING parenthesized)*
    ;
joinToken
    : parenthesized
    | (LEFT | RIGHT) parenthesized
    | ~( COMMA | LEFT_PAREN | RIGHT_PAREN | LEFT_BRACE | RIGHT_BRACE | JOIN | STRAIGHT_JOIN | INNER | CROSS
       | NATURAL | LEFT | RIGHT | ON | USING | SET | WHERE | ORDER | LIMIT | SEMICOLON )
    ;
tableFactor
    : tableName (PARTITION parenthesized)? portion? (AS? identifier)? indexHint*  # namedTable
    | LEFT_PAREN tableReferences RIGHT_PAREN                                      # nestedTables
    | LATERAL? (identifier DOT)? identifier? parenthesized AS? identifier? parenthesized?
                                                                                  # computedTable
    | LEFT_BRACE identifier tableReference RIGHT_BRACE                            # odbcTable
    ;
portion: FOR PORTION anyWord identifier FROM portionToken+ TO portionToken+;
portionToken: parenthesized | ~(LEFT_PAREN | RIGHT_PAREN | TO | SET | WHERE | SEMICOLON);
indexHint: (USE | FORCE | IGNORE) (INDEX | KEY) (FOR (JOIN | ORDER BY | anyWord BY))? parenthesized;

// --- statements that change no table -----------------------------------------------------------------

other
    : CREATE (OR REPLACE)? objectPrefix* object
    | ALTER objectPrefix* (object | SEQUENCE)
    | DROP objectPrefix* (object | PREPARE)
    | RENAME USER
    | LOAD INDEX
    | GRANT | REVOKE | ANALYZE | OPTIMIZE | REPAIR | CHECK | CHECKSUM | CACHE | FLUSH | RESET | PURGE
    | XA | BEGIN | START | STOP | COMMIT | ROLLBACK | SAVEPOINT | RELEASE | LOCK | UNLOCK | USE | CHANGE
    | KILL | SHOW | DESC | DESCRIBE | EXPLAIN | HELP | PREPARE | DEALLOCATE | HANDLER | INSTALL | UNINSTALL
    | BINLOG | SIGNAL | RESIGNAL | BACKUP
    ;
objectPrefix
    : ALGORITHM EQUAL identifier
    | DEFINER EQUAL (identifier | text) (AT_NAME | parenthesized)?
    | SQL SECURITY identifier
    | AGGREGATE | UNDO | JSON | RELATIONAL | DUALITY
    ;
object
    : VIEW | TRIGGER | PROCEDURE | FUNCTION | EVENT | USER | ROLE | SERVER | TABLESPACE | LOGFILE | PACKAGE
    | INSTANCE | LIBRARY | RESOURCE | SPATIAL REFERENCE
    ;

// --- parts -------------------------------------------------------------------------------------------

parenthesized: LEFT_PAREN (~(LEFT_PAREN | RIGHT_PAREN) | parenthesized)* RIGHT_PAREN;
text: INTRODUCER? STRING+ | INTRODUCER (HEX | BITS);
tableNames: tableName (COMMA tableName)*;
tableName: identifier (DOT anyWord)? | DOT anyWord;
fieldName: identifier (DOT anyWord)* | DOT anyWord;
anyWord
    : ~( STRING | HEX | BITS | NUMBER | INTRODUCER | AT_NAME | SIGN | PLUS | MINUS | STAR | EQUAL | ASSIGN
       | COMMA | DOT | SEMICOLON | LEFT_PAREN | RIGHT_PAREN | LEFT_BRACE | RIGHT_BRACE )
    ;
identifier: IDENTIFIER | optionWord | nonReserved;

// Keywords that are names wherever they are not expected as keywords.
nonReserved
    : ACTION | AFTER | AGGREGATE | ALGORITHM | ALWAYS | ASCII | BACKUP | BEGIN | BINLOG | BYTE | CACHE
    | CHARSET | COALESCE | COLUMN_FORMAT | COMMIT | COMPRESSED | CONCURRENT | DATA | DEALLOCATE
    | DEFINER | DIRECTORY | DISABLE | DISCARD | DISK | DO | DUALITY | ENABLE | END | ENFORCED | ENUM | EVENT
    | EXCHANGE | EXECUTE | FIRST | FLUSH | FORMAT | FUNCTION | GENERATED | HANDLER | HELP | HISTORY | IGNORED
    | IMPORT | INSTALL | INSTANCE | INVISIBLE | JSON | LATERAL | LIBRARY | LOCAL | LOGFILE | MEMORY | MODIFY
    | NAME | NATIONAL | NCHAR | NEXT | NO | NOWAIT | OFFLINE | ONLINE | ONLY | OVERLAPS | PACKAGE | PARSER
    | PARTITIONING | PARTITIONS | PERIOD | PERSISTENT | PORTION | PREPARE | PREVIOUS | QUICK | REBUILD
    | RECURSIVE | REFERENCE | REF_SYSTEM_ID | RELATIONAL | REMOVE | REORGANIZE | REPAIR | RESET | RESOURCE | RETURNING
    | ROLE | ROLLBACK | ROW | SAVEPOINT | SECONDARY | SECONDARY_LOAD | SECONDARY_UNLOAD | SECURITY
    | SEQUENCE | SERIAL | SERVER | SIGNED | SQL | SRID | START | STATEMENT | STOP | STORAGE | STORED
    | SYSTEM | TABLES | TABLESPACE | TEMPORARY | TRANSACTION | TRUNCATE | UNDO | UNICODE | UNINSTALL
    | UPGRADE | USER | VALIDATION | VALUE | VECTOR | VERSIONING | VIEW | VIRTUAL | VISIBLE | WAIT | WITHOUT
    | XA | XML
    ;
