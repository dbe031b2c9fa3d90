# A module is a folder of src/ with all that is below it; it becomes one static library,
# millrace_<module>. main.cc files are programs and are left out.

add_library(millrace_warnings INTERFACE)
target_compile_options(millrace_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${MILLRACE_WERROR}>:-Werror>)

function(millrace_library target folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  millrace_library_of(${target} "${sources}" ${ARGN})
endfunction()

function(millrace_library_of target sources)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
    target_link_libraries(${target} PUBLIC ${ARG_LIBRARIES}
                          PRIVATE ${ARG_PRIVATE_LIBRARIES} $<BUILD_INTERFACE:millrace_warnings>)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
    target_link_libraries(${target} INTERFACE ${ARG_LIBRARIES})
  endif()
endfunction()

function(add_module name)
  millrace_library(millrace_${name} ${PROJECT_SOURCE_DIR}/src/${name} ${ARGN})
endfunction()

# The interface of the connectors: the files of src/connectors itself, and of no folder in it.
function(add_connector_interface)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/connectors/*.cc)
  millrace_library_of(millrace_connectors "${sources}" LIBRARIES ${ARGN})
endfunction()

# A connector is a folder of src/connectors. It defines `const Connector kConnector` in the namespace
# millrace::<folder>; the generated list below is the only place that names them all.
function(add_connector name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  millrace_library(millrace_connector_${name} ${PROJECT_SOURCE_DIR}/src/connectors/${name}
                   LIBRARIES millrace_connectors ${ARG_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY MILLRACE_CONNECTORS ${name})
endfunction()

function(add_connector_list)
  get_property(names GLOBAL PROPERTY MILLRACE_CONNECTORS)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE
       ${PROJECT_SOURCE_DIR}/src/connectors ${PROJECT_SOURCE_DIR}/src/connectors/*)
  set(declarations "")
  set(entries "")
  set(libraries "")
  foreach(name ${names})
    string(APPEND declarations "namespace millrace::${name} { extern const Connector kConnector; }\n")
    string(APPEND entries "    &${name}::kConnector,\n")
    list(APPEND libraries millrace_connector_${name})
  endforeach()
  foreach(folder ${folders})
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/src/connectors/${folder} AND NOT folder IN_LIST names)
      message(FATAL_ERROR "src/connectors/${folder} is not in the list of add_connector() calls")
    endif()
  endforeach()
  set(connector_declarations "${declarations}")
  set(connector_entries "${entries}")
  configure_file(${PROJECT_SOURCE_DIR}/cmake/connector_list.cc.in
                 ${PROJECT_BINARY_DIR}/generated/connector_list.cc @ONLY)
  add_library(millrace_connector_list STATIC ${PROJECT_BINARY_DIR}/generated/connector_list.cc)
  target_link_libraries(millrace_connector_list PUBLIC ${libraries})
endfunction()
