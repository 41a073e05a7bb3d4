orthrus_test(reader SOURCES unit/base/test_reader.c LINKS base)
orthrus_test(arena SOURCES unit/base/test_arena.c LINKS base)
orthrus_test(hash SOURCES unit/base/test_hash.c LINKS base)
orthrus_test(sha256 SOURCES unit/base/test_sha256.c LINKS base)
orthrus_test(text SOURCES unit/base/test_text.c LINKS base)
orthrus_test(table SOURCES unit/base/test_table.c tools/random_record.c LINKS proto)

include(oracle/python.cmake)
orthrus_main(texts SOURCES tools/texts.c LINKS base)
add_test(NAME oracle-texts
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/texts.py $<TARGET_FILE:texts>)
set_tests_properties(oracle-texts PROPERTIES LABELS oracle)
