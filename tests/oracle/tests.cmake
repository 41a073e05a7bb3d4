# What we decode, field by field, against tshark on the shared captures and those of the laboratory.
add_test(NAME oracle-tshark
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/tshark_fields.py $<TARGET_FILE:orthrus>)
set_tests_properties(oracle-tshark PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)
