"""What a service can be told, read from the clap attributes in its source. Knows no manifest.

The source and not `--help`, so that these tests need no build.
"""

import re
from dataclasses import dataclass, replace

from tree import ROOT, read, seconds

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/|.', re.S)
PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


@dataclass(frozen=True)
class Setting:
    name: str
    required: bool
    # None if there is none, or if it is not written as a text.
    default: str | None


def of_service(service):
    """All settings of a service, by variable name: those of its `Config` and of every struct flattened into it."""
    own = read(f"services/{service}/src/config.rs")
    structs = {}
    for folder in ("crates/chassis/src", f"services/{service}/src"):
        for file in sorted((ROOT / folder).rglob("*.rs")):
            structs.update(structs_in(file.read_text(encoding="utf-8")))
    structs.update(structs_in(own))
    found = {}
    for setting in settings_in("Config", structs):
        # A required value has an empty default where its absence is to be reported together with all other problems.
        demanded = setting.default == "" and re.search(rf"\b{setting.name}: (is )?required", own)
        found[setting.name] = replace(setting, required=setting.required or bool(demanded))
    return found


def patience():
    """For how long a client may be silent: between two pings (a long poll), and until it is given up (a WebSocket)."""
    gateway = of_service("gateway")
    ping, pong = (seconds(gateway[name].default) for name in ("PING_INTERVAL", "PING_TIMEOUT"))
    return ping, ping + pong


def settings_in(struct, structs):
    assert struct in structs, f"the struct {struct}, flattened into a configuration, is in neither the service nor the chassis"
    for attributes, field, kind in fields(structs[struct]):
        if re.search(r"\bflatten\b", attributes):
            yield from settings_in(re.split(r"::", kind)[-1], structs)
            continue
        # `env = "NAME"`, or `env` alone: then clap takes the field's name in capitals.
        env = re.search(r'\benv\b(?:\s*=\s*"([^"]+)")?', attributes)
        if env is None:
            continue
        default = re.search(r'\bdefault_value\s*=\s*"([^"]*)"', attributes)
        optional = "default_value" in attributes or re.match(r"(?:\w+::)*(Option|Vec)<|bool$", kind)
        required = not optional or re.search(r"\brequired\s*=\s*true", attributes)
        yield Setting(env.group(1) or field.upper(), bool(required), default.group(1) if default else None)


def structs_in(source):
    """Name and body of each struct with named fields, comments taken out."""
    source = "".join(token for token in TOKEN.findall(source) if not token.startswith(("//", "/*")))
    found = {}
    for match in re.finditer(r"\bstruct\s+(\w+)\s*(?:<[^{;(]*>)?\s*\{", source):
        found[match.group(1)] = source[match.end() : closing(source, match.end() - 1)]
    return found


def fields(body):
    """(attributes, name, type) of each field."""
    attributes, rest = "", body.strip()
    while rest:
        if rest.startswith("#["):
            end = closing(rest, 1)
            attributes, rest = attributes + rest[: end + 1], rest[end + 1 :].lstrip()
            continue
        head = re.match(r"(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:\s*", rest)
        assert head, f"cannot read this as a field: {rest[:60]!r}"
        end = comma(rest, head.end())
        yield attributes, head.group(1), re.sub(r"\s+", "", rest[head.end() : end])
        attributes, rest = "", rest[end + 1 :].strip()


def closing(text, opening):
    """Where the bracket at `opening` closes; brackets in string literals do not count."""
    left, right, depth, at = text[opening], PAIRS[text[opening]], 0, opening
    while at < len(text):
        token = TOKEN.match(text, at).group()
        depth += (token == left) - (token == right)
        if depth == 0:
            return at
        at += len(token)
    raise AssertionError(f"{left} without {right}")


def comma(text, start):
    """Where a field's type ends: at the first comma outside of all brackets, or at the end."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "<([") - (text[at] in ">)]")
        if text[at] == "," and depth == 0:
            return at
    return len(text)
