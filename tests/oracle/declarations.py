"""declarations - reads proto/records/*.def on its own, so that no oracle leans on the C that it judges."""

import collections
import os
import re

Field = collections.namedtuple("Field", "number kind name ocsf sigma doc of")
Record = collections.namedtuple("Record", "name number doc fields")

STRING = r'"((?:[^"\\]|\\.)*)"'


def read(source):
    """The records by number, and the choices by name as {value: name}."""
    text = included(source, "proto/records/choices.def") + included(source, "proto/records/all.def")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\\\n", " ", text)
    macros = dict(re.findall(r"^#define (\w+)\s+(.*)$", text, flags=re.M))
    text = re.sub(r"^#.*$", "", text, flags=re.M)
    for name, body in macros.items():
        text = re.sub(r"^%s$" % name, lambda _: body, text, flags=re.M)
    return records_of(text), choices_of(text)


def included(source, path):
    """The text of a file with that of the files it includes."""
    with open(os.path.join(source, path), encoding="utf-8") as file:
        return re.sub(r'#include "(.*?)"', lambda match: included(source, match.group(1)), file.read())


def choices_of(text):
    choices = {}
    for name, body in re.findall(r"CHOICES\((\w+),.*?\)\s*$(.*?)END_CHOICES", text, flags=re.M | re.S):
        choices[name] = {int(v): n for v, n in re.findall(r"CHOICE\(\w+, (\d+), (\w+)\)", body)}
    return choices


def records_of(text):
    records = {}
    head = r"^RECORD\((\w+), (\d+), " + STRING + r"\)(.*?)END_RECORD"
    field = (r"\b(FIELD|CHOICE_FIELD|SUB_FIELD|RECORDS_FIELD)\((\d+), (\w+), (\w+),\s*" + STRING + r",\s*" + STRING
             + r",\s*" + STRING + r"\)")
    for name, number, doc, body in re.findall(head, text, flags=re.M | re.S):
        fields = []
        for form, at, kind, field_name, ocsf, sigma, meaning in re.findall(field, body):
            of = None if form == "FIELD" else kind
            kind = {"CHOICE_FIELD": "CHOICE", "SUB_FIELD": "RECORD", "RECORDS_FIELD": "RECORDS"}.get(form, kind)
            fields.append(Field(int(at), kind, field_name, ocsf, sigma, meaning, of))
        records[int(number)] = Record(name, int(number), doc, fields)
    return records
