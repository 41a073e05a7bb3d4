orthrus_test(msgpack SOURCES unit/proto/test_msgpack.c tools/random_record.c LINKS proto)
orthrus_test(forms SOURCES unit/proto/test_forms.c LINKS proto)

include(oracle/python.cmake)
orthrus_main(recode SOURCES tools/recode.c tools/random_record.c LINKS proto)
add_test(NAME oracle-msgpack
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/msgpack_records.py $<TARGET_FILE:recode> ${CMAKE_SOURCE_DIR})
set_tests_properties(oracle-msgpack PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)

orthrus_fuzz(msgpack LINKS proto)

add_test(NAME oracle-exports
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/exports.py $<TARGET_FILE:recode> ${CMAKE_SOURCE_DIR})
set_tests_properties(oracle-exports PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)

add_test(NAME reference-pages
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:describe-records>
        -DPAGE=${CMAKE_SOURCE_DIR}/docs/reference/records.md -P ${CMAKE_CURRENT_SOURCE_DIR}/tools/check_page.cmake)
set_tests_properties(reference-pages PROPERTIES LABELS docs)
