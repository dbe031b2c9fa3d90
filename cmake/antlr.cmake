# grammar/FlinkSql.g4 -> C++ in the build folder -> millrace_grammar. Debian's tool is 4.7.2 and its
# runtime 4.9; the generated code builds and runs with it after two corrections: the string tables are
# u8"..." (-fno-char8_t), and Clang 14 rejects InterpreterDataReader.h, so the umbrella header is
# copied without that line.
find_program(ANTLR4 antlr4 REQUIRED)
find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_library(ANTLR4_LIBRARY antlr4-runtime REQUIRED)

set(grammar ${PROJECT_SOURCE_DIR}/grammar/FlinkSql.g4)
set(correct ${CMAKE_CURRENT_LIST_DIR}/antlr_generated.cmake)
set(generated ${PROJECT_BINARY_DIR}/generated/grammar)
set(generated_sources ${generated}/FlinkSqlLexer.cpp ${generated}/FlinkSqlParser.cpp)
file(MAKE_DIRECTORY ${generated})
add_custom_command(
  OUTPUT ${generated_sources} ${generated}/FlinkSqlLexer.h ${generated}/FlinkSqlParser.h
  COMMAND ${ANTLR4} -Dlanguage=Cpp -no-listener -no-visitor -package millrace::grammar
          -Xexact-output-dir -o ${generated} ${grammar}
  COMMAND ${CMAKE_COMMAND} -D folder=${generated} -D class=FlinkSqlLexer -P ${correct}
  COMMAND ${CMAKE_COMMAND} -D folder=${generated} -D class=FlinkSqlParser -P ${correct}
  DEPENDS ${grammar} ${correct} COMMENT "Generating the SQL parser" VERBATIM)

file(READ ${ANTLR4_INCLUDE}/antlr4-runtime.h umbrella)
string(REGEX REPLACE "#include \"atn/(ATN)?InterpreterDataReader.h\"|#include \"misc/InterpreterDataReader.h\"" "" umbrella "${umbrella}")
file(CONFIGURE OUTPUT ${generated}/antlr4-runtime.h CONTENT "${umbrella}" @ONLY)

add_library(millrace_grammar STATIC ${generated_sources})
target_include_directories(millrace_grammar SYSTEM PUBLIC
  $<BUILD_INTERFACE:${generated}> $<BUILD_INTERFACE:${ANTLR4_INCLUDE}>)
# -O1: the parser spends its time in the runtime, so that -O2 makes it 0.1 % faster at best, and takes the
# compiler 11 seconds more.
target_compile_options(millrace_grammar PUBLIC $<BUILD_INTERFACE:-fno-char8_t>
                       PRIVATE -w $<$<CONFIG:Release>:-O1>)
target_link_libraries(millrace_grammar PUBLIC ${ANTLR4_LIBRARY})
