# grammar/*.g4 -> C++ in the build folder -> a library for each. Debian's tool is 4.7.2 and its runtime 4.9;
# the generated code builds and runs with it after two corrections: the string tables are u8"..."
# (-fno-char8_t), and Clang 14 rejects InterpreterDataReader.h, so the umbrella header is copied without
# that line.
find_program(ANTLR4 antlr4 REQUIRED)
find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_library(ANTLR4_LIBRARY antlr4-runtime REQUIRED)

set(antlr_umbrella ${PROJECT_BINARY_DIR}/generated/antlr)
file(READ ${ANTLR4_INCLUDE}/antlr4-runtime.h umbrella)
string(REGEX REPLACE "#include \"atn/(ATN)?InterpreterDataReader.h\"|#include \"misc/InterpreterDataReader.h\"" "" umbrella "${umbrella}")
file(CONFIGURE OUTPUT ${antlr_umbrella}/antlr4-runtime.h CONTENT "${umbrella}" @ONLY)

# add_grammar(<target> <grammar> <class>...): the classes are what ANTLR makes of grammar/<grammar>.g4, each in
# a header of its name.
function(add_grammar target name)
  set(grammar ${PROJECT_SOURCE_DIR}/grammar/${name}.g4)
  set(correct ${PROJECT_SOURCE_DIR}/cmake/antlr_generated.cmake)
  set(generated ${PROJECT_BINARY_DIR}/generated/${name})
  file(MAKE_DIRECTORY ${generated})
  set(sources ${ARGN})
  list(TRANSFORM sources REPLACE "(.+)" "${generated}/\\1.cpp")
  set(headers ${ARGN})
  list(TRANSFORM headers REPLACE "(.+)" "${generated}/\\1.h")
  set(corrections)
  foreach(class ${ARGN})
    list(APPEND corrections COMMAND ${CMAKE_COMMAND} -D folder=${generated} -D class=${class} -P ${correct})
  endforeach()
  add_custom_command(
    OUTPUT ${sources} ${headers}
    COMMAND ${ANTLR4} -Dlanguage=Cpp -no-listener -no-visitor -package millrace::grammar
            -Xexact-output-dir -o ${generated} ${grammar}
    ${corrections}
    DEPENDS ${grammar} ${correct} COMMENT "Generating the parser of ${name}" VERBATIM)

  add_library(${target} STATIC ${sources})
  target_include_directories(${target} SYSTEM PUBLIC
    $<BUILD_INTERFACE:${generated}> $<BUILD_INTERFACE:${antlr_umbrella}> $<BUILD_INTERFACE:${ANTLR4_INCLUDE}>)
  # -O1: the parser spends its time in the runtime, so that -O2 makes it 0.1 % faster at best, and takes the
  # compiler 11 seconds more.
  target_compile_options(${target} PUBLIC $<BUILD_INTERFACE:-fno-char8_t> PRIVATE -w $<$<CONFIG:Release>:-O1>)
  target_link_libraries(${target} PUBLIC ${ANTLR4_LIBRARY})
endfunction()

add_grammar(millrace_grammar FlinkSql FlinkSqlLexer FlinkSqlParser)
add_grammar(millrace_mysql_grammar MySqlDdl MySqlDdl)
