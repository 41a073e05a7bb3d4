"""run - holds what `orthrus analyze` tells of whole captures to what people found in them.

usage: run.py shared|lab ORTHRUS [CAPTURE ...]

shared   tests/cases/shared.tsv: an analyst's own reading of the real captures in $ORTHRUS_DATA/pcap (default:
         ../shared/data beside the checkout). Exits with 77 without them, unless CI=true.
lab      tests/lab/captures/*.json: what the laboratory knows it did; where it says what keys add, also with them.

A case fails when a required detection is not told with its source, account, target, accounts attacked and outcome, when
it is told louder than the case allows, or when anything of medium severity or more is told that the case does not name.
With captures named (as in "dc_join.pcap") only these are run.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
SEVERITIES = ["informational", "low", "medium", "high", "critical"]
MEDIUM = SEVERITIES.index("medium")
SKIPPED = 77


class Expectation:
    """One detection that a case allows or requires. None in a field: any value."""

    def __init__(self, detection, required):
        self.detection = detection
        self.required = required
        self.severity_at_most = None
        self.source_ip = None
        self.source_account = None
        self.target_ip = None
        self.target_accounts = []
        self.service_names = {}  # of an account, those that the wire may name in its place
        self.outcome = None

    def concerns(self, alert):
        return alert["detection"] == self.detection and self.source_ip in (None, alert["source"].get("ip"))

    def problems(self, alert):
        """What of the alert is not as expected, in words."""
        found = []
        if not same_account(self.source_account, alert["source"].get("account")):
            found.append("account %s, not %s" % (alert["source"].get("account"), self.source_account))
        if self.target_ip not in (None, alert["target"].get("ip")):
            found.append("target %s, not %s" % (alert["target"].get("ip"), self.target_ip))
        told = {name.lower() for name in alert["target"].get("accounts", [])}
        if alert["target"].get("account"):
            told.add(alert["target"]["account"].lower())
        missing = [name for name in self.target_accounts if not told & self.names_of(name)]
        if missing:
            found.append("target accounts lack %s" % ", ".join(missing))
        if self.outcome not in (None, alert["outcome"]):
            found.append("outcome %s, not %s" % (alert["outcome"], self.outcome))
        return found

    def names_of(self, account):
        return {name.lower() for name in [account] + self.service_names.get(account, [])}

    def too_loud(self, alert):
        return self.severity_at_most is not None and level(alert) > SEVERITIES.index(self.severity_at_most)

    def __str__(self):
        return "%s from %s" % (self.detection, self.source_ip or "anywhere")


class Case:
    def __init__(self, name, path):
        self.name = name
        self.path = path
        self.expectations = []
        self.domain_controllers = []
        self.keytab = None


def level(alert):
    return SEVERITIES.index(alert["severity"])


def same_account(expected, told):
    return expected is None or (told or "").lower() == expected.lower()


def tell(alert):
    return "%s (%s) from %s" % (alert["detection"], alert["severity"], alert["source"].get("ip"))


def analyze(orthrus, case, entities):
    command = [orthrus, "analyze", "--format", "jsonl", "--quiet"]
    if entities:
        command += ["--entities", entities]
    if case.keytab:
        command += ["--keytab", case.keytab]
    run = subprocess.run(command + [case.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode not in (0, 3):
        sys.exit("%s: exit code %d\n%s" % (case.name, run.returncode, run.stderr.decode("utf-8", "replace")))
    return [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]


def judge(case, alerts):
    """What is wrong, as lines. Alerts that are told again with more count by their last telling."""
    latest = {alert["id"]: alert for alert in alerts}
    alerts = list(latest.values())
    wrong = []
    for expectation in case.expectations:
        concerned = [alert for alert in alerts if expectation.concerns(alert)]
        if expectation.required and not concerned:
            wrong.append("missing: %s" % expectation)
        elif expectation.required:
            best = min((expectation.problems(alert) for alert in concerned), key=len)
            wrong += ["%s: %s" % (expectation, problem) for problem in best]
        wrong += ["too loud: %s, at most %s" % (tell(alert), expectation.severity_at_most)
                  for alert in concerned if expectation.too_loud(alert)]
    for alert in alerts:
        if level(alert) >= MEDIUM and not any(expectation.concerns(alert) for expectation in case.expectations):
            wrong.append("not expected: %s" % tell(alert))
    return wrong


def known(value):
    return None if value in ("", "?", None) else value


def shared_cases(data):
    cases = {}
    with open(os.path.join(HERE, "shared.tsv"), encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            name = row["capture"]
            case = cases.setdefault(name, Case(name, os.path.join(data, "pcap", name)))
            if row["detection"] == "-":
                continue
            expectation = Expectation(row["detection"], row["required"] == "yes")
            expectation.severity_at_most = known(row["severity_at_most"])
            expectation.source_ip = known(row["source_ip"])
            expectation.source_account = known(row["account"])
            expectation.target_ip = known(row["target_ip"])
            if known(row["target_account"]):
                expectation.target_accounts = row["target_account"].split(",")
            expectation.outcome = known(row["outcome"])
            case.expectations.append(expectation)
    return list(cases.values())


def lab_case(folder, name, truth, service_names, keytab=None):
    case = Case(name + ".pcap", os.path.join(folder, name + ".pcap"))
    case.domain_controllers = truth["domain_controllers"]
    case.keytab = keytab
    for wanted in truth["expected"] + (truth["expected_with_keys"] if keytab else []):
        expectation = Expectation(wanted["detection"], True)
        expectation.source_ip = wanted["source_ip"]
        expectation.source_account = wanted["account"]
        expectation.outcome = wanted["outcome"]
        expectation.service_names = service_names
        # What GetNCChanges asks for is sealed in every capture of the laboratory.
        expectation.target_accounts = [] if wanted["detection"] == "dcsync" else wanted["targets"]
        case.expectations.append(expectation)
    case.expectations += [Expectation(other, False) for other in truth["others"]]
    return case


def lab_cases():
    folder = os.path.join(SOURCE, "tests", "lab", "captures")
    names = [name[:-5] for name in sorted(os.listdir(folder)) if name.endswith(".json") and name != "inventory.json"]
    with open(os.path.join(folder, "inventory.json"), encoding="utf-8") as file:
        service_names = {account["name"]: account.get("spns", []) for account in json.load(file)["accounts"]}
    cases = []
    for name in names:
        with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
            truth = json.load(file)
        cases.append(lab_case(folder, name, truth, service_names))
        if "expected_with_keys" in truth:
            cases.append(lab_case(folder, name, truth, service_names, os.path.join(folder, name + ".keytab")))
    return cases


def check(orthrus, case, entities):
    """Whether the case holds; a laboratory case also without the knowledge of who is a domain controller, where only
    what is required has to be told."""
    wrong = judge(case, analyze(orthrus, case, entities))
    if entities:
        wrong += ["without --entities: " + line for line in judge(case, analyze(orthrus, case, None))
                  if not line.startswith(("not expected", "too loud"))]
    print("%-4s %s%s" % ("FAIL" if wrong else "ok", case.name, " with keys" if case.keytab else ""))
    for line in wrong:
        print("       " + line)
    return not wrong


def write_entities(folder, case):
    path = os.path.join(folder, "entities.yaml")
    with open(path, "w", encoding="utf-8") as file:
        for address in case.domain_controllers:
            file.write("- {address: %s, role: domain_controller}\n" % address)
    return path


def skip_or_fail(why):
    print("SKIPPED: " + why)
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("shared", "lab"):
        sys.exit(__doc__)
    orthrus, named = sys.argv[2], sys.argv[3:]
    if sys.argv[1] == "lab":
        cases = lab_cases()
    else:
        data = os.environ.get("ORTHRUS_DATA") or os.path.join(os.path.dirname(SOURCE), "shared", "data")
        if not os.path.isdir(os.path.join(data, "pcap")):
            skip_or_fail("there are no captures at %s; set ORTHRUS_DATA" % data)
        cases = shared_cases(data)
    cases = [case for case in cases if not named or case.name in named]
    with tempfile.TemporaryDirectory() as folder:
        good = [check(orthrus, case, write_entities(folder, case) if case.domain_controllers else None)
                for case in cases]
    print("%d cases, %d fail" % (len(good), good.count(False)))
    sys.exit(0 if cases and all(good) else 1)


if __name__ == "__main__":
    main()
