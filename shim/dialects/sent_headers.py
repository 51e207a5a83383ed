"""The HTTP headers that a dialect adds to a request. Pure; used by both DLLs' modules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shim import codec
from shim.settings.pairs import Pairs

_FIELD = "field:"
# No text of a host may end a header, or the head.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def sent_headers(headers: Pairs, sent: Mapping[str, Any]) -> Pairs:
    """The headers with their values; one that is a field of the body has that field's, without control characters.

    What is not ASCII goes out in UTF-8: transports write a header's characters as Latin-1.
    """
    return tuple((name, _value(value, sent).encode("utf-8", "replace").decode("latin-1")) for name, value in headers)


def _value(value: str, sent: Mapping[str, Any]) -> str:
    if not value.startswith(_FIELD):
        return value
    field = sent.get(value.removeprefix(_FIELD))
    text = "" if field is None else field if isinstance(field, str) else codec.dumps(field)
    return _CONTROLS.sub(" ", text).strip()
