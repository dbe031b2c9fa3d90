# Installs both programs and the compiler library:
#   find_package(millrace REQUIRED)
#   target_link_libraries(app PRIVATE millrace::compiler)
#   #include <plan/compiler.h>
#
# or, without CMake, the flags of `pkg-config --cflags --libs millrace`.
include(CMakePackageConfigHelpers)

add_library(millrace_compiler INTERFACE)
target_link_libraries(millrace_compiler INTERFACE millrace_plan)
target_compile_features(millrace_compiler INTERFACE cxx_std_20)
target_include_directories(millrace_compiler INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/millrace>)
set_target_properties(millrace_compiler PROPERTIES EXPORT_NAME compiler)
add_library(millrace::compiler ALIAS millrace_compiler)

install(TARGETS millrace minidoris RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS millrace_compiler millrace_base millrace_row millrace_grammar millrace_sql
                millrace_expr millrace_connectors millrace_plan
        EXPORT millrace ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/millrace)
foreach(room base row sql expr plan)
  install(DIRECTORY src/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/millrace
          FILES_MATCHING PATTERN "*.h")
endforeach()
install(FILES src/connectors/connector.h src/connectors/options.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/millrace/connectors)
# The folders stand relative to the file, so that an installation can be moved.
file(RELATIVE_PATH MILLRACE_PC_TO_INCLUDE
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR}/millrace)
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
