"""What shim takes from `typing` when it runs. Ships as vcshim_typing, and shim's imports of `typing` are turned to it.

With `from __future__ import annotations` an annotation is a text that nobody reads, so almost every name is needed by
type checkers alone; making all of `typing` took 2 of the 27 ms that the stock interpreter needs to start. Whatever has
no stand-in here comes from `typing` itself.
"""

import collections

TYPE_CHECKING = False
if not TYPE_CHECKING:
    Any = BinaryIO = ClassVar = IO = NoReturn = Self = TextIO = object()
else:
    from typing import Any


class Generic:
    """A base whose parameters are for type checkers."""

    __slots__ = ()

    def __class_getitem__(cls, parameters: object) -> type:
        return cls


class Protocol(Generic):
    """The same for an interface."""

    __slots__ = ()


def TypeVar(name: str, *bounds: object, **more: object) -> str:
    """A name: nothing asks what it stands for."""
    return name


def dataclass_transform(**more: object) -> "Any":
    """A decorator for type checkers."""
    return lambda decorated: decorated


class _NamedTuple(type):
    """Makes the class that typing.NamedTuple makes, without its checks."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: "dict[str, Any]") -> "Any":
        fields = namespace.pop("__annotations__")
        defaults = [namespace.pop(field) for field in fields if field in namespace]
        namedtuple: Any = collections.namedtuple
        made = namedtuple(name, fields, defaults=defaults, module=namespace["__module__"])
        made.__annotations__ = fields
        for key, value in namespace.items():
            if key not in ("__module__", "__qualname__"):
                setattr(made, key, value)
        return made


def _bases_of_named_tuple(bases: tuple[object, ...]) -> tuple[type, ...]:
    return (type.__new__(_NamedTuple, "NamedTuple", (), {}),)


def NamedTuple() -> None:
    """The base of a named tuple: as in `typing` no class but a function with __mro_entries__."""


NamedTuple.__mro_entries__ = _bases_of_named_tuple  # type: ignore[attr-defined]


def __getattr__(name: str) -> "Any":
    if name.startswith("__"):  # __path__, which every import of a name asks for
        raise AttributeError(name)
    import typing

    return getattr(typing, name)
