# Runs one fuzzer for a while from the seeds, or builds all of them first. Every run tries the same
# inputs in the same order, so that it finds nothing in one run which it does not find in the next;
# docs/testing.md says how to search for longer and at random.
#   cmake -D source=... -D fuzzers=build/fuzz -D action=build -P run.cmake
#   cmake -D source=... -D fuzzers=build/fuzz -D action=run -D name=sql_parse -D seconds=12 -P run.cmake
if(action STREQUAL "build")
  execute_process(COMMAND ${CMAKE_COMMAND} --preset fuzz WORKING_DIRECTORY ${source}
                  COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${fuzzers} --target fuzzers
                  COMMAND_ERROR_IS_FATAL ANY)
  return()
endif()
set(work ${fuzzers}/fuzz/${name}_work)
file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work}/found)
execute_process(COMMAND python3 -B ${source}/tests/fuzz/seeds.py ${name} ${source}/tests
                        ${work}/seeds
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND ${fuzzers}/fuzz/${name} -seed=1 -max_total_time=${seconds} -timeout=5 -rss_limit_mb=1024
          -max_len=8192 -print_final_stats=1 -verbosity=0 -artifact_prefix=${work}/ ${work}/found
          ${work}/seeds
  COMMAND_ERROR_IS_FATAL ANY)
