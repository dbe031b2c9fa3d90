# A module is a folder of src/ with all that is below it; it becomes one static library,
# millrace_<module>. main.cc files are programs and are left out.

function(millrace_library target folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  millrace_library_of(${target} "${sources}" ${ARGN})
endfunction()

function(millrace_library_of target sources)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;PRIVATE_LIBRARIES;PRECOMPILE" ${ARGN})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
    target_link_libraries(${target} PUBLIC ${ARG_LIBRARIES}
                          PRIVATE ${ARG_PRIVATE_LIBRARIES} $<BUILD_INTERFACE:millrace_warnings>)
    if(ARG_PRECOMPILE)
      precompile_headers(${target} ${ARG_PRECOMPILE})
    else()
      share_precompiled_headers(${target} millrace_precompiled)
    endif()
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
# millrace::<folder>; the generated lists below are the only places that name them all.
#
# One that needs sockets, threads or client libraries lists in RECORD the files of its record (name,
# options, checks), which link none of these, and defines `const ConnectorOpener kOpener` in the others.
# The records of all connectors are part of the compiler library.
#
# A folder of the connector named with PART is a library of its own, made by the caller.
function(add_connector name)
  cmake_parse_arguments(ARG "" "PART" "LIBRARIES;RECORD" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/connectors/${name})
  set(record millrace_connector_${name})
  if(ARG_RECORD)
    set(record millrace_connector_${name}_record)
    list(TRANSFORM ARG_RECORD PREPEND ${folder}/)
    millrace_library_of(${record} "${ARG_RECORD}" LIBRARIES millrace_connectors)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
    list(REMOVE_ITEM sources ${ARG_RECORD})
    if(ARG_PART)
      list(FILTER sources EXCLUDE REGEX "^${folder}/${ARG_PART}/")
    endif()
    millrace_library_of(millrace_connector_${name} "${sources}" LIBRARIES ${record} ${ARG_LIBRARIES})
    set_property(GLOBAL APPEND PROPERTY MILLRACE_OPENERS ${name})
  else()
    millrace_library(${record} ${folder} LIBRARIES millrace_connectors ${ARG_LIBRARIES})
  endif()
  set_property(GLOBAL APPEND PROPERTY MILLRACE_CONNECTORS ${name})
  set_property(GLOBAL APPEND PROPERTY MILLRACE_CONNECTOR_RECORDS ${record})
endfunction()

# A folder of src/connectors that connectors share and that is none itself.
function(add_connector_module name)
  millrace_library(millrace_connector_${name} ${PROJECT_SOURCE_DIR}/src/connectors/${name}
                   LIBRARIES millrace_connectors ${ARGN})
  set_property(GLOBAL APPEND PROPERTY MILLRACE_CONNECTOR_MODULES ${name})
endfunction()

function(add_connector_lists)
  get_property(names GLOBAL PROPERTY MILLRACE_CONNECTORS)
  get_property(modules GLOBAL PROPERTY MILLRACE_CONNECTOR_MODULES)
  get_property(with_opener GLOBAL PROPERTY MILLRACE_OPENERS)
  get_property(records GLOBAL PROPERTY MILLRACE_CONNECTOR_RECORDS)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE
       ${PROJECT_SOURCE_DIR}/src/connectors ${PROJECT_SOURCE_DIR}/src/connectors/*)
  foreach(name ${names})
    string(APPEND declarations "namespace millrace::${name} { extern const Connector kConnector; }\n")
    string(APPEND record_entries "    &${name}::kConnector,\n")
    if(name IN_LIST with_opener)
      string(APPEND opener_declarations
             "namespace millrace::${name} { extern const ConnectorOpener kOpener; }\n")
      string(APPEND wholes "  static const Connector ${name}_connector = "
                           "With(${name}::kConnector, ${name}::kOpener);\n")
      string(APPEND entries "    &${name}_connector,\n")
    else()
      string(APPEND entries "    &${name}::kConnector,\n")
    endif()
    list(APPEND libraries millrace_connector_${name})
  endforeach()
  foreach(folder ${folders})
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/src/connectors/${folder} AND NOT folder IN_LIST names
       AND NOT folder IN_LIST modules)
      message(FATAL_ERROR "src/connectors/${folder} is not in the list of add_connector() calls")
    endif()
  endforeach()
  foreach(list list records)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/connector_${list}.cc.in
                   ${PROJECT_BINARY_DIR}/generated/connector_${list}.cc @ONLY)
  endforeach()
  millrace_library_of(millrace_connector_list ${PROJECT_BINARY_DIR}/generated/connector_list.cc
                      LIBRARIES ${libraries})
  millrace_library_of(millrace_connector_records
                      ${PROJECT_BINARY_DIR}/generated/connector_records.cc LIBRARIES ${records})
endfunction()
