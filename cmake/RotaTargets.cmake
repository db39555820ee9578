# Compiler settings that every target shares, and the kinds of target the project has.

add_library(rota_settings INTERFACE)
target_compile_features(rota_settings INTERFACE cxx_std_20)
target_compile_options(rota_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers  # fields that a designated initialiser leaves out have defaults on purpose
  -fstack-protector-strong)
target_include_directories(rota_settings INTERFACE ${PROJECT_SOURCE_DIR})
if(ROTA_SANITIZE)
  target_compile_options(rota_settings INTERFACE
    -fsanitize=${ROTA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(rota_settings INTERFACE -fsanitize=${ROTA_SANITIZE})
endif()

# All programs of one build stand side by side in <build>/bin, as they do after `cmake --install`.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
# What only our own programs call, as seen from there: the same path in both trees.
file(RELATIVE_PATH ROTA_LIBEXEC_FROM_BIN ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBEXECDIR}/rota)

# Everything that gets installed, and nothing else: what ci/try builds.
add_custom_target(rota_programs)

set(ROTA_WIDELY_READ <nlohmann/json.hpp>
  <algorithm> <chrono> <filesystem> <fstream> <functional> <optional> <sstream> <string> <variant> <vector>)

# find_instantiating_plugin(RESULT): the path of precompile/instantiate.c's plugin, built and tried, or empty where this
# compiler does not take it.
function(find_instantiating_plugin result)
  set(sources ${PROJECT_SOURCE_DIR}/cmake/precompile)
  set(plugin ${PROJECT_BINARY_DIR}/instantiate.so)
  set(${result} "" PARENT_SCOPE)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    return()
  endif()
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -x c -O1 -shared -fPIC ${sources}/instantiate.c -o ${plugin}
    RESULT_VARIABLE built ERROR_QUIET)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -fplugin=${plugin} -Werror -Wall -include ${sources}/instantiate.hpp
      -x c++ -fsyntax-only /dev/null
    RESULT_VARIABLE tried ERROR_QUIET)
  if(built EQUAL 0 AND tried EQUAL 0)
    set(${result} ${plugin} PARENT_SCOPE)
  endif()
endfunction()
if(ROTA_PRECOMPILE)
  find_instantiating_plugin(ROTA_INSTANTIATING_PLUGIN)
endif()

# share_precompiled_headers(TARGET GROUP HEADERS...): headers that most sources of a group's targets read are compiled
# once, with the flags of the first target. A source still names what it uses: builds without ROTA_PRECOMPILE (dev,
# tsan) hold it to that.
function(share_precompiled_headers name group)
  if(NOT ROTA_PRECOMPILE)
    return()
  endif()
  if(ROTA_INSTANTIATING_PLUGIN)
    target_compile_options(${name} PRIVATE -fplugin=${ROTA_INSTANTIATING_PLUGIN})
    list(APPEND ARGN ${PROJECT_SOURCE_DIR}/cmake/precompile/instantiate.hpp)
  endif()
  get_property(owner GLOBAL PROPERTY ROTA_PRECOMPILED_${group})
  if(owner)
    target_precompile_headers(${name} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${name} PRIVATE ${ARGN})
    set_property(GLOBAL PROPERTY ROTA_PRECOMPILED_${group} ${name})
  endif()
endfunction()

# rota_library(NAME [READS_JSON] SOURCES... LINK LIBS...); READS_JSON: most of its sources do.
function(rota_library name)
  cmake_parse_arguments(arg "READS_JSON" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC rota_settings ${arg_LINK})
  if(arg_READS_JSON)
    share_precompiled_headers(${name} libraries ${ROTA_WIDELY_READ})
  endif()
endfunction()

# rota_program(NAME SOURCES... LINK LIBS...): an installed executable.
function(rota_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE rota_settings ${arg_LINK})
  add_dependencies(rota_programs ${name})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# rota_test(NAME SOURCES... LINK LIBS... [TIMEOUT SECONDS] [LABELS ...] [FILTER GTEST_FILTER]): a GoogleTest program;
# each of its tests (that the filter lets through) is one CTest test. The folder below tests/ it stands in ("unit",
# "integration") is a label too.
function(rota_test name)
  cmake_parse_arguments(arg "" "TIMEOUT;FILTER" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE rota_settings ${arg_LINK} GTest::gmock GTest::gtest_main)
  # What is tested is optimised, and looked at for undefined behaviour; a test itself runs once for each compile.
  target_compile_options(${name} PRIVATE -O0)
  if(ROTA_SANITIZE)
    target_compile_options(${name} PRIVATE -fno-sanitize=undefined)
  endif()
  share_precompiled_headers(${name} tests <gmock/gmock.h> <gtest/gtest.h> ${ROTA_WIDELY_READ})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  file(RELATIVE_PATH kind ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" kind ${kind})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_FILTER "${arg_FILTER}"
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${kind};${arg_LABELS}")
endfunction()

# rota_bench(NAME SOURCES... LINK LIBS...): the program behind `ci/bench NAME`, target bench_NAME.
function(rota_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(bench_${name} ${arg_SOURCES})
  target_link_libraries(bench_${name} PRIVATE rota_settings ${arg_LINK})
  set_target_properties(bench_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endfunction()
