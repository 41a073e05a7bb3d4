"""directory - fills a freshly provisioned lab domain and says what it made.

Run inside the domain controller's namespaces: directory.py INVENTORY.json
"""
import json
import sys

REALM = "LAB.ORTHRUS.EXAMPLE"
DOMAIN = "LAB"
DNS_DOMAIN = REALM.lower()
DOMAIN_SID = "S-1-5-21-1077000101-2077000202-3077000303"
ADMIN = "Administrator"
ADMIN_PASSWORD = "Watchdog-of-2-Heads"

HOSTS = {
    "dc1": "10.77.0.10",
    "dc2": "10.77.0.11",
    "ws1": "10.77.0.21",
    "ws2": "10.77.0.22",
    "attacker": "10.77.0.66",
}

# The password that the sprays try; gfischer is the one who has it.
SPRAY_PASSWORD = "Autumn2026!"
SPRAY_VICTIM = "gfischer"

# account: (given name, surname, department, password)
USERS = {
    "abecker": ("Anna", "Becker", "Finance", "Harbour-Lamp-11"),
    "bdiaz": ("Bruno", "Diaz", "Finance", "Copper-Kettle-12"),
    "cevans": ("Carys", "Evans", "Finance", "Willow-Gate-13"),
    "dfontaine": ("Denis", "Fontaine", "Sales", "Marble-Stair-14"),
    "egarcia": ("Elena", "Garcia", "Sales", "Orange-Tram-15"),
    "fhansen": ("Freja", "Hansen", "Sales", "Winter-Ferry-16"),
    "gfischer": ("Gerd", "Fischer", "Sales", SPRAY_PASSWORD),
    "hito": ("Haruka", "Ito", "Engineering", "Paper-Crane-18"),
    "ijansen": ("Iris", "Jansen", "Engineering", "Canal-House-19"),
    "jkowalski": ("Jan", "Kowalski", "Engineering", "Amber-Coast-20"),
    "klarsen": ("Karin", "Larsen", "Engineering", "North-Light-21"),
    "lmartin": ("Louis", "Martin", "Engineering", "Vineyard-Row-22"),
    "mweber": ("Mia", "Weber", "Engineering", "Sunflower-Hill-23"),
    "nnovak": ("Nela", "Novak", "Support", "Castle-Bridge-24"),
    "oobrien": ("Owen", "O'Brien", "Support", "Green-Harp-25"),
    "ppereira": ("Paulo", "Pereira", "Support", "Cork-Forest-26"),
    "qquinn": ("Quentin", "Quinn", "Support", "Silver-Spoon-27"),
    "rrossi": ("Rita", "Rossi", "Support", "Olive-Press-28"),
    "ssmith": ("Sam", "Smith", "Personnel", "Brick-Lane-29"),
    "ttanaka": ("Taro", "Tanaka", "Personnel", "Cedar-Bath-30"),
    "uursu": ("Ula", "Ursu", "Personnel", "Danube-Boat-31"),
    "vvarga": ("Viktor", "Varga", "Personnel", "Paprika-Market-32"),
    "wwang": ("Wei", "Wang", "Management", "Jade-Garden-33"),
    "xxavier": ("Ximena", "Xavier", "Management", "Coral-Reef-34"),
    "adm-keller": ("Katja", "Keller", "IT", "Master-Key-Of-35-Doors"),
}
DISABLED = "vvarga"
MUST_CHANGE = "uursu"
NEW_PASSWORD = "Danube-Steamer-32"

# account: (service principal names, msDS-SupportedEncryptionTypes or None, password)
SERVICES = {
    "svc-sql": (["MSSQLSvc/sql1.lab.orthrus.example:1433", "MSSQLSvc/sql1.lab.orthrus.example"], None, "Sql-Summer-2019"),
    "svc-web": (["HTTP/intranet.lab.orthrus.example", "HTTP/intranet"], None, "Web-Winter-2018"),
    "svc-report": (["HTTP/reports.lab.orthrus.example"], None, "Report-Spring-2020"),
    "svc-backup": (["backup/vault.lab.orthrus.example"], 4, "Backup-Autumn-2021"),
    "svc-scan": (["scan/printer1.lab.orthrus.example"], 28, "Scan-Summer-2020"),
    "svc-mail": (["smtp/mail.lab.orthrus.example", "imap/mail.lab.orthrus.example"], 24, "Mail-Winter-2022"),
}
GROUPS = {
    "Finance": "Finance", "Sales": "Sales", "Engineering": "Engineering", "Support": "Support",
    "Personnel": "Personnel", "Management": "Management",
}


def fill(samdb):
    """Makes units, users, service accounts and groups."""
    import ldb
    base = str(samdb.domain_dn())
    for unit in ("People", "Services", "Groups"):
        samdb.create_ou("OU=%s,%s" % (unit, base))
    for name, (given, surname, department, password) in USERS.items():
        samdb.newuser(name, password, givenname=given, surname=surname, userou="OU=People",
                      department=department, mailaddress="%s@%s" % (name, DNS_DOMAIN),
                      force_password_change_at_next_login_req=(name == MUST_CHANGE))
    samdb.disable_account("(sAMAccountName=%s)" % DISABLED)
    for name, (spns, etypes, password) in SERVICES.items():
        samdb.newuser(name, password, userou="OU=Services", description="service account")
        found = samdb.search(base, expression="(sAMAccountName=%s)" % name, attrs=[])
        change = ldb.Message(found[0].dn)
        change["spn"] = ldb.MessageElement(spns, ldb.FLAG_MOD_ADD, "servicePrincipalName")
        if etypes is not None:
            change["etypes"] = ldb.MessageElement(str(etypes), ldb.FLAG_MOD_REPLACE,
                                                  "msDS-SupportedEncryptionTypes")
        samdb.modify(change)
    for group, department in GROUPS.items():
        samdb.newgroup(group, groupou="OU=Groups")
        samdb.add_remove_group_members(
            group, [u for u, d in USERS.items() if d[2] == department], add_members_operation=True)
    samdb.add_remove_group_members("Domain Admins", ["adm-keller"], add_members_operation=True)


def inventory(samdb):
    """What stands in the directory, for tests that need names, SIDs and roles."""
    from samba.dcerpc import security
    from samba.ndr import ndr_unpack
    accounts = []
    for entry in samdb.search(samdb.domain_dn(), expression="(|(objectClass=user)(objectClass=computer))",
                              attrs=["sAMAccountName", "objectSid", "servicePrincipalName",
                                     "userAccountControl", "msDS-SupportedEncryptionTypes"]):
        name = str(entry["sAMAccountName"])
        control = int(str(entry["userAccountControl"]))
        account = {
            "name": name, "dn": str(entry.dn),
            "sid": str(ndr_unpack(security.dom_sid, entry["objectSid"][0])),
            "kind": "computer" if name.endswith("$") else "service" if name in SERVICES else "user",
            "enabled": not control & 2,
        }
        if "servicePrincipalName" in entry:
            account["spns"] = sorted(str(s) for s in entry["servicePrincipalName"])
        if "msDS-SupportedEncryptionTypes" in entry:
            account["encryption_types"] = int(str(entry["msDS-SupportedEncryptionTypes"]))
        password = {**{n: v[3] for n, v in USERS.items()}, **{n: v[2] for n, v in SERVICES.items()},
                    ADMIN: ADMIN_PASSWORD}.get(name)
        if password:
            account["password"] = password
        accounts.append(account)
    groups = {
        str(g["sAMAccountName"]): sorted(str(m).split(",")[0][3:] for m in g["member"])
        for g in samdb.search(samdb.domain_dn(), expression="(&(objectClass=group)(member=*))",
                              attrs=["sAMAccountName", "member"])
    }
    return {
        "realm": REALM, "domain": DOMAIN, "domain_sid": str(samdb.get_domain_sid()),
        "hosts": HOSTS, "domain_controllers": ["dc1"], "share": "\\\\dc1\\files",
        "accounts": sorted(accounts, key=lambda a: a["name"].lower()), "groups": dict(sorted(groups.items())),
    }


def main():
    from samba.auth import system_session
    from samba.param import LoadParm
    from samba.samdb import SamDB
    settings = LoadParm()
    settings.load_default()
    samdb = SamDB(session_info=system_session(), lp=settings)
    samdb.transaction_start()
    fill(samdb)
    samdb.transaction_commit()
    with open(sys.argv[1], "w") as out:
        json.dump(inventory(samdb), out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
