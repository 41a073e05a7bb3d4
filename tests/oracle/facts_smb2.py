"""facts_smb2 - what the bodies of SMB 2 say, as tables: our field, where tshark has it, and how it is read.

An entry without a name in tshark's tree has a function of the body instead. Choices are held by number, which tshark gives.
"""

from datetime import datetime, timezone

from dissection import Node, number

DFS_REFERRALS = (0x60194, 0x601b0)
SHARE_TYPES = {1: "disk", 2: "pipe", 3: "print"}
DISPOSITIONS = {0: "supersede", 1: "open", 2: "create", 3: "open_if", 4: "overwrite", 5: "overwrite_if"}
ACTIONS = {0: "superseded", 1: "opened", 2: "created", 3: "overwritten"}
TIME_FORMAT = "%b %d, %Y %H:%M:%S"


def text(body, name):
    value = body.find(name, "")
    return value if isinstance(value, str) else ""


def count(body, name):
    return number(body.find(name))


def numbers(body, name):
    return [number(value) for key, value in body.walk() if key == name]


def texts(body, name):
    return [value for key, value in body.walk() if key == name]


def choice(names):
    return lambda body, name: names.get(count(body, name), "unknown") if body.find(name) is not None else "unknown"


def moment(body, name):
    """Jul 19, 2020 13:14:41.166360700 UTC as ours: 2020-07-19T13:14:41.166360700Z, without what is zero at the end."""
    value = text(body, name)
    if not value.endswith(" UTC") or "." not in value:
        return ""
    whole, _, fraction = value[:-4].partition(".")
    when = datetime.strptime(whole, TIME_FORMAT).replace(tzinfo=timezone.utc)
    return "" if when.timestamp() <= 0 else when.strftime("%Y-%m-%dT%H:%M:%S") + "." + (fraction + "000000000")[:9]


def maximal_access(body, _):
    """Of the context that tells it, not of what was asked."""
    for name, value in body.walk():
        if name == "MxAc INFO" and number(value.get("smb2.mxac_status")) == 0:
            return number(value.get("smb.access_mask"))
    return 0


def tags(body, _):
    return [value for key, value in body.walk() if key == "smb2.tag"]


def closed(name):
    return lambda body, _: count(body, name) if count(body, "smb2.close.flags") & 1 else 0


def volatile(body, name):
    """The second half of a file id, which tshark writes as a UUID."""
    value = text(body, name).replace("-", "")
    if len(value) != 32:
        return 0
    raw = bytes.fromhex(value)
    return 0 if raw == b"\xff" * 16 else int.from_bytes(raw[8:], "little")


def referral(body, name):
    """tshark reads no other input that holds a path."""
    return text(body, name) if count(body, "smb2.ioctl.function") in DFS_REFERRALS else None


def security_information(body, _):
    """tshark has another name where the class is that of security."""
    return count(body, "smb2.getsetinfo_additional") or count(body, "smb2.getsetinfo_additionals")


def info_class(body, _):
    for name in ("smb2.file_info.infolevel", "smb2.fs_info.infolevel", "smb2.find.infolevel", "smb2.infolevel",
                 "smb2.sec_info.infolevel"):
        if body.find(name) is not None:
            return count(body, name)
    return 0


REQUESTS = {
    "negotiate": [("dialects_offered", "smb2.dialect", numbers), ("client_security_mode", "smb2.sec_mode", count),
                  ("client_capabilities", "smb2.capabilities", count), ("client_guid", "smb2.client_guid", text),
                  ("hashes_offered", "smb2.negotiate_context.hash_algorithm", numbers),
                  ("ciphers_offered", "smb2.negotiate_context.cipher_id", numbers),
                  ("compressions_offered", "smb2.negotiate_context.comp_alg_id", numbers),
                  ("signings_offered", "smb2.negotiate_context.signing_id", numbers),
                  ("netname", "smb2.negotiate_context.netname", text)],
    "session_setup": [("setup_flags", "smb2.ses_req_flags", count), ("client_security_mode", "smb2.sec_mode", count),
                      ("client_capabilities", "smb2.capabilities", count),
                      ("previous_session", "smb2.previous_sesid", count)],
    "create": [("oplock_asked", "smb2.create.oplock", count), ("impersonation", "smb2.impersonation.level", count),
               ("attributes", "smb2.file_attribute", count), ("share_access", "smb.share_access", count),
               ("disposition", "smb2.create.disposition", choice(DISPOSITIONS)),
               ("create_options", "smb.create_options", count), ("create_contexts", "", tags)],
    "read": [("length", "smb2.read_length", count), ("offset", "smb2.file_offset", count)],
    "write": [("length", "smb2.write_length", count), ("offset", "smb2.file_offset", count)],
    "ioctl": [("control", "smb2.ioctl.function", count), ("target", "smb.file", referral)],
    "query_directory": [("info_class", "", info_class), ("pattern", "smb2.find.pattern", text)],
    "change_notify": [("completion_filter", "smb.nt.notify.completion_filter", count)],
    "query_info": [("info_type", "smb2.class", count), ("info_class", "", info_class),
                   ("security_information", "", security_information)],
    "set_info": [("info_type", "smb2.class", count), ("info_class", "", info_class),
                 ("security_information", "", security_information)],
}

RESPONSES = {
    "negotiate": [("security_mode", "smb2.sec_mode", count), ("capabilities", "smb2.capabilities", count),
                  ("server_guid", "smb2.server_guid", text),
                  ("hashes", "smb2.negotiate_context.hash_algorithm", numbers),
                  ("ciphers", "smb2.negotiate_context.cipher_id", numbers),
                  ("compressions", "smb2.negotiate_context.comp_alg_id", numbers),
                  ("signings", "smb2.negotiate_context.signing_id", numbers),
                  ("max_transact", "smb2.max_trans_size", count), ("max_read", "smb2.max_read_size", count),
                  ("max_write", "smb2.max_write_size", count), ("server_time", "smb2.current_time", moment),
                  ("server_start", "smb2.boot_time", moment)],
    "session_setup": [("session_flags", "smb2.session_flags", count)],
    "tree_connect": [("share_type", "smb2.share_type", choice(SHARE_TYPES)),
                     ("share_flags", "smb2.share_flags", count), ("share_capabilities", "smb2.share_caps", count),
                     ("maximal_access", "smb.access_mask", count)],
    "create": [("oplock", "smb2.create.oplock", count), ("create_action", "smb2.create.action", choice(ACTIONS)),
               ("file_size", "smb2.eof", count), ("file_attributes", "smb2.file_attribute", count),
               ("created_contexts", "", tags), ("maximal_access", "", maximal_access),
               ("file_id", "smb2.fid", volatile)],
    "close": [("file_size", "", closed("smb2.eof")), ("file_attributes", "", closed("smb2.file_attribute"))],
}

ABSENT = {text: "", referral: "", numbers: [], texts: [], tags: [], moment: ""}


def compare_body(record, operation, table, report):
    """An error has no such body, and neither has what tshark could not read."""
    for name, where, read in table.get(operation.command, []):
        theirs = read(operation.body, where)
        if theirs is None:
            continue
        absent = ABSENT.get(read, "unknown" if isinstance(theirs, str) else 0)
        ours = record.get(name, absent)
        if read is moment and ours:
            ours = (ours.rstrip("Z").partition(".")[0] + "." + (ours.rstrip("Z").partition(".")[2] + "0" * 9)[:9])
        report.field("smb", name, operation.frame, ours, theirs)


def compare(record, request, response, report):
    if request and isinstance(request.body, Node):
        compare_body(record, request, REQUESTS, report)
        for name, theirs in (("flags", request.flags), ("credit_charge", request.credit_charge),
                             ("credits_asked", request.credits), ("channel_sequence", request.channel_sequence)):
            report.field("smb", name, request.frame, record.get(name, 0), theirs)
    if response and isinstance(response.body, Node) and response.has_body():
        compare_body(record, response, RESPONSES, report)
    if response:
        report.field("smb", "credits_granted", response.frame, record.get("credits_granted", 0), response.credits)
        report.field("smb", "async_id", response.frame, record.get("async_id", 0), response.async_id)
