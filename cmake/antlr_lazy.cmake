# Run as a script over one generated file: its tables are built when the first lexer or parser is made,
# not when the program starts, which costs every run of the program some milliseconds.
#   cmake -D file=FlinkSqlParser.cpp -D class=FlinkSqlParser -P antlr_lazy.cmake
file(READ ${file} text)
string(FIND "${text}" "${class}::Initializer ${class}::_init;" at_start)
if(at_start EQUAL -1)
  message(FATAL_ERROR "${file} has no static initializer: another version of ANTLR?")
endif()
string(REPLACE "${class}::Initializer ${class}::_init;" "" text "${text}")
foreach(base Parser Lexer)
  string(REPLACE ": ${base}(input) {" ": ${base}(input) {\n  static const Initializer kTables;" text "${text}")
endforeach()
file(WRITE ${file} "${text}")
