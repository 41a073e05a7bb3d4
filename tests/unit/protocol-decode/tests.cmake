# DER, Kerberos, NTLM, SPNEGO, and the conversations that carry them.
orthrus_test(der SOURCES unit/protocol-decode/test_der.c LINKS protocol_decode)
foreach(name ntlm spnego kerberos auth)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/token_world.c LINKS protocol_decode)
endforeach()
orthrus_fuzz(der LINKS protocol_decode)
orthrus_fuzz(kerberos LINKS protocol_decode)
orthrus_fuzz(ntlm LINKS protocol_decode)
orthrus_fuzz(spnego LINKS protocol_decode)

# DCE/RPC: rpc_world stands in for auth.
foreach(name rpc rpc_infer rpc_pdu rpc_pipe)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/rpc_world.c
        LINKS protocol_decode)
endforeach()
orthrus_test(rpc_interfaces SOURCES unit/protocol-decode/test_rpc_interfaces.c LINKS protocol_decode)
orthrus_test(drsuapi SOURCES unit/protocol-decode/test_drsuapi.c LINKS protocol_decode)
orthrus_fuzz(rpc LINKS protocol_decode)
orthrus_fuzz(drsuapi LINKS protocol_decode)
