"""Typed access to the JSON of an AVID record: null and absent read as empty, another type is unfit."""

from typing import Any

from .records import Unfit


def mapping(owner: dict, key: str, path: str = "") -> dict:
    """The JSON object under `key`; `path` names it in refusals where it is not simply `key`."""
    return _typed(owner.get(key), dict, "an object", path or key) or {}


def objects(owner: dict, key: str, path: str) -> list[dict]:
    return [_typed(item, dict, "a list of objects", path) for item in _items(owner, key, path)]


def texts(owner: dict, key: str, path: str) -> list[str]:
    return [_typed(item, str, "a list of texts", path) for item in _items(owner, key, path)]


def text_at(owner: dict, key: str, path: str) -> str:
    return _typed(owner.get(key), str, "a text", path) or ""


def _items(owner: dict, key: str, path: str) -> list:
    return [item for item in _typed(owner.get(key), list, "a list", path) or [] if item is not None]


def _typed(value: Any, kind: type, called: str, path: str) -> Any:
    if value is not None and not isinstance(value, kind):
        raise Unfit(path, f"must be {called}")
    return value
