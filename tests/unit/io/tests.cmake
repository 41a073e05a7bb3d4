orthrus_test(capture_pcap SOURCES unit/io/test_capture_pcap.c unit/io/made.c LINKS io)
orthrus_test(capture_pcapng SOURCES unit/io/test_capture_pcapng.c unit/io/made.c LINKS io)
orthrus_test(content SOURCES unit/io/test_content.c LINKS io_formats)
orthrus_test(keytab SOURCES unit/io/test_keytab.c LINKS keytab)
orthrus_test(input SOURCES unit/io/test_input.c unit/io/made.c LINKS io)
orthrus_test(sources SOURCES unit/io/test_sources.c unit/io/made.c LINKS io)
orthrus_test(walk SOURCES unit/io/test_walk.c unit/io/made.c LINKS io)
orthrus_test(window SOURCES unit/io/test_window.c LINKS io)

# The driver that tests/oracle/captures.py compares with tshark.
orthrus_main(frames SOURCES tools/frames.c LINKS io)
set_target_properties(frames PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_test(NAME oracle-captures
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/captures.py $<TARGET_FILE:frames> ${CMAKE_SOURCE_DIR})
set_tests_properties(oracle-captures PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)

orthrus_fuzz(pcap LINKS io_formats)
orthrus_fuzz(pcapng LINKS io_formats)
orthrus_fuzz(unpack LINKS io)
