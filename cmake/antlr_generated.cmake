# Run as a script over what ANTLR has generated for one class, FOLDER/FlinkSqlLexer.{h,cpp} for example:
#   cmake -D folder=FOLDER -D class=FlinkSqlLexer -P antlr_generated.cmake
file(READ ${folder}/${class}.cpp text)
file(READ ${folder}/${class}.h header)

# Its tables are built when the first lexer or parser is made, not when the program starts, which costs
# every run of the program some milliseconds.
string(FIND "${text}" "${class}::Initializer ${class}::_init;" at_start)
if(at_start EQUAL -1)
  message(FATAL_ERROR "${class}.cpp has no static initializer: another version of ANTLR?")
endif()
string(REPLACE "${class}::Initializer ${class}::_init;" "" text "${text}")
foreach(base Parser Lexer)
  string(REPLACE ": ${base}(input) {" ": ${base}(input) {\n  static const Initializer kTables;" text "${text}")
endforeach()

# Without the path of the grammar, so that two checkouts generate the same bytes. ccache gives one's precompiled
# header to the other, and GCC takes a header with other bytes for another header.
string(REGEX REPLACE "// Generated from [^\n]*\n" "" text "${text}")
string(REGEX REPLACE "// Generated from [^\n]*\n" "" header "${header}")
file(WRITE ${folder}/${class}.cpp "${text}")
file(WRITE ${folder}/${class}.h "${header}")
