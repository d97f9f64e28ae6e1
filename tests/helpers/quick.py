"""What makes it quick to make thousands of apps: their parts are compiled once, or when needed."""

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class _Compiled(BytecodeCache):
    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket from what was kept."""
        if found := self._kept.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in a bucket."""
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


TEMPLATES = _Compiled()
_compile = Rule._compile_builder


def _when_needed(rule: Rule, append_unknown: bool = True) -> Any:
    made = []

    def build(rule: Rule, **values: Any) -> Any:
        if not made:
            made.append(_compile(rule, append_unknown))
        return made[0](rule, **values)

    return build


def build_addresses_when_needed() -> None:
    """Have a route learn to write its address when it first has to: that is most of an app."""
    Rule._compile_builder = _when_needed  # type: ignore[method-assign]


class _Statements(LRUCache[Any, Any]):
    """Compiled statements of every engine; those of one kind of database read the same."""

    def _kind(self, key: Any) -> Any:
        return (key[0].name, *key[1:])

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what was compiled for any engine of this kind."""
        return super().get(self._kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._kind(key), compiled)


_make_engine = SQLAlchemy._make_engine
_statements = _Statements(5000)


def compile_statements_once() -> None:
    """Have the engines of all apps share what they compiled: that is a third of a test's work."""

    def make(*given: Any) -> Engine:
        engine = _make_engine(*given)
        engine._compiled_cache = _statements
        return engine

    SQLAlchemy._make_engine = make  # type: ignore[method-assign]
