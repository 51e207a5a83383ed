"""The dictionaries of both documents by name, one module each.

What it is: a read-only mapping. What it is not: a registry that others add to. Used through ``shim.spec``.
Editions: VC V1.1.2 of 2020-06-08, EC XJ-D01-2019 of 2019-12-17.

The two long tables, departments and regions, are imported when they are first asked for. The imports are written out
so that a freezing tool finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from shim.spec.dictionaries.apply_methods import APPLY_METHODS
from shim.spec.dictionaries.auth_statuses import AUTH_STATUSES
from shim.spec.dictionaries.business_groups import BUSINESS_GROUPS
from shim.spec.dictionaries.businesses import BUSINESSES
from shim.spec.dictionaries.card_types import CARD_TYPES
from shim.spec.dictionaries.certificate_modes import CERTIFICATE_MODES
from shim.spec.dictionaries.ec_businesses import EC_BUSINESSES
from shim.spec.dictionaries.ec_flags import EC_FLAGS
from shim.spec.dictionaries.ec_id_types import EC_ID_TYPES
from shim.spec.dictionaries.id_types import ID_TYPES
from shim.spec.dictionaries.methods import METHODS
from shim.spec.dictionaries.multi_code_flags import MULTI_CODE_FLAGS
from shim.spec.dictionaries.nations import NATIONS
from shim.spec.dictionaries.sexes import SEXES
from shim.spec.dictionaries.treatments import TREATMENTS
from shim.spec.dictionaries.yes_no import YES_NO
from shim.spec.rows import Dictionary

__all__ = ["DICTIONARIES"]


def _departments() -> Dictionary:
    from shim.spec.dictionaries.departments import DEPARTMENTS

    return DEPARTMENTS


def _regions() -> Dictionary:
    from shim.spec.dictionaries.regions import REGIONS

    return REGIONS


_TABLES: dict[str, Dictionary | Callable[[], Dictionary]] = {
    # VC appendix 2, in its order
    "methods": METHODS,
    "id_types": ID_TYPES,
    "nations": NATIONS,
    "sexes": SEXES,
    "treatments": TREATMENTS,
    "departments": _departments,
    "card_types": CARD_TYPES,
    "regions": _regions,
    "businesses": BUSINESSES,
    "business_groups": BUSINESS_GROUPS,
    # EC appendix C
    "ec_businesses": EC_BUSINESSES,
    "ec_id_types": EC_ID_TYPES,
    "ec_flags": EC_FLAGS,
    # VC chapter 4: values printed inside the parameter tables
    "certificate_modes": CERTIFICATE_MODES,
    "apply_methods": APPLY_METHODS,
    "yes_no": YES_NO,
    "multi_code_flags": MULTI_CODE_FLAGS,
    "auth_statuses": AUTH_STATUSES,
}


class _Dictionaries(Mapping[str, Dictionary]):
    """Reads a long table on first access; Python keeps the module, so the second access is cheap."""

    def __getitem__(self, name: str) -> Dictionary:
        table = _TABLES[name]
        return table if isinstance(table, Dictionary) else table()

    def __contains__(self, name: object) -> bool:
        return name in _TABLES

    def __iter__(self) -> Iterator[str]:
        return iter(_TABLES)

    def __len__(self) -> int:
        return len(_TABLES)


DICTIONARIES: Mapping[str, Dictionary] = _Dictionaries()
