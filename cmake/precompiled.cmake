# The compiler reads the headers of the standard library and of fmt once, which cost it more than most of our own
# files do. Every file still includes what it needs: the preset `fuzz` builds without this and would fail.
option(MILLRACE_PRECOMPILED "Precompile the headers of the standard library" ON)

set(precompiled_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <cstdint> <cstdio> <cstdlib> <cstring> <functional>
  <limits> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map>
  <utility> <variant> <vector> <fmt/format.h>)

# precompile_headers(<target> [HEADER...]): these and more, for the target and for those that share its headers.
function(precompile_headers target)
  if(MILLRACE_PRECOMPILED)
    target_precompile_headers(${target} PRIVATE ${precompiled_headers} ${ARGN})
    # What ccache needs to see of them.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  endif()
endfunction()

function(share_precompiled_headers target owner)
  if(MILLRACE_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${owner})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  endif()
endfunction()

add_library(millrace_precompiled OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cc)
target_link_libraries(millrace_precompiled PRIVATE fmt::fmt millrace_warnings)
precompile_headers(millrace_precompiled)
