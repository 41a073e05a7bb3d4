#!/usr/bin/env python3
"""cli - the command line as a user meets it: help, typos, settings, broken files, exit codes.

usage: cli.py ORTHRUS CAPTURES
"""
import array
import fcntl
import gzip
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import termios
import unittest
import zipfile

ORTHRUS, CAPTURES = sys.argv[1], pathlib.Path(sys.argv[2])
SPRAY = CAPTURES / "spray_kerberos.pcap"
BENIGN = CAPTURES / "morning_logon.pcap"


def run(*args, stdin=None, env=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ORTHRUS_")}
    environment.update(env or {})
    return subprocess.run([ORTHRUS, *map(str, args)], input=stdin, capture_output=True, env=environment, check=False)


def alerts(*args, **kwargs):
    out = run("analyze", "--quiet", "--format", "jsonl", *args, **kwargs)
    return [json.loads(line) for line in out.stdout.splitlines()]


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def file(self, name, content):
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def test_every_command_explains_itself_with_an_example(self):
        listing = run("--help").stdout.decode()
        names = [line.split()[0] for line in listing.splitlines() if line.startswith("  ")]
        self.assertGreaterEqual(len(names), 5)
        for name in names:
            out = run(name, "--help")
            self.assertEqual(out.returncode, 0, name)
            self.assertIn(b"Example:", out.stdout, name)
            self.assertEqual(out.stderr, b"", name)

    def test_a_mistyped_command_and_option_are_answered_with_what_was_meant(self):
        out = run("anaylze")
        self.assertEqual(out.returncode, 2)
        self.assertIn(b"did you mean analyze?", out.stderr)
        out = run("analyze", "--fromat", "jsonl", SPRAY)
        self.assertEqual(out.returncode, 2)
        self.assertIn(b"did you mean --format?", out.stderr)
        self.assertEqual(out.stdout, b"")

    def test_wrong_values_of_options_are_usage_errors(self):
        for args in (["--format", "xml", SPRAY], ["--fail-on", "grave", SPRAY], ["--format"], [], ["--home-net", "10.0.0.0/33", SPRAY]):
            self.assertEqual(run("analyze", *args).returncode, 2, args)

    def test_fail_on_decides_the_exit_code(self):
        self.assertEqual(run("analyze", "--quiet", SPRAY).returncode, 0)
        self.assertEqual(run("analyze", "--quiet", "--fail-on", "high", SPRAY).returncode, 1)
        self.assertEqual(run("analyze", "--quiet", "--fail-on", "critical", SPRAY).returncode, 0)
        self.assertEqual(run("analyze", "--quiet", "--fail-on", "low", BENIGN).returncode, 0)

    def test_a_file_that_cannot_be_read_gives_3_and_the_others_are_read(self):
        out = run("analyze", "--format", "jsonl", "--quiet", self.path / "gone.pcap", SPRAY)
        self.assertEqual(out.returncode, 3)
        self.assertIn(b"gone.pcap", out.stderr)
        self.assertEqual(json.loads(out.stdout.splitlines()[0])["detection"], "password-spray")

    def test_what_is_no_capture_is_refused_in_words(self):
        cases = {"empty.pcap": b"", "text.pcap": b"hello, world\n" * 20, "random.pcap": os.urandom(4096),
                 "log.evtx": b"ElfFile\0" + b"\0" * 4088}
        for name, content in cases.items():
            out = run("analyze", "--quiet", self.file(name, content))
            self.assertEqual(out.returncode, 3, name)
            self.assertIn(name.encode(), out.stderr)
            self.assertEqual(len(out.stderr.splitlines()), 1, out.stderr)

    def test_a_truncated_capture_gives_what_can_be_read_and_one_warning_with_the_byte(self):
        whole = SPRAY.read_bytes()
        cut = self.file("cut.pcap", whole[:-5])
        out = run("analyze", "--quiet", "--format", "jsonl", cut)
        self.assertEqual(out.returncode, 0)
        warnings = [line for line in out.stderr.splitlines() if line.startswith(b"warning")]
        self.assertEqual(len(warnings), 1, out.stderr)
        self.assertIn(str(len(whole) - 5).encode(), warnings[0])
        self.assertEqual(json.loads(out.stdout.splitlines()[0])["detection"], "password-spray")

    def test_packed_and_piped_captures_give_the_same_alerts(self):
        plain = alerts(SPRAY)
        self.assertEqual(len(plain), 1)
        packed = self.file("a.bin", gzip.compress(SPRAY.read_bytes()))
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside/spray.pcap", SPRAY.read_bytes())
        boxed = self.file("b.bin", box.getvalue())
        for source in (alerts(packed), alerts(boxed), alerts("-", stdin=SPRAY.read_bytes()),
                       alerts("-", stdin=gzip.compress(SPRAY.read_bytes()))):
            self.assertEqual([a["id"] for a in source], [a["id"] for a in plain])

    def test_a_folder_is_walked_and_loops_are_left(self):
        (self.path / "sub").mkdir()
        (self.path / "sub" / "one.pcap").write_bytes(SPRAY.read_bytes())
        (self.path / "sub" / "notes.txt").write_text("nothing")
        (self.path / "sub" / "loop").symlink_to(self.path)
        self.assertEqual([a["detection"] for a in alerts(self.path)], ["password-spray"])

    def test_settings_name_file_line_and_key_that_are_wrong(self):
        config = self.file("c.yaml", "detections:\n  password-spray:\n    slow-acounts: 3\n")
        out = run("analyze", "--config", config, SPRAY)
        self.assertEqual(out.returncode, 2)
        self.assertIn(f"{config}:3".encode(), out.stderr)
        self.assertIn(b"slow-acounts", out.stderr)
        config = self.file("d.yaml", "detektions: {}\n")
        self.assertIn(b"did you mean detections?", run("analyze", "--config", config, SPRAY).stderr)
        config = self.file("e.yaml", "capture:\n  flows: many\n")
        self.assertIn(b"whole number", run("analyze", "--config", config, SPRAY).stderr)
        config = self.file("f.yaml", "a: [\n")
        self.assertEqual(run("analyze", "--config", config, SPRAY).returncode, 2)
        self.assertEqual(run("analyze", "--config", self.path / "none.yaml", SPRAY).returncode, 2)

    def test_settings_that_cannot_be_meant_are_refused_with_their_line(self):
        cases = {"capture: {flows: 100}\ncapture: {flows: 20}\n": (2, b"a second time"),
                 "detections:\n  dcsync: {enabled: yes, enabled: no}\n": (2, b"a second time"),
                 "identity:\n  devices:\n  - {address: 10.0.0.1, name: [a]}\n": (3, b"name: is a text"),
                 "identity:\n  home-net: {a: b}\n": (2, b"home-net"),
                 "identity:\n  home-net: [10.0.0.0/8, [10.0.0.0/8]]\n": (2, b"home-net"),
                 "identity: {}\n---\nidentity: {}\n": (2, b"second document"),
                 "[" * 1000000: (1, b"nested too deep"),
                 "#" * 5000000: (1, b"too large")}
        for content, (line, words) in cases.items():
            config = self.file("c.yaml", content)
            out = run("analyze", "--check-config", "--config", config)
            self.assertEqual(out.returncode, 2, content[:80])
            self.assertIn(f"{config}:{line}:".encode(), out.stderr)
            self.assertIn(words, out.stderr)
        self.assertIn(b"directory", run("analyze", "--check-config", "--config", self.path).stderr)

    def test_networks_are_a_text_or_a_list(self):
        for networks in ("[192.168.0.0/16]", "192.168.0.0/16", '"192.168.0.0/16, fd00::/8"'):
            self.assertEqual(alerts("--config", self.file("n.yaml", f"identity: {{home-net: {networks}}}\n"), SPRAY), [], networks)
        both = self.file("n.yaml", "identity: {home-net: [192.168.0.0/16, 10.77.0.0/16]}\n")
        self.assertEqual(len(alerts("--config", both, SPRAY)), 1)
        self.assertEqual(alerts(SPRAY, env={"ORTHRUS_IDENTITY_HOME_NET": "192.168.0.0/16"}), [])
        self.assertEqual(len(alerts(SPRAY, env={"ORTHRUS_IDENTITY_HOME_NET": ""})), 1)
        self.assertIn(b"ORTHRUS_IDENTITY_HOME_NET", run("analyze", SPRAY, env={"ORTHRUS_IDENTITY_HOME_NET": "x"}).stderr)

    def test_what_is_said_later_of_a_device_counts(self):
        sync = CAPTURES / "dcsync_ntlm.pcap"
        devices = self.file("d.yaml", "- {address: 10.77.0.66, role: sync_appliance}\n- {address: 10.77.0.66, role: none}\n")
        self.assertEqual([a["detection"] for a in alerts("--entities", devices, sync)], ["dcsync"])

    def test_settings_change_what_is_told(self):
        off = self.file("off.yaml", "detections:\n  password-spray: {enabled: no}\n")
        self.assertEqual(alerts("--config", off, SPRAY), [])
        high = {"ORTHRUS_DETECTIONS_PASSWORD_SPRAY_FAST_ACCOUNTS": "64", "ORTHRUS_DETECTIONS_PASSWORD_SPRAY_SLOW_ACCOUNTS": "64"}
        self.assertEqual(alerts(SPRAY, env=high), [])
        self.assertEqual(run("analyze", SPRAY, env={"ORTHRUS_CAPTURE_FLOWS": "x"}).returncode, 2)
        self.assertEqual(alerts("--home-net", "192.168.0.0/16", SPRAY), [])
        self.assertEqual(len(alerts("--home-net", "192.168.0.0/16,10.77.0.0/16", SPRAY)), 1)

    def test_the_printed_settings_are_right_and_change_nothing(self):
        config = self.file("all.yaml", run("settings").stdout)
        out = run("analyze", "--check-config", "--config", config)
        self.assertEqual((out.returncode, out.stdout), (0, b"the settings are right\n"), out.stderr)
        self.assertEqual(alerts("--config", config, SPRAY), alerts(SPRAY))

    def test_devices_that_are_vouched_for_may_replicate(self):
        sync = CAPTURES / "dcsync_ntlm.pcap"
        self.assertEqual([a["detection"] for a in alerts(sync)], ["dcsync"])
        vouched = self.file("known.yaml", "- {address: 10.77.0.66, name: SYNC1, role: sync_appliance}\n")
        self.assertEqual(alerts("--entities", vouched, sync), [])

    def test_each_format_is_what_it_says(self):
        for line in run("analyze", "--quiet", "--format", "ocsf", SPRAY).stdout.splitlines():
            self.assertEqual(json.loads(line)["class_uid"], 2004)
        cef = run("analyze", "--quiet", "--format", "cef", SPRAY).stdout.decode()
        self.assertTrue(cef.startswith("CEF:0|Orthrus|Orthrus|"), cef)
        text = run("analyze", "--quiet", SPRAY).stdout.decode()
        self.assertIn("gfischer", text)
        self.assertNotIn("\x1b", text)

    def test_a_report_is_written_and_an_unwritable_one_is_an_error(self):
        report = self.path / "r.html"
        self.assertEqual(run("analyze", "--quiet", "--report", report, SPRAY).returncode, 0)
        self.assertIn(b"Password spray", report.read_bytes())
        out = run("analyze", "--quiet", "--report", self.path / "no" / "r.html", SPRAY)
        self.assertNotEqual(out.returncode, 0)
        self.assertIn(b"r.html", out.stderr)

    def test_decode_prints_one_object_a_line(self):
        out = run("decode", "--quiet", "--only", "kerberos", SPRAY)
        objects = [json.loads(line) for line in out.stdout.splitlines()]
        self.assertGreater(len(objects), 20)
        self.assertEqual({o["type"] for o in objects}, {"kerberos"})
        self.assertEqual(run("decode", "--only", "kerberos,nonsense", SPRAY).returncode, 2)

    def test_coverage_says_what_was_read_by_server_and_what_to_change(self):
        out = run("coverage", BENIGN)
        self.assertEqual(out.returncode, 0)
        self.assertIn(b"Kerberos", out.stdout)
        self.assertIn(b"To see more", out.stdout)
        lines = [json.loads(line) for line in run("coverage", "--format", "jsonl", BENIGN).stdout.splitlines()]
        rows = [line for line in lines if line["type"] == "coverage"]
        self.assertIn(("kerberos", 88), {(row["protocol"], row["port"]) for row in rows})
        for row in rows:
            self.assertLessEqual(row.get("whole", 0), max(row.get("messages", 0), row.get("exchanges", 0)))
        for gap in (line for line in lines if line["type"] == "gap"):
            self.assertTrue(gap["hides"] and gap["change"])
        self.assertEqual(run("coverage", "--format", "cef", BENIGN).returncode, 2)
        self.assertEqual(run("coverage").returncode, 2)

    def test_passwords_are_fingerprinted_under_a_key_of_the_run_or_the_one_given(self):
        bind = CAPTURES / "http_methods.pcap"
        def credentials(**env):
            out = run("decode", "--quiet", "--only", "http", bind, env=env).stdout
            return [json.loads(line).get("credential") for line in out.splitlines() if b'"credential"' in line]
        self.assertTrue(credentials())
        self.assertNotEqual(credentials(), credentials())
        key = self.file("key", b"0123456789abcdef")
        self.assertEqual(credentials(ORTHRUS_KEYS_FINGERPRINTS=str(key)), credentials(ORTHRUS_KEYS_FINGERPRINTS=str(key)))
        short = self.file("short", b"0123")
        out = run("decode", bind, env={"ORTHRUS_KEYS_FINGERPRINTS": str(short)})
        self.assertEqual(out.returncode, 2)
        self.assertIn(b"holds 4 bytes", out.stderr)

    def test_detections_are_listed_and_explained(self):
        names = [line.split()[0] for line in run("detections").stdout.decode().splitlines()]
        self.assertIn("dcsync", names)
        for name in names:
            self.assertIn(b"What it misses", run("detections", "--explain", name).stdout)
        self.assertIn(b"did you mean dcsync?", run("detections", "--explain", "dcsink").stderr)

    def test_a_closed_pipe_ends_it_quietly(self):
        for command in (f"decode --quiet '{BENIGN}' | head -n 1", f"analyze --quiet '{SPRAY}' | true"):
            out = subprocess.run(["sh", "-c", f"'{ORTHRUS}' {command}"], capture_output=True, check=False)
            self.assertEqual(out.stderr, b"", command)

    def test_output_that_cannot_be_written_is_an_error(self):
        commands = (["detections"], ["settings"], ["analyze", "--help"], ["analyze", "--check-config"],
                    ["decode", "--quiet", SPRAY], ["analyze", "--quiet", SPRAY],
                    ["analyze", "--quiet", "--fail-on", "low", SPRAY])
        for command in commands:
            with open("/dev/full", "wb") as full:
                out = subprocess.run([ORTHRUS, *map(str, command)], stdout=full, stderr=subprocess.PIPE, check=False)
            self.assertEqual((out.returncode, out.stderr), (3, b"error: standard output: No space left on device\n"), command)
        out = run("analyze", "--quiet", "--report", "/dev/full", SPRAY)
        self.assertEqual(out.returncode, 3)
        self.assertIn(b"/dev/full: No space", out.stderr)

    def test_help_and_wrong_words_win_over_what_stands_beside_them(self):
        self.assertIn(b"Example:", run("detections", "--explain", "dcsync", "--help").stdout)
        out = run("detections", "--explain", "dcsync", "kerberoasting")
        self.assertEqual((out.returncode, out.stdout), (2, b""))

    def test_a_signal_ends_it_and_what_was_read_is_told(self):
        process = subprocess.Popen([ORTHRUS, "analyze", "--format", "jsonl", "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(SPRAY.read_bytes())
        process.stdin.flush()
        # The pipe stays open, so that only the signal ends it: sent when all was taken and it sleeps until more comes.
        left = array.array("i", [1])
        state = ""
        while left[0] or state != "S":
            fcntl.ioctl(process.stdin, termios.FIONREAD, left)
            state = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
        self.assertIn(b"stopped by a signal", err)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(json.loads(out.splitlines()[0])["detection"], "password-spray")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
