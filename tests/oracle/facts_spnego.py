"""facts_spnego - what SPNEGO (RFC 4178) says around the messages of a mechanism, and our observations held to it."""

from dissection import Node

INIT, RESPONSE = "spnego.negTokenInit_element", "spnego.negTokenTarg_element"


# The layers of a dissection by what carries a message, as the records name it.
LAYERS = {"smb": ("smb2", "smb"), "smb1": ("smb",), "rpc": ("dcerpc",), "ldap": ("ldap", "cldap"), "http": ("http",),
          "dns": ("dns",)}


class Token:
    def __init__(self, frame, layer, name, node):
        self.frame = frame
        self.layer = layer
        self.initial = name == INIT
        self.offered = node.tree("spnego.mechTypes_tree").all("spnego.MechType")
        self.chosen = node.get("spnego.supportedMech", "")
        self.mic = node.get("spnego.mechListMIC") is not None
        self.hints = node.get("spnego.negHints_element") is not None


def tokens_of(frames):
    """Every token of a capture by the conversation of its frame, in order. A server's hints (MS-SPNG) are left out."""
    streams = {}
    for frame in frames:
        for layer, node in frame.layers.nodes():
            for name, value in Node([(layer, node)]).walk():
                if name in (INIT, RESPONSE) and isinstance(value, Node):
                    token = Token(frame, layer, name, value)
                    if not token.hints:
                        streams.setdefault(frame.stream, []).append(token)
    return streams


def negotiation(streams, client):
    """The tokens around a client's message that came in one: from the last offer before it to the next one."""
    tokens = [token for token in streams.get(client.frame.stream, []) if token.layer in LAYERS.get(client.carrier, ())]
    if not any(token.frame.number == client.frame.number for token in tokens):
        return []
    offers = [index for index, token in enumerate(tokens) if token.initial]
    begin = max((index for index in offers if tokens[index].frame.number <= client.frame.number), default=0)
    end = next((index for index in offers if index > begin), len(tokens))
    return tokens[begin:end]


def compare(record, streams, client, protocol, report):
    """client: the message of the client that the record tells last."""
    tokens = negotiation(streams, client)
    known = bool(tokens) and tokens[0].initial

    def field(name, ours, theirs):
        report.field(protocol, name, client.frame, ours, theirs)

    field("mechanisms", record.get("mechanisms", []), tokens[0].offered if known else [])
    field("spnego", record.get("spnego", False), bool(tokens))
    field("mech_list_mic", record.get("mech_list_mic", False), any(token.mic for token in tokens))
    field("chosen_mechanism", record.get("chosen_mechanism", ""),
          next((token.chosen for token in reversed(tokens) if token.chosen), ""))
