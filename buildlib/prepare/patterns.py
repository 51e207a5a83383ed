"""Patterns that are compiled already. Ships as vcshim_patterns, with the table behind it; used by `re` alone."""

import _sre  # type: ignore[import-not-found]

TYPE_CHECKING = False  # `typing` would be imported for it alone
if TYPE_CHECKING:
    import re

MAGIC = 0  # of the codes, see Modules/_sre/sre_constants.h
PATTERNS: "dict[tuple[str | bytes, int], tuple[int, tuple[str | None, ...], bytes]]" = {}


def prepared(pattern: "str | bytes", flags: int) -> "re.Pattern[str] | re.Pattern[bytes] | None":
    """The pattern, without compiling it; None for one that is not in the table."""
    row = PATTERNS.get((pattern, flags))
    if row is None or MAGIC != _sre.MAGIC:
        return None
    flags, names, code = row
    groups = {name: index for index, name in enumerate(names) if name is not None}
    return _sre.compile(pattern, flags, memoryview(code).cast("I").tolist(), len(names) - 1, groups, names)  # type: ignore[no-any-return]
