# What the build itself must keep to.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_test(NAME layers COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/checks/layers.py ${CMAKE_SOURCE_DIR})
set_tests_properties(layers PROPERTIES LABELS check)

# Sanitizers and fuzzers put symbols of their own into every object.
if(NOT ORTHRUS_SANITIZE AND NOT ORTHRUS_FUZZ)
    set(PURE_FILES "")
    list(FILTER ORTHRUS_LIBRARIES_PURE EXCLUDE REGEX "^$")
    foreach(library IN LISTS ORTHRUS_LIBRARIES_PURE)
        list(APPEND PURE_FILES $<TARGET_FILE:${library}>)
    endforeach()
    add_test(NAME pure-symbols
        COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/checks/symbols.py
            ${CMAKE_SOURCE_DIR}/cmake/pure-symbols.txt ${PURE_FILES})
    set_tests_properties(pure-symbols PROPERTIES LABELS check)
endif()

add_test(NAME cli COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/cases/cli.py $<TARGET_FILE:orthrus>
    ${CMAKE_CURRENT_SOURCE_DIR}/lab/captures)
set_tests_properties(cli PROPERTIES LABELS case)

foreach(page IN ITEMS "detections;detections --markdown;detections.md" "settings;settings;reference/settings.yaml")
    list(GET page 0 name)
    list(GET page 1 arguments)
    list(GET page 2 file)
    add_test(NAME reference-${name}
        COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:orthrus> "-DARGUMENTS=${arguments}" -DPAGE=${CMAKE_SOURCE_DIR}/docs/${file}
            -P ${CMAKE_CURRENT_SOURCE_DIR}/tools/check_page.cmake)
    set_tests_properties(reference-${name} PROPERTIES LABELS docs)
endforeach()
