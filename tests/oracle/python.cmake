# Oracles: independent programs that judge what ours writes. Debian's own Python has the packages they need
# (python3-msgpack); where these are missing the test shows as skipped.
find_program(ORTHRUS_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(ORTHRUS_PYTHON NAMES python3)
