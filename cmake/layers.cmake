# layers - the compiler flags of every target, and the three kinds of target there are.
#
#   orthrus_pure(name SOURCES ... LINKS ...)   a library without I/O, clock or thread; its objects may need only the
#                                              symbols that cmake/pure-symbols.txt lists (checked by a test)
#   orthrus_edge(name SOURCES ... LINKS ...)   a library that touches the world
#   orthrus_main(name SOURCES ... LINKS ...)   a program

set(ORTHRUS_LIBRARIES_PURE "" CACHE INTERNAL "")

function(orthrus_flags target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-align
        -Wwrite-strings -Wvla -Wundef -Wimplicit-fallthrough -Wformat=2
        -fno-common -fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
    if(ORTHRUS_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
    if(ORTHRUS_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${ORTHRUS_SANITIZE} -fno-omit-frame-pointer
            -fno-sanitize-recover=all)
        target_link_options(${target} PRIVATE -fsanitize=${ORTHRUS_SANITIZE})
    else()
        target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now)
    endif()
    if(ORTHRUS_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()

function(orthrus_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC ${ARG_LINKS})
    orthrus_flags(${name})
endfunction()

function(orthrus_pure name)
    orthrus_library(${name} ${ARGN})
    set(ORTHRUS_LIBRARIES_PURE "${ORTHRUS_LIBRARIES_PURE};${name}" CACHE INTERNAL "")
endfunction()

function(orthrus_edge name)
    orthrus_library(${name} ${ARGN})
endfunction()

function(orthrus_main name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_LINKS})
    orthrus_flags(${name})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()
