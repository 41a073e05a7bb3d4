# DER, Kerberos, NTLM, SPNEGO, and the conversations that carry them.
orthrus_test(der SOURCES unit/protocol-decode/test_der.c LINKS protocol_decode)
foreach(name ntlm spnego kerberos kerberos_fields kpasswd x509 keep_body auth auth_wrap)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/token_world.c LINKS protocol_decode)
endforeach()
# With real keys and cryptography, which the decoder itself knows only as functions.
orthrus_test(auth_seal SOURCES unit/protocol-decode/test_auth_seal.c unit/protocol-decode/token_world.c
    LINKS protocol_decode keytab)
orthrus_fuzz(der LINKS protocol_decode)
orthrus_fuzz(kerberos LINKS protocol_decode)
orthrus_fuzz(kpasswd LINKS protocol_decode)
orthrus_fuzz(auth_wrap LINKS protocol_decode)
orthrus_fuzz(x509 LINKS protocol_decode)
orthrus_fuzz(opener LINKS protocol_decode)
orthrus_fuzz(ntlm LINKS protocol_decode)
orthrus_fuzz(spnego LINKS protocol_decode)

# LDAP: ldap_world builds messages and sends them.
foreach(name ldap ldap_bind ldap_text)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/ldap_world.c
        unit/protocol-decode/token_world.c LINKS protocol_decode)
endforeach()
orthrus_fuzz(ldap LINKS protocol_decode)

# DCE/RPC: rpc_world stands in for auth.
foreach(name rpc rpc_bounds rpc_endpoint rpc_http rpc_infer rpc_pdu rpc_pipe rpc_stub)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/rpc_world.c
        LINKS protocol_decode)
endforeach()
orthrus_test(rpc_tower SOURCES unit/protocol-decode/test_rpc_tower.c LINKS protocol_decode)
orthrus_test(rpc_interfaces SOURCES unit/protocol-decode/test_rpc_interfaces.c LINKS protocol_decode)
orthrus_main(interfaces SOURCES tools/interfaces.c LINKS protocol_decode)
orthrus_main(arguments SOURCES tools/arguments.c LINKS protocol_decode)
orthrus_test(ndr SOURCES unit/protocol-decode/test_ndr.c unit/protocol-decode/ndr_world.c LINKS protocol_decode)
orthrus_test(certificate_request SOURCES unit/protocol-decode/test_certificate_request.c LINKS protocol_decode)
orthrus_fuzz(certificate_request LINKS protocol_decode)
orthrus_test(ndr_host SOURCES unit/protocol-decode/test_ndr_host.c unit/protocol-decode/ndr_world.c LINKS protocol_decode)
orthrus_fuzz(rpc LINKS protocol_decode)
orthrus_fuzz(ndr LINKS protocol_decode)
# SMB, between doubles of auth and rpc.
foreach(name smb smb1 smb_bodies smb_frame smb_session)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/smb_world.c
        unit/protocol-decode/smb_build.c LINKS protocol_decode)
endforeach()

# From frames to bytes in order: tcp_world is two hosts that talk.
orthrus_test(udp SOURCES unit/protocol-decode/test_udp.c unit/protocol-decode/token_world.c LINKS protocol_decode)
orthrus_test(packet SOURCES unit/protocol-decode/test_packet.c LINKS protocol_decode)
orthrus_test(fragment SOURCES unit/protocol-decode/test_fragment.c LINKS protocol_decode)
foreach(name tcp tcp_frames tcp_holes tcp_model)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/tcp_world.c
        LINKS protocol_decode)
endforeach()
orthrus_fuzz(packet LINKS protocol_decode)
orthrus_fuzz(fragment LINKS protocol_decode)
orthrus_fuzz(tcp LINKS protocol_decode)
orthrus_fuzz(smb LINKS protocol_decode)
orthrus_test(xca SOURCES unit/protocol-decode/test_xca.c LINKS protocol_decode)
orthrus_fuzz(xca LINKS protocol_decode)
orthrus_fuzz(decode LINKS protocol_decode)

# TLS, and the certificates in it.
orthrus_test(tls SOURCES unit/protocol-decode/test_tls.c unit/protocol-decode/token_world.c LINKS protocol_decode)
orthrus_fuzz(tls LINKS protocol_decode)

# Name services.
orthrus_test(dns_name SOURCES unit/protocol-decode/test_dns_name.c unit/protocol-decode/dns_build.c
    LINKS protocol_decode)
foreach(name dns dns_group)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/dns_build.c
        unit/protocol-decode/token_world.c LINKS protocol_decode)
endforeach()
orthrus_fuzz(dns LINKS protocol_decode)

# Addresses and access.
foreach(name dhcp radius)
    orthrus_test(${name} SOURCES unit/protocol-decode/test_${name}.c unit/protocol-decode/token_world.c
        LINKS protocol_decode)
    orthrus_fuzz(${name} LINKS protocol_decode)
endforeach()

# HTTP.
orthrus_test(http SOURCES unit/protocol-decode/test_http.c unit/protocol-decode/token_world.c LINKS protocol_decode)
orthrus_fuzz(http LINKS protocol_decode)

# Remote desktop.
orthrus_test(rdp SOURCES unit/protocol-decode/test_rdp.c unit/protocol-decode/token_world.c LINKS protocol_decode)
orthrus_fuzz(rdp LINKS protocol_decode)
