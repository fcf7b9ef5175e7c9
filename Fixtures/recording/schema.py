"""A validator for the part of JSON Schema 2020-12 that truth.schema.json uses."""

import re
from collections.abc import Iterator

_TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
    "null": type(None),
}


def violations(value, schema: dict) -> Iterator[str]:
    """One line for every place where a value breaks a schema."""
    yield from _check(value, schema, schema, "$")


def _check(value, rule: dict, root: dict, at: str) -> Iterator[str]:
    unknown = rule.keys() - _KEYWORDS
    if unknown:
        raise ValueError(f"keywords not known here: {sorted(unknown)}")
    if "$ref" in rule:
        yield from _check(value, root["$defs"][rule["$ref"].removeprefix("#/$defs/")], root, at)
    if "type" in rule:
        names = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        if isinstance(value, bool) or not isinstance(value, tuple(_flat(names))):
            yield f"{at}: not of type {' or '.join(names)}"
            return
    if "const" in rule and value != rule["const"]:
        yield f"{at}: not {rule['const']!r}"
    if "enum" in rule and value not in rule["enum"]:
        yield f"{at}: {value!r} is none of {rule['enum']}"
    if "pattern" in rule and isinstance(value, str) and not re.search(rule["pattern"], value):
        yield f"{at}: {value!r} does not match {rule['pattern']}"
    if isinstance(value, int | float):
        if not rule.get("minimum", value) <= value <= rule.get("maximum", value):
            yield f"{at}: {value} is out of range"
    if isinstance(value, list):
        if len(value) < rule.get("minItems", 0):
            yield f"{at}: too few items"
        for index, part in enumerate(value):
            yield from _check(part, rule.get("items", {}), root, f"{at}[{index}]")
    if isinstance(value, dict):
        yield from _check_object(value, rule, root, at)


def _check_object(value: dict, rule: dict, root: dict, at: str) -> Iterator[str]:
    for name in rule.get("required", []):
        if name not in value:
            yield f"{at}: lacks {name}"
    known = rule.get("properties", {})
    for name, part in value.items():
        others = rule.get("additionalProperties", {})
        if name in known:
            yield from _check(part, known[name], root, f"{at}.{name}")
        elif others is False:
            yield f"{at}: has {name}, which is not defined"
        else:
            yield from _check(part, others, root, f"{at}.{name}")


def _flat(names: list[str]) -> Iterator[type]:
    for name in names:
        kinds = _TYPES[name]
        yield from kinds if isinstance(kinds, tuple) else (kinds,)


_KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "const", "enum", "pattern",
    "minimum", "maximum", "items", "minItems", "properties", "required", "additionalProperties",
}
