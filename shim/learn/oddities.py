"""What calls that do not fit have in common, and none of the others has. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shim.learn.samples import Sample, text_of


def common_to(odd: Sequence[Sample], others: Sequence[Sample]) -> str:
    """Features as words: ``empty remark``, ``enc_type=SM4``, ``another key``; "" where there is none."""
    if not odd:
        return ""
    shared = set(_features(odd[0]))
    for each in odd[1:]:
        shared &= set(_features(each))
    usual = {feature for each in others for feature in _features(each)}
    ordered = [feature for feature in _features(odd[0]) if feature in shared - usual]
    keys = {each.key for each in others}
    if all(each.key not in keys for each in odd):
        ordered.insert(0, "another key")
    return "; ".join(dict.fromkeys(ordered[:4]))


def _features(sample: Sample) -> Iterator[str]:
    content = sample.content if isinstance(sample.content, dict) else {}
    for prefix, fields in (("", sample.host), ("biz_content.", content)):
        for name, value in fields.items():
            if name in ("key", "sign", "biz_content"):
                continue
            if value is None:
                yield f"null {prefix}{name}"
            elif value == "":
                yield f"empty {prefix}{name}"
            elif isinstance(value, bool) or not isinstance(value, str):
                yield f"{type(value).__name__} {prefix}{name}"
            elif not value.isascii():
                yield f"non-ASCII {prefix}{name}"
            elif value != value.strip():
                yield f"blanks {prefix}{name}"
            elif any(mark in value for mark in "+&=%"):
                yield f"mark {prefix}{name}"
    for name in ("method", "enc_type", "sign_type", "version"):
        yield f"{name}={text_of(sample.host.get(name))}"
    for name in ("biz_content.", ""):
        fields = content if name else sample.host
        for each in fields:
            yield f"has {name}{each}"
    if not sample.in_text.isascii():
        yield "non-ASCII"
