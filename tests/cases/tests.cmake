# Whole captures: what is told of them, and that it does not depend on the form they come in.
add_test(NAME cases-shared
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cases/run.py shared $<TARGET_FILE:orthrus>)
add_test(NAME cases-lab
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cases/run.py lab $<TARGET_FILE:orthrus>)
add_test(NAME metamorphic
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cases/metamorphic.py $<TARGET_FILE:orthrus>)
set_tests_properties(cases-shared cases-lab PROPERTIES LABELS case SKIP_RETURN_CODE 77)
# Hundreds of runs: in the optimised build only.
set_tests_properties(metamorphic PROPERTIES LABELS "case;slow" SKIP_RETURN_CODE 77)
