# DER, Kerberos, NTLM, SPNEGO, and the conversations that carry them.
orthrus_test(der SOURCES unit/protocol-decode/test_der.c LINKS protocol_decode)
foreach(name ntlm spnego kerberos auth)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/token_world.c LINKS protocol_decode)
endforeach()
orthrus_fuzz(der LINKS protocol_decode)
orthrus_fuzz(kerberos LINKS protocol_decode)
orthrus_fuzz(ntlm LINKS protocol_decode)
orthrus_fuzz(spnego LINKS protocol_decode)
