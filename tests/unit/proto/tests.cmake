orthrus_test(msgpack SOURCES unit/proto/test_msgpack.c tools/random_record.c LINKS proto)

# Oracles: independent programs that judge what ours writes. Debian's own Python has the packages they need
# (python3-msgpack); where these are missing the test shows as skipped.
find_program(ORTHRUS_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(ORTHRUS_PYTHON NAMES python3)

orthrus_main(recode SOURCES tools/recode.c tools/random_record.c LINKS proto)
add_test(NAME oracle-msgpack
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/msgpack_records.py $<TARGET_FILE:recode> ${CMAKE_SOURCE_DIR})
set_tests_properties(oracle-msgpack PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)

orthrus_fuzz(msgpack LINKS proto)

add_test(NAME oracle-exports
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/exports.py $<TARGET_FILE:recode> ${CMAKE_SOURCE_DIR})
set_tests_properties(oracle-exports PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)

add_test(NAME reference-pages COMMAND ${CMAKE_SOURCE_DIR}/scripts/generate-reference ${CMAKE_BINARY_DIR} --check)
set_tests_properties(reference-pages PROPERTIES LABELS docs)
