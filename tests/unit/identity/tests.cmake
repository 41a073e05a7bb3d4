orthrus_test(identity SOURCES unit/identity/test_identity.c LINKS identity)
