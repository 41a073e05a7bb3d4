"""facts_padata - what pre-authentication data of a dissection says, as the records name it.

What tshark 4.0 leaves as bytes is read here: errors' METHOD-DATA and TYPED-DATA with a few lines of DER, PKINIT's
certificates with OpenSSL.
"""

import calendar
import re
import subprocess
import time

from dissection import Node, number, size_of

PA_TGS_REQ, PA_ENC_TIMESTAMP, PA_PW_SALT, PA_ETYPE_INFO, PA_PK_AS_REQ, PA_PK_AS_REP, PA_ETYPE_INFO2 = (
    1, 2, 3, 11, 16, 17, 19)
PA_PAC_REQUEST, PA_FOR_USER, PA_S4U_X509_USER, PA_FX_COOKIE, PA_FX_FAST = 128, 129, 130, 133, 136
PA_AS_FRESHNESS, PA_PAC_OPTIONS = 150, 167
EXCHANGES = {"1.2.840.10046.2.1": "dh", "1.2.840.10045.2.1": "ecdh"}
SIGNED_DATA = "06092a864886f70d010702"
CERTIFICATES_MAX = 2


def seconds_of(text):
    """KerberosTime as seconds; 0 when absent. tshark: Sep 13, 2037 02:48:05.000000000 UTC."""
    if not text:
        return 0
    return calendar.timegm(time.strptime(re.sub(r"\.\d+ UTC$", "", text), "%b %d, %Y %H:%M:%S"))


def microseconds_of(seconds, microseconds):
    return seconds_of(seconds) * 1000000 + number(microseconds)


def plain(text):
    """tshark's 0c:00:1f as 0c001f."""
    return (text or "").replace(":", "")


def name_of(element):
    """(components joined by /, name-type) of a PrincipalName."""
    parts = []
    for key, value in element.walk():
        if key in ("kerberos.CNameString", "kerberos.SNameString", "kerberos.KerberosString"):
            parts.append(value)
    return "/".join(parts), number(element.get("kerberos.name_type"))


def ticket_facts(ticket, prefix):
    part = ticket.tree("kerberos.enc_part_element")
    return {prefix + "sname": name_of(ticket.tree("kerberos.sname_element"))[0],
            prefix + "realm": ticket.get("kerberos.realm", ""),
            prefix + "etype": number(part.get("kerberos.etype")),
            prefix + "kvno": number(part.get("kerberos.kvno")),
            prefix + "bytes": size_of(part.get("kerberos.cipher")), prefix + "cipher": part.get("kerberos.cipher", "")}


def elements(data):
    """(tag, content) of each DER element in bytes."""
    found = []
    while data:
        size, head = data[1], 2
        if size & 0x80:
            head += size & 0x7f
            size = int.from_bytes(data[2:head], "big")
        found.append((data[0], data[head:head + size]))
        data = data[head + size:]
    return found


def child(data, *tags):
    """The content of the first element of each tag inside the one before."""
    for tag in tags:
        data = next((content for found, content in elements(data) if found == tag), b"")
    return data


def integer(data):
    return int.from_bytes(data, "big", signed=True)


REQUEST_ABSENT = {
    "preauth_etype": 0, "preauth_kvno": 0, "preauth_cipher": "", "pac_request": "absent", "for_user": "",
    "for_user_realm": "", "for_user_checksum": 0, "s4u_options": 0, "tgt_etype": 0, "tgt_kvno": 0, "tgt_sname": "",
    "tgt_realm": "", "tgt_bytes": 0, "tgt_options": 0, "tgt_cipher": "", "authenticator_etype": 0, "pac_options": 0,
    "armor_type": 0, "armor_cipher": "", "armor_sname": "", "armor_realm": "", "armor_etype": 0, "armor_kvno": 0,
    "fast_etype": 0, "fast_checksum": 0, "cookie_bytes": "", "pkinit_exchange": "none", "pkinit_time": 0,
    "pkinit_nonce": 0, "pkinit_signature": "", "pkinit_checksum_bytes": "", "freshness_bytes": "", "pkinit_kdfs": [], "certificates": [], "armored": False}


def request_facts(padata):
    facts = dict(REQUEST_ABSENT, padata=[kind for kind, _, _ in padata])
    for kind, value, data in padata:
        READERS.get(kind, lambda facts, value, data: None)(facts, value, data)
    facts["armored"] = PA_FX_FAST in facts["padata"]
    return facts


def read_tgs_req(facts, value, _):
    request = value.tree("kerberos.ap_req_element")
    facts.update(ticket_facts(request.tree("kerberos.ticket_element"), "tgt_"))
    facts["tgt_options"] = number(request.get("kerberos.ap_options"))
    facts["authenticator_etype"] = number(request.tree("kerberos.authenticator_element").get("kerberos.etype"))


def read_timestamp(facts, value, _):
    facts.update({"preauth_etype": number(value.find("kerberos.etype")),
                  "preauth_kvno": number(value.find("kerberos.kvno")),
                  "preauth_cipher": value.find("kerberos.cipher", "")})


def read_pac_request(facts, value, _):
    if value.find("kerberos.include_pac") is not None:
        facts["pac_request"] = "yes" if value.find("kerberos.include_pac") == "1" else "no"


def read_for_user(facts, value, _):
    facts.update({"for_user": name_of(value.tree("kerberos.name_element"))[0],
                  "for_user_realm": value.get("kerberos.realm", ""),
                  "for_user_checksum": number(value.find("kerberos.cksumtype"))})


def read_s4u_user(facts, value, _):
    user = Node(value.find("kerberos.user_id_element", Node()))
    facts["for_user"] = facts["for_user"] or name_of(user)[0]
    facts["for_user_realm"] = facts["for_user_realm"] or user.find("kerberos.crealm", "")
    facts["s4u_options"] = number(user.find("kerberos.options"))
    facts["for_user_checksum"] = number(value.find("kerberos.cksumtype"))


def read_pac_options(facts, _, data):
    bits = child(data, 0x30, 0xa0, 0x03)
    facts["pac_options"] = int.from_bytes(bits[1:5].ljust(4, b"\0"), "big")


def read_cookie(facts, _, data):
    facts["cookie_bytes"] = data.hex()


def read_fast(facts, value, _):
    request = value.tree("kerberos.armored_data_element")
    armor = request.tree("kerberos.armor_element")
    ticket = Node(armor.find("kerberos.ticket_element", Node()))
    armored = ticket_facts(ticket, "armor_")
    armored.pop("armor_bytes")
    facts.update(armored)
    facts.update({"armor_type": number(armor.get("kerberos.armor_type")),
                  "fast_etype": number(request.tree("kerberos.enc_fast_req_element").get("kerberos.etype")),
                  "fast_checksum": number(request.tree("kerberos.req_checksum_element").get("kerberos.cksumtype"))})


def read_pkinit(facts, value, data):
    pack = value.find("pkinit.AuthPack_element", Node())
    authenticator = pack.tree("pkinit.pkAuthenticator_element")
    algorithm = pack.tree("pkinit.clientPublicValue_element").find("x509af.algorithm.id")
    signer = value.find("cms.SignerInfo_element", Node()).tree("cms.signatureAlgorithm_element")
    bare = bytes.fromhex(plain(value.find("cms.eContent")))
    kdfs = elements(child(bare, 0x30, 0xa4, 0x30))  # RFC 8636 4, which tshark 4.0 does not know; nor RFC 8070 3:
    facts["freshness_bytes"] = child(bare, 0x30, 0xa0, 0x30, 0xa4, 0x04).hex()
    facts["pkinit_kdfs"] = [dotted(child(kdf, 0xa0, 0x06)) for _, kdf in kdfs]
    facts.update({"pkinit_exchange": EXCHANGES.get(algorithm, "other") if algorithm else "rsa",
                  "pkinit_time": microseconds_of(authenticator.get("kerberos.ctime"),
                                                 authenticator.get("pkinit.cusec")),
                  "pkinit_nonce": number(authenticator.get("pkinit.nonce")),
                  "pkinit_checksum_bytes": authenticator.get("pkinit.paChecksum", ""),
                  "pkinit_signature": signer.get("x509af.algorithm.id", ""),
                  "certificates": certificates_of(child(data, 0x30, 0x80), value)})


READERS = {PA_TGS_REQ: read_tgs_req, PA_ENC_TIMESTAMP: read_timestamp, PA_PAC_REQUEST: read_pac_request,
           PA_FOR_USER: read_for_user, PA_S4U_X509_USER: read_s4u_user, PA_PAC_OPTIONS: read_pac_options,
           PA_FX_COOKIE: read_cookie, PA_FX_FAST: read_fast, PA_PK_AS_REQ: read_pkinit}


def openssl(command, data):
    run = subprocess.run(["openssl"] + command, input=data, stdout=subprocess.PIPE, check=True)
    return run.stdout


def certificates_of(cms, dissected=None):
    """The certificates of a CMS message, as OpenSSL reads them; the template, of a lone one, as tshark does."""
    if SIGNED_DATA not in cms[:32].hex():
        return []
    text = openssl(["pkcs7", "-inform", "DER", "-print_certs"], cms).decode()
    found = [certificate_facts(pem.encode()) for pem in re.findall(r"-----BEGIN.*?-----END CERTIFICATE-----", text, re.S)]
    if len(found) == 1 and dissected is not None:
        found[0]["template_oid"] = dissected.find("x509ce.templateID", "")
    return found[:CERTIFICATES_MAX]


def certificate_facts(pem):
    lines = openssl(["x509", "-noout", "-subject", "-issuer", "-serial", "-dates", "-nameopt", "RFC2253,utf8,-esc_msb"],
                    pem).decode().splitlines()
    named = dict(line.split("=", 1) for line in lines)
    text = openssl(["x509", "-noout", "-text"], pem).decode()
    upn = re.search(r"othername: UPN::?([^,\n]+)", text)
    bits = re.search(r"Public-Key: \((\d+) bit\)", text)
    dates = {name: calendar.timegm(time.strptime(named[name], "%b %d %H:%M:%S %Y GMT"))
             for name in ("notBefore", "notAfter")}
    return {"subject": named["subject"], "issuer": named["issuer"], "serial": named["serial"].lower(),
            "not_before": dates["notBefore"], "not_after": dates["notAfter"], "upn": upn.group(1).strip() if upn else "",
            "dns_names": re.findall(r"DNS:([^,\n]+)", text), "key_bits": int(bits.group(1)) if bits else 0,
            "self_issued": named["subject"] == named["issuer"]}


REPLY_ABSENT = {
    "offered_etypes": [], "salts": [], "s2kparams": [], "reply_cookie_bytes": "", "reply_fast_etype": 0,
    "reply_freshness_bytes": "", "reply_pkinit": "none", "reply_kdf": "", "kdc_certificates": [], "error_status": 0,
    "error_data_type": 0, "typed_data": []}


def info_facts(data, kind):
    """ETYPE-INFO (RFC 4120 5.2.7.4) and ETYPE-INFO2 (5.2.7.5)."""
    entries = [dict(elements(entry)) for _, entry in elements(child(data, 0x30))]
    salts = [elements(entry[0xa1])[0][1].decode("utf-8", "replace") if 0xa1 in entry else "" for entry in entries]
    params = [child(entry.get(0xa2, b""), 0x04).hex() if kind == PA_ETYPE_INFO2 else "" for entry in entries]
    return {"offered_etypes": [integer(child(entry[0xa0], 0x02)) for entry in entries],
            "salts": salts if any(salts) else [], "s2kparams": params if any(params) else []}


def reply_facts(padata, error):
    """padata: (type, bytes) of each PA-DATA."""
    facts = dict(REPLY_ABSENT, reply_padata=[kind for kind, _ in padata])
    values = {}
    for kind, data in padata:
        values.setdefault(kind, data)
    for kind in (PA_ETYPE_INFO, PA_ETYPE_INFO2):
        if values.get(kind):
            facts.update(info_facts(values[kind], kind))
    salt = values.get(PA_PW_SALT, b"")
    if error and len(salt) == 12:
        facts["error_status"] = int.from_bytes(salt[:4], "little")
    elif salt and not facts["salts"]:
        facts["salts"] = [salt.decode("utf-8", "replace")]
    facts["reply_cookie_bytes"] = values.get(PA_FX_COOKIE, b"").hex()
    facts["reply_freshness_bytes"] = values.get(PA_AS_FRESHNESS, b"").hex()
    facts["reply_fast_etype"] = integer(child(values.get(PA_FX_FAST, b""), 0xa0, 0x30, 0xa0, 0x30, 0xa0, 0x02))
    pkinit = values.get(PA_PK_AS_REP, b"")
    if pkinit:
        facts["reply_pkinit"] = "dh" if pkinit[0] == 0xa0 else "rsa"
        facts["kdc_certificates"] = certificates_of(child(pkinit, 0xa0, 0x30, 0x80))
        facts["reply_kdf"] = dotted(child(pkinit, 0xa0, 0x30, 0xa2, 0x30, 0xa0, 0x06))
    return facts


def dotted(oid):
    numbers, value = [], 0
    for byte in oid:
        value = value << 7 | byte & 0x7f
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, [numbers[0] // 40, numbers[0] % 40] + numbers[1:])) if numbers else ""


def error_facts(data):
    """e-data of an error: METHOD-DATA, TYPED-DATA (RFC 4120 5.9.1) or KERB-ERROR-DATA (MS-KILE 2.2.2)."""
    parts = elements(child(data, 0x30)) if data[:1] == b"0" else []
    if parts and parts[0][0] == 0xa1:
        values = dict(parts)
        value = child(values.get(0xa2, b""), 0x04)
        kind = integer(child(values[0xa1], 0x02))
        status = int.from_bytes(value[:4], "little") if kind == 3 and len(value) == 12 else 0
        return dict(reply_facts([], True), error_data_type=kind, error_status=status)
    entries = [dict(elements(content)) for _, content in parts]
    if entries and 0xa0 in entries[0]:
        return dict(reply_facts([], True), typed_data=[integer(child(entry[0xa0], 0x02)) for entry in entries])
    return reply_facts([(integer(child(entry[0xa1], 0x02)), child(entry.get(0xa2, b""), 0x04)) for entry in entries],
                       True)
