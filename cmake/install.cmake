# Installs both programs and the compiler library:
#   find_package(millrace REQUIRED)
#   target_link_libraries(app PRIVATE millrace::compiler)
#   #include <plan/compiler.h>
#
# or, without CMake, the flags of `pkg-config --cflags --libs millrace`.
include(CMakePackageConfigHelpers)

add_library(millrace_compiler INTERFACE)
target_link_libraries(millrace_compiler INTERFACE millrace_plan millrace_connector_records)
target_compile_features(millrace_compiler INTERFACE cxx_std_20)
target_include_directories(millrace_compiler INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/millrace>)
set_target_properties(millrace_compiler PROPERTIES EXPORT_NAME compiler)
add_library(millrace::compiler ALIAS millrace_compiler)

install(TARGETS millrace minidoris RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Users before what they use: pkg-config's flags are made of this list.
get_property(connector_records GLOBAL PROPERTY MILLRACE_CONNECTOR_RECORDS)
set(compiler_libraries millrace_connector_records ${connector_records} millrace_plan
    millrace_connectors millrace_expr millrace_sql millrace_grammar millrace_row millrace_base)
install(TARGETS millrace_compiler ${compiler_libraries}
        EXPORT millrace ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/millrace)
# The headers that the public ones need, and no others; tests/library/public_headers_test.py checks
# the list, and writes it with REWRITE=1.
file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/public_headers.txt public_headers REGEX "\\.h$")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${PROJECT_SOURCE_DIR}/cmake/public_headers.txt)
foreach(header ${public_headers})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES src/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/millrace/${folder})
endforeach()
# Paths are relative to the file, so that an installation can be moved.
file(RELATIVE_PATH MILLRACE_PC_TO_INCLUDE
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR}/millrace)
list(TRANSFORM compiler_libraries PREPEND "-l" OUTPUT_VARIABLE MILLRACE_PC_LIBRARIES)
list(JOIN MILLRACE_PC_LIBRARIES " " MILLRACE_PC_LIBRARIES)
configure_file(cmake/millrace.pc.in ${PROJECT_BINARY_DIR}/millrace.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/millrace.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(EXPORT millrace NAMESPACE millrace:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/millrace
        FILE millrace-targets.cmake)
configure_package_config_file(cmake/millrace-config.cmake.in ${PROJECT_BINARY_DIR}/millrace-config.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/millrace)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/millrace-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/millrace-config.cmake
              ${PROJECT_BINARY_DIR}/millrace-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/millrace)
