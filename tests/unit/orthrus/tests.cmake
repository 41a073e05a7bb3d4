orthrus_test(coverage SOURCES unit/orthrus/test_coverage.c LINKS output)
orthrus_test(report SOURCES unit/orthrus/test_report.c tools/sample_results.c LINKS output)
orthrus_test(results SOURCES unit/orthrus/test_results.c LINKS output)
orthrus_test(text_output SOURCES unit/orthrus/test_text_output.c tools/sample_results.c LINKS output)
orthrus_test(zeek SOURCES unit/orthrus/test_zeek.c LINKS zeek)
orthrus_test(words SOURCES unit/orthrus/test_words.c LINKS output)

# Made-up results for a person to look at, and for tests/oracle/report.py.
orthrus_main(render SOURCES tools/render.c tools/sample_results.c LINKS output)
set_target_properties(render PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME oracle-report
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/report.py $<TARGET_FILE:render>)
set_tests_properties(oracle-report PROPERTIES LABELS oracle)
