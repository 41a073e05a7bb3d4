"""facts_dcom - what calls of distributed objects say, and our arguments of them held to it (MS-DCOM, MS-OAUT).

Only frames that hold one PDU are compared: which of several a value belongs to, tshark's layers do not tell.
"""

from dissection import Node, number

TOWER_TCP = 7


def values(record, side, name):
    return [argument.get("text", argument.get("number", 0)) for argument in record.get(side, [])
            if argument["name"] == name or argument["name"].startswith(name + "[")]


def inside(layer, name):
    return [value for key, value in layer.walk() if key == name and isinstance(value, str)]


def compare_interfaces(record, layer, frame, report):
    report.field("rpc", "argument iids", frame, values(record, "arguments", "iids"), inside(layer, "dcom.iid"))


def compare_class(record, layer, frame, report):
    for ours, theirs in (("classId", "clsid"), ("IID", "iid")):
        report.field("rpc", "argument " + ours, frame, values(record, "arguments", "pActProperties." + ours),
                     inside(layer, "isystemactivator.properties.instninfo." + theirs))


def compare_member(record, layer, frame, report):
    ours = values(record, "arguments", "dispIdMember")
    report.field("rpc", "argument dispIdMember", frame, ours, [number(v) for v in inside(layer, "dispatch.id")[:1]])
    report.field("rpc", "argument rgvarg", frame,
                 [text for text in values(record, "arguments", "pDispParams.rgvarg") if text],
                 [text for text in inside(layer, "dcom.vt.bstr") if text])


def compare_bindings(record, layer, frame, report):
    theirs = []
    for name, value in layer.walk():
        if name == "dcom.dualstringarray.string" and isinstance(value, Node):
            if number(value.get("dcom.dualstringarray.tower_id")) == TOWER_TCP:
                theirs.append(value.get("dcom.dualstringarray.network_addr"))
    report.field("rpc", "result bindings", frame, values(record, "results", "ppdsaOxidBindings"), theirs)


# (interface, operation) -> tshark's layer, the frame that holds it, what is compared.
CALLS = {
    ("IRemUnknown2", "RemQueryInterface"): ("remunk2", "request_frame", compare_interfaces),
    ("IRemUnknown", "RemQueryInterface"): ("remunk", "request_frame", compare_interfaces),
    ("IRemoteSCMActivator", "RemoteCreateInstance"): ("isystemactivator", "request_frame", compare_class),
    ("IDispatch", "Invoke"): ("dispatch", "request_frame", compare_member),
    ("IObjectExporter", "ServerAlive2"): ("oxid", "reply_frame", compare_bindings),
    ("IObjectExporter", "ResolveOxid2"): ("oxid", "reply_frame", compare_bindings),
}


def compare(frames, records, report):
    asked = {}
    for record in records:
        call = CALLS.get((record.get("interface_name"), record.get("operation"))) if record["type"] == "rpc" else None
        if call and record.get(call[1]) and not record.get("sealed"):
            asked.setdefault(record[call[1]], []).append((record, call))
    for frame in frames:
        if frame.number not in asked:
            continue
        nodes = list(frame.layers.nodes())
        if sum(name == "dcerpc" for name, _ in nodes) != 1 or len(asked[frame.number]) != 1:
            continue
        record, (layer, _, compare_call) = asked[frame.number][0]
        for name, node in nodes:
            if name == layer:
                compare_call(record, node, frame, report)
