# The chain as separate slots that are killed, delayed and repeated: the set of alerts must not change.
orthrus_main(sim SOURCES sim/main.c sim/sim.c LINKS chain io)
set_target_properties(sim PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_compile_options(sim PRIVATE -Wno-missing-prototypes)

file(GLOB ORTHRUS_SIM_CAPTURES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/lab/captures/*.pcap)
# Joining and replication are long; the rest shows the same in less time.
list(FILTER ORTHRUS_SIM_CAPTURES EXCLUDE REGEX "dc_join|dc_replication")
add_test(NAME sim COMMAND sim --seeds 40 ${ORTHRUS_SIM_CAPTURES})
set_tests_properties(sim PROPERTIES LABELS sim)
add_test(NAME sim-thousand COMMAND sim --seeds 1000 ${ORTHRUS_SIM_CAPTURES})
set_tests_properties(sim-thousand PROPERTIES LABELS "sim;slow")
