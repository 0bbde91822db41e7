"""The JSON Schema of a condition: what an editor's program can check before the engine judges features and values."""

from typing import Any

_CONDITION = {"$ref": "#/$defs/Condition"}
_PARTS = {"type": "array", "items": _CONDITION, "minItems": 1}


def _only(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {key: value}, "required": [key], "additionalProperties": False}


CONDITION_SCHEMA: dict[str, Any] = {
    "title": "Condition",
    "description": "One of all, any, not, use and always, or one comparison of a feature with a value.",
    "anyOf": [
        _only("all", _PARTS),
        _only("any", _PARTS),
        _only("not", _CONDITION),
        _only("use", {"type": "string", "description": "The code of a definition."}),
        _only("always", {"const": True}),
        {
            "type": "object",
            "properties": {
                "feature": {"type": "string", "description": "A feature of the dictionary."},
                "op": {"enum": ["=", "in", "<", "<=", ">", ">=", "contains", "contains_any", "is_known"]},
                "value": {"type": ["string", "number", "boolean", "array"]},
            },
            "required": ["feature", "op"],
            "additionalProperties": False,
        },
    ],
}
