"""docker-compose.yml as Compose would see it: variables filled in, merge keys resolved. Knows nothing of our rules."""

import re

import yaml
from tree import read

VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?:(:?[-?+])([^}]*))?\})")


def dotenv(text):
    pairs = [line.partition("=") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def interpolate(text, values):
    """`${NAME}`, `${NAME:-default}`, `${NAME:?message}` as in the Compose specification; others are refused."""

    def one(match):
        name, operator, argument = match.groups()
        if name is None:
            return "$"
        value = values.get(name)
        if operator in (None, ""):
            assert value is not None, f"${{{name}}} is neither set nor given a default"
            return value
        if operator == ":-":
            return value or argument
        assert operator == ":?", f"{operator} is not used here"
        if not value:
            raise KeyError(f"{name}: {argument}")
        return value

    return VARIABLE.sub(one, text)


def fill(node, values):
    """Every text below `node` interpolated: after the YAML was read, as Compose does it."""
    if isinstance(node, dict):
        return {key: fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value, values) for value in node]
    return interpolate(node, values) if isinstance(node, str) else node


def compose(values=None):
    """The whole file, with the values of .env.example unless others are given."""
    return fill(yaml.safe_load(read("docker-compose.yml")), dotenv(read(".env.example")) if values is None else values)


def variables():
    """The names of all variables that the file asks for."""
    return {match.group(1) for match in VARIABLE.finditer(read("docker-compose.yml")) if match.group(1)}
