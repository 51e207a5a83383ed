"""What biz_content of a sample may look like before it is encrypted: the texts that the search knows beforehand. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from shim import codec
from shim.learn.samples import Sample

CONTENT = "biz_content"
_DECODER = json.JSONDecoder(strict=False)


def expected_texts(sample: Sample) -> dict[str, str]:
    """The texts of biz_content that InData gives, by the words of content_text and content_order.

    ``compact``: rewritten; ``sorted``: rewritten with sorted names; ``verbatim``: as it stands in InData.
    """
    content = sample.content
    if content is None:
        return {"compact": ""}
    if not isinstance(content, (dict, list)):
        return {"compact": str(content)}
    texts = {"compact": codec.dumps(content), "sorted": codec.dumps(content, sort_keys=True)}
    literal = verbatim(sample.in_text, CONTENT)
    if literal is not None:
        texts["verbatim"] = literal
    return texts


def verbatim(text: str, name: str) -> str | None:
    """The value of a top-level field, letter for letter as it stands in a JSON text; a string's own text.

    None where it is not found at the first place where the name stands.
    """
    match = re.search(rf'"{re.escape(name)}"\s*:\s*', text)
    if match is None:
        return None
    try:
        value, end = _DECODER.raw_decode(text, match.end())
    except ValueError:
        return None
    return value if isinstance(value, str) else text[match.end() : end]


def inner_fields(text: str) -> Mapping[str, Any]:
    """The fields of a biz_content; empty where it is no object."""
    try:
        value = codec.loads(text, CONTENT)
    except Exception:
        return {}
    return value if isinstance(value, dict) else {}
