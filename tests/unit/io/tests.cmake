orthrus_test(capture_pcap SOURCES unit/io/test_capture_pcap.c unit/io/made.c LINKS io)
orthrus_test(capture_pcapng SOURCES unit/io/test_capture_pcapng.c unit/io/made.c LINKS io)
orthrus_test(content SOURCES unit/io/test_content.c LINKS io_formats)
orthrus_test(walk SOURCES unit/io/test_walk.c unit/io/made.c LINKS io)
orthrus_test(window SOURCES unit/io/test_window.c LINKS io)

# The driver that tests/oracle/captures.py compares with tshark.
orthrus_main(frames SOURCES tools/frames.c LINKS io)
set_target_properties(frames PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
