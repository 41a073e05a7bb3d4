# Made-up results for a person to look at, and for tests/oracle/report.py.
orthrus_main(render SOURCES tools/render.c tools/sample_results.c LINKS output)
set_target_properties(render PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
