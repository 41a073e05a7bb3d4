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

# The decoder restored after every frame.
orthrus_main(restore SOURCES sim/restore.c sim/sim.c LINKS chain io keytab)
set_target_properties(restore PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_compile_options(restore PRIVATE -Wno-missing-prototypes)
add_test(NAME restore-lab COMMAND restore --restarts 200 ${ORTHRUS_SIM_CAPTURES})
set_tests_properties(restore-lab PROPERTIES LABELS sim)
add_test(NAME restore-shared
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/sim/restore_shared.py $<TARGET_FILE:restore>)
set_tests_properties(restore-shared PROPERTIES LABELS "sim;slow" SKIP_RETURN_CODE 77)
