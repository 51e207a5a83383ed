"""A module that is imported when something of it is first asked for. Ships as vcshim_later; for CPython's library."""

from importlib import import_module

TYPE_CHECKING = False  # `typing` would be imported for it alone
if TYPE_CHECKING:
    from typing import Any


class Later:
    """Stands for a module in the namespace of another one, until that first asks for something of it."""

    def __init__(self, name: str, namespace: "dict[str, Any]", alias: str = "") -> None:
        self._later = name, namespace, alias or name

    def __getattr__(self, attribute: str) -> "Any":
        name, namespace, alias = self._later
        module = namespace[alias] = import_module(name)
        return getattr(module, attribute)
