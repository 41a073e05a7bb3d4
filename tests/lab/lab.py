"""lab - hosts in namespaces on one bridge, the domain controller among them, and the tcpdump beside it.

Everything here runs inside the private namespaces that `record` made: the bridge stands in these, each host in
more of its own (network, mounts, host name), so nothing needs undoing.
"""
import os
import shutil
import signal
import struct
import subprocess
import time

from directory import ADMIN_PASSWORD, DNS_DOMAIN, DOMAIN, DOMAIN_SID, HOSTS, REALM

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX_LENGTH = 24
NO_IPV6 = "for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e $f ] || echo 1 > $f; done"
START_TIMEOUT_S = 60
PCAP_HEADER_BYTES, PCAP_RECORD_BYTES = 24, 16
# What each host has for itself, mounted over the system's own.
PRIVATE = ["/etc/samba", "/var/lib/samba", "/var/cache/samba", "/var/log/samba", "/run/samba"]

KRB5_CONF = """[libdefaults]
 default_realm = {realm}
 dns_lookup_realm = false
 dns_lookup_kdc = true
 dns_canonicalize_hostname = false
 rdns = false
 default_ccache_name = FILE:{folder}/ccache
"""
MEMBER_CONF = """[global]
 workgroup = {domain}
 realm = {realm}
 security = ads
 netbios name = {name}
 idmap config * : range = 10000-19999
 winbind use default domain = yes
 template shell = /bin/false
"""
STRANGER_CONF = """[global]
 workgroup = WORKGROUP
 client min protocol = SMB2
"""


class LabError(Exception):
    pass


class Host:
    """One machine: its own network, mounts and host name, held open by a sleeping process."""

    def __init__(self, work, name, nameserver, settings):
        self.name, self.address = name, HOSTS[name]
        self.folder = os.path.join(work, name)
        os.makedirs(self.folder)
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--uts", "--mount", "--propagation", "private", "sh", "-c",
             "hostname %s && echo ready && exec sleep infinity" % name],
            stdout=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "ready\n":
            raise LabError("cannot make namespaces for %s: is this kernel allowed to?" % name)
        self.environment = dict(os.environ, HOME=self.folder, KRB5_CONFIG=self.path("krb5.conf"),
                                KRB5CCNAME=self.path("ccache"))
        self.plug_in()
        self.write("krb5.conf", KRB5_CONF.format(realm=REALM, folder=self.folder))
        self.write("resolv.conf", "search %s\nnameserver %s\n" % (DNS_DOMAIN, nameserver))
        self.write("hosts", "127.0.0.1 localhost\n%s %s.%s %s\n" % (self.address, name, DNS_DOMAIN, name))
        for target in ("/etc/resolv.conf", "/etc/hosts"):
            self.run(["mount", "--bind", self.path(os.path.basename(target)), target])
        for target in PRIVATE:
            os.makedirs(target, exist_ok=True)
            source = self.path(target.strip("/").replace("/", "_"))
            os.makedirs(source)
            self.run(["mount", "--bind", source, target])
        os.makedirs(self.path("var_lib_samba/private"), exist_ok=True)
        if settings:
            self.write("etc_samba/smb.conf", settings.format(realm=REALM, domain=DOMAIN, name=name))

    def plug_in(self):
        """A cable to the switch; frames on it are as they would be on a wire (no offload, own checksums)."""
        port = "p-" + self.name
        mac = "02:00:0a:4d:00:%02x" % int(self.address.rsplit(".", 1)[1])
        run(["ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", str(self.holder.pid)])
        run(["ip", "link", "set", port, "master", "switch", "up"])
        run(["ethtool", "-K", port, "tx", "off", "tso", "off", "gso", "off", "gro", "off"])
        self.run(["ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off", "gro", "off"])
        self.run(["sh", "-c", "mount -t proc proc /proc && " + NO_IPV6])
        self.run(["ip", "link", "set", "lo", "up"])
        self.run(["ip", "link", "set", "eth0", "address", mac, "up"])
        self.run(["ip", "addr", "add", "%s/%d" % (self.address, PREFIX_LENGTH), "broadcast", "+", "dev", "eth0"])

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)

    def command(self, arguments):
        return ["nsenter", "-t", str(self.holder.pid), "-n", "-u", "-m", "--wdns=" + self.folder] + arguments

    def run(self, arguments, stdin="", ok=(0,), timeout=240, **environment):
        """Runs a command on this host; ok = None takes any exit code. Returns its output."""
        return run(self.command(arguments), stdin, ok, timeout, dict(self.environment, **environment))

    def start(self, arguments, log):
        with open(self.path(log), "ab") as out:
            return subprocess.Popen(self.command(arguments), env=self.environment, stdin=subprocess.DEVNULL,
                                    stdout=out, stderr=out)


def run(arguments, stdin="", ok=(0,), timeout=240, environment=None):
    try:
        done = subprocess.run(arguments, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=timeout, env=environment)
    except FileNotFoundError:
        raise LabError("%s is not installed" % arguments[0])
    except subprocess.TimeoutExpired:
        raise LabError("no end after %d s: %s" % (timeout, " ".join(arguments[-6:])))
    if ok is not None and done.returncode not in ok:
        lines = [x for x in done.stdout.splitlines() if x.strip()]
        raise LabError("%s: exit %d: %s" % (" ".join(arguments), done.returncode, " / ".join(lines[-4:])))
    return done.stdout


class Lab:
    """The switch, the hosts and the domain."""

    def __init__(self, work):
        self.work, self.hosts, self.daemons = work, {}, {}
        run(["sh", "-c", NO_IPV6])
        run(["ip", "link", "set", "lo", "up"])
        run(["ip", "link", "add", "switch", "type", "bridge", "forward_delay", "0"])
        run(["ip", "link", "set", "switch", "up"])

    def add(self, name, settings):
        self.hosts[name] = Host(self.work, name, HOSTS["dc1"], settings)
        return self.hosts[name]

    def __getattr__(self, name):
        try:
            return self.hosts[name]
        except KeyError:
            raise AttributeError(name)

    def provision(self, inventory):
        """Makes the domain on dc1 and fills it."""
        dc1 = self.add("dc1", None)
        dc1.run(["samba-tool", "domain", "provision", "--realm=" + REALM, "--domain=" + DOMAIN,
                 "--server-role=dc", "--dns-backend=SAMBA_INTERNAL", "--host-name=dc1", "--host-ip=" + dc1.address,
                 "--domain-sid=" + DOMAIN_SID, "--adminpass=" + ADMIN_PASSWORD,
                 "--option=interfaces=lo eth0", "--option=bind interfaces only=yes"])
        share = dc1.path("var_lib_samba/files")
        os.makedirs(share)
        os.chmod(share, 0o777)
        for name, size in (("budget-2026.txt", 4000), ("holiday-rota.txt", 900), ("readme.txt", 200)):
            text = ("%s, a file of the laboratory\n" % name * 200)[:size]
            with open(os.path.join(share, name), "w") as out:
                out.write(text)
            os.chmod(os.path.join(share, name), 0o666)
        # A Windows domain controller of the years this domain stands for does not demand LDAP signing either.
        self.edit_settings(dc1, "ldap server require strong auth = no\n")
        with open(dc1.path("etc_samba/smb.conf"), "a") as out:
            out.write("\n[files]\n path = /var/lib/samba/files\n read only = no\n")
        dc1.run(["samba-tool", "domain", "passwordsettings", "set", "--complexity=off", "--min-pwd-length=4",
                 "--account-lockout-threshold=0", "--min-pwd-age=0", "--max-pwd-age=0"])
        dc1.run(["/usr/bin/python3", os.path.join(HERE, "directory.py"), inventory])
        self.start_dc("dc1")
        wait_for("Kerberos", lambda: "krbtgt/" in dc1.run(
            ["sh", "-c", "kinit Administrator && klist"], ADMIN_PASSWORD + "\n", None), self.daemons["dc1"])

    @staticmethod
    def edit_settings(host, lines):
        path = host.path("etc_samba/smb.conf")
        with open(path) as old:
            kept = [x for x in old if "dns forwarder" not in x]
        kept.insert(kept.index("[global]\n") + 1, lines)
        with open(path, "w") as out:
            out.writelines(kept)

    def start_dc(self, name):
        host = self.hosts[name]
        self.daemons[name] = host.start(["samba", "--foreground", "--no-process-group"], "samba.log")
        wait_for("Samba on %s (see samba.log)" % name, lambda: all(
            listening(host, port) for port in (53, 88, 135, 389, 445)), self.daemons[name])

    def stop(self, name):
        daemon = self.daemons.pop(name)
        daemon.terminate()
        try:
            daemon.wait(20)
        except subprocess.TimeoutExpired:
            daemon.kill()


def listening(host, port):
    return bool(host.run(["ss", "-Hltn", "sport", "=", str(port)], ok=None).strip())


def wait_for(what, condition, process=None):
    end = time.monotonic() + START_TIMEOUT_S
    while not condition():
        if process and process.poll() is not None:
            raise LabError("%s ended at once with exit %d" % (what, process.returncode))
        if time.monotonic() > end:
            raise LabError("%s did not come up in %d s" % (what, START_TIMEOUT_S))
        time.sleep(0.5)


class Capture:
    """tcpdump at the domain controller's interface, from the first packet to the last."""

    def __init__(self, host, path, expression="not arp"):
        self.host, self.path, self.expression = host, path, expression

    def __enter__(self):
        self.tcpdump = subprocess.Popen(
            self.host.command(["tcpdump", "-Z", "root", "-i", "eth0", "-n", "-s", "0", "-U", "--immediate-mode",
                               "--time-stamp-precision=micro", "-w", self.path] + self.expression.split()),
            stderr=subprocess.PIPE, text=True)
        line = self.tcpdump.stderr.readline()
        if "listening" not in line:
            raise LabError("tcpdump: " + line.strip())
        return self

    def __exit__(self, *_):
        time.sleep(1)
        self.tcpdump.send_signal(signal.SIGINT)
        self.tcpdump.communicate(timeout=10)


def cut(path, bytes_max):
    """Ends a capture before the packet that would take it past a size; returns the size it had, or None if it fitted."""
    size = os.path.getsize(path)
    if size <= bytes_max:
        return None
    with open(path, "r+b") as capture:
        end = PCAP_HEADER_BYTES
        while True:
            capture.seek(end)
            record = capture.read(PCAP_RECORD_BYTES)
            length = struct.unpack("=L", record[8:12])[0]
            if end + PCAP_RECORD_BYTES + length > bytes_max:
                break
            end += PCAP_RECORD_BYTES + length
        capture.truncate(end)
    return size


def keep(source, target):
    """Puts a finished file in its place in one step."""
    shutil.copyfile(source, target + ".new")
    os.replace(target + ".new", target)
