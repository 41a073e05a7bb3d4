# check_page - fails when a committed page is not what its program prints.
#
#   cmake -DPROGRAM=... [-DARGUMENTS="..."] -DPAGE=... -P check_page.cmake
separate_arguments(ARGUMENTS)
execute_process(COMMAND ${PROGRAM} ${ARGUMENTS} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PROGRAM} failed: ${result}")
endif()
file(READ ${PAGE} committed)
if(NOT printed STREQUAL committed)
    message(FATAL_ERROR "${PAGE} is not what its declarations say: run scripts/generate-reference")
endif()
