"""Dataclasses whose methods are written already. Ships as vcshim_classes; imported by `dataclasses` at its end.

Takes the place of `dataclasses._process_class` for the classes that record.py has recorded: nothing is written as text
and compiled, and of a class with slots one is made instead of two. What it makes is the same otherwise.
"""

import dataclasses
import marshal
import sys
from types import FunctionType, MemberDescriptorType

TYPE_CHECKING = False  # `typing` would be imported for it alone
if TYPE_CHECKING:
    from typing import Any

_library: "Any" = dataclasses  # with its parts that are not public
_process_any_class = _library._process_class
_GIVEN: "dict[str, Any]" = {
    "MISSING": dataclasses.MISSING,
    "_HAS_DEFAULT_FACTORY": _library._HAS_DEFAULT_FACTORY,
    "__dataclass_builtins_object__": object,
    "FrozenInstanceError": dataclasses.FrozenInstanceError,
}


def process_class(
    cls: "Any", init: bool, repr: bool, eq: bool, order: bool, unsafe_hash: bool, frozen: bool, match_args: bool,
    kw_only: bool, slots: bool, weakref_slot: bool,
) -> "Any":  # fmt: skip
    """What @dataclass does with a class."""
    module = sys.modules[cls.__module__].__dict__
    record = module.get("__dataclasses__", {}).get(cls.__qualname__)
    if record is None:
        return _process_any_class(
            cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot
        )
    code, given, names, field_names, own_slots, matched = marshal.loads(record)
    values = [_GIVEN[name] if name in _GIVEN else cls if name == "cls" else _default(cls, name) for name in given]
    methods = FunctionType(code, module)(*values)
    namespace = {name: value for name, value in cls.__dict__.items() if name not in field_names}
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    if frozen:
        namespace.setdefault("__getstate__", _library._dataclass_getstate)
        namespace.setdefault("__setstate__", _library._dataclass_setstate)
    for name, method in zip(names, methods, strict=True):
        namespace[name] = _library._recursive_repr(method) if name == "__repr__" else method
    if matched is not None:
        namespace["__match_args__"] = matched
    namespace["__slots__"] = own_slots
    namespace["__qualname__"] = cls.__qualname__
    namespace["__dataclass_params__"] = _library._DataclassParams(init, repr, eq, order, unsafe_hash, frozen)
    namespace["__dataclass_fields__"] = _FieldsLater(cls, kw_only)
    return type(cls)(cls.__name__, cls.__bases__, namespace)


def _default(cls: "Any", name: str) -> "Any":
    """The default, or its factory, of the field that the text of a method calls _dflt_NAME."""
    name = name.removeprefix("_dflt_")
    value = cls.__dict__[name] if name in cls.__dict__ else cls.__base__.__dataclass_fields__[name]
    if isinstance(value, dataclasses.Field):
        return value.default if value.default_factory is dataclasses.MISSING else value.default_factory
    return value


def _field(cls: "Any", name: str, type_: str, kw_only: bool) -> "Any":
    """The field of this name. The library has looked at it when it was recorded: no ClassVar, no default that changes.

    NB: its own _get_field asks `typing`, of which there is a part only while another thread imports it.
    """
    made: Any = getattr(cls, name, dataclasses.MISSING)
    if not isinstance(made, dataclasses.Field):
        has_default = not isinstance(made, MemberDescriptorType)
        made = _library.field(default=made if has_default else dataclasses.MISSING)
    made.name, made.type, made._field_type = name, type_, _library._FIELD
    if made.kw_only is dataclasses.MISSING:
        made.kw_only = kw_only
    return made


class _FieldsLater:
    """The fields of a class, made when they are asked for: by fields(), replace() or a class derived from it."""

    __slots__ = ("_cls", "_fields", "_kw_only")

    def __init__(self, cls: "Any", kw_only: bool) -> None:
        self._cls, self._kw_only = cls, kw_only
        self._fields: dict[str, Any] | None = None

    def __get__(self, instance: object, owner: type) -> "dict[str, Any]":
        if self._fields is None:
            fields: dict[str, Any] = {}
            for base in self._cls.__mro__[-1:0:-1]:
                fields.update(getattr(base, "__dataclass_fields__", {}))
            for name, type_ in vars(self._cls).get("__annotations__", {}).items():
                fields[name] = _field(self._cls, name, type_, self._kw_only)
            self._fields = fields
        return self._fields


_library._process_class = process_class
