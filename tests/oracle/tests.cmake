# What we decode, field by field, against tshark on the shared captures and those of the laboratory.
add_test(NAME oracle-tshark
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/tshark_fields.py $<TARGET_FILE:orthrus>)
set_tests_properties(oracle-tshark PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)
# Our names of RPC interfaces and operations, against those of tshark, impacket and Samba.
add_test(NAME oracle-rpc-names
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/rpc_names.py $<TARGET_FILE:interfaces>)
set_tests_properties(oracle-rpc-names PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)
# What we read of the arguments of RPC calls, against Samba's ndrdump.
# What keys open, against tshark with the same keys.
add_test(NAME oracle-opened
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/opened.py $<TARGET_FILE:orthrus>)
set_tests_properties(oracle-opened PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)
add_test(NAME oracle-ndr
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/ndr_dump.py $<TARGET_FILE:orthrus>)
set_tests_properties(oracle-ndr PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)
# The same of made-up arguments of all operations that Samba can encode.
add_test(NAME oracle-ndr-encode
    COMMAND ${ORTHRUS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/oracle/ndr_encode.py $<TARGET_FILE:arguments>)
set_tests_properties(oracle-ndr-encode PROPERTIES LABELS oracle SKIP_RETURN_CODE 77)
