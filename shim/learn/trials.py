"""A dialect held against captured requests: each is sealed anew by the product's own code and compared byte for byte.

Here the columns are found that only show in the bytes: order, blanks, escapes, what becomes of empty fields. Each is
tried in all its values, in three steps of which the later ones do not change what the earlier ones see: the text of
biz_content, the order of the fields, the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from shim import codec
from shim.dialects.body import ENDS
from shim.dialects.dialect import Dialect
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.virtualcard import parse_vc_request, seal_vc_request
from shim.errors import ShimError
from shim.learn.content import inner_fields
from shim.learn.recorded import CapturedMaker
from shim.learn.samples import Sample, parsed

_FEW = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """A captured request with what is known of it.

    Attributes:
        plain: biz_content as it was before it was encrypted.
        secret: that signs and encrypts.
        content: the name of biz_content on the wire.
        iv: that was sent, in lower hex.
    """

    sample: Sample
    plain: str
    secret: str
    content: str
    iv: str = ""

    def body(self, row: Dialect) -> bytes | None:
        """What `row` makes of InData; None where it refuses it."""
        sample = self.sample
        in_text = sample.in_text if sample.key else codec.dumps({**sample.host, "key": self.secret})
        inner = inner_fields(self.plain)
        wire = {**sample.wire, self.content: inner, "biz_content": inner}
        maker = CapturedMaker(wire, sample.call.began, sample.call.ended, self.iv)
        try:
            request = replace(parse_vc_request(in_text, row), secret=self.secret)
            code = inner.get(request.scans or "")
            if request.scans and code and not request.content.get(request.scans):
                request.content[request.scans] = code
            return seal_vc_request(request, row, maker)
        except (ShimError, ValueError, KeyError):
            return None

    def agrees(self, row: Dialect) -> bool:
        """Whether `row` makes the very bytes that were sent."""
        return self.body(row) == self.sample.exchange.body

    def fields(self, row: Dialect) -> Mapping[str, Any] | None:
        """The fields that `row` makes, without encryption; None where they cannot be read."""
        body = self.body(replace(row, ciphers={word: None for word in row.ciphers}, content_form="string"))
        if body is None:
            return None
        value = parsed(codec.decode(body, row.body_charset, "")[0])
        return value if isinstance(value, dict) else None


_Values = Mapping[str, Any]
# Where fields are put in, the likely first.
PUT_PLACES = ("end", "start", "code-last")


def fitted(row: Dialect, trials: Sequence[Trial]) -> Dialect:
    """`row` with the columns of biz_content and of the body that fit the most requests."""
    few = _few(trials)
    if row.body_form == "form":
        return _best(row, _orders(few), few, _same_order)
    row = _best(row, _contents(), few, _same_content)
    row = _best(row, _spacing("content"), few, _same_content)
    row = _best(row, _orders(few), few, _same_order)
    row = _best(row, _bytes(few), few, lambda each, changed: each.agrees(changed))
    return _best(row, _spacing("body"), few, lambda each, changed: each.agrees(changed))


def alternatives(row: Dialect, trials: Sequence[Trial]) -> dict[str, tuple[str, ...]]:
    """By column, the values that give the same bytes for all requests that `row` reproduces."""
    agreeing = [each for each in trials if each.agrees(row)]
    same: dict[str, list[str]] = {}
    for column, values in _COLUMNS.items():
        for value in values:
            change: dict[str, Any] = {column: value}
            if value != getattr(row, column) and all(each.agrees(replace(row, **change)) for each in agreeing):
                same.setdefault(column, []).append(value)
    return {column: tuple(values) for column, values in same.items()}


# The columns that one request more may decide.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "content_text": ("compact", "verbatim"),
    "content_order": ("kept", "sorted"),
    "content_empty": ("keep", "drop"),
    "content_values": ("as-is", "text", "text-null"),
    "content_escape": ("none", "unicode", "slash", "unicode-slash"),
    "content_place": ("end", "host"),
    "body_order": ("kept", "sorted"),
    "body_empty": ("keep", "drop"),
    "body_values": ("as-is", "text", "text-null"),
    "body_charset": ("utf-8", "gbk"),
    "body_escape": ("none", "unicode", "slash", "unicode-slash", "html"),
    "sign_place": ("end", "start", "host"),
    "host_words": ("tidied", "kept"),
}


def _few(trials: Sequence[Trial]) -> list[Trial]:
    """Requests of as many shapes as there are: by method, empty fields, charset and slashes."""
    shapes: dict[tuple[object, ...], Trial] = {}
    for each in trials:
        text = each.sample.in_text
        shape = (
            each.sample.host.get("method"),
            each.sample.host.get("enc_type"),
            text.isascii(),
            "/" in text,
            any(value in (None, "") for name, value in each.sample.host.items() if name != "sign"),
        )
        shapes.setdefault(shape, each)
    chosen = list(shapes.values())[:_FEW]
    return chosen + [each for each in trials if each not in chosen][: max(0, 4 - len(chosen))]


def _best(
    row: Dialect, changes: Iterable[_Values], trials: Sequence[Trial], agrees: Callable[[Trial, Dialect], bool]
) -> Dialect:
    """`row` with the change that most requests agree with; the earlier one of equals."""
    best, most = row, sum(agrees(each, row) for each in trials)
    for change in changes:
        if most == len(trials):
            return best
        changed = replace(row, **change)
        if not agrees(trials[0], changed) and most:
            continue
        count = sum(agrees(each, changed) for each in trials)
        if count > most:
            best, most = changed, count
    return best


def _same_content(trial: Trial, row: Dialect) -> bool:
    fields = trial.fields(row)
    return fields is not None and fields.get(trial.content) == trial.plain


def _same_order(trial: Trial, row: Dialect) -> bool:
    fields = trial.fields(row)
    return fields is not None and list(fields) == list(trial.sample.wire)


def _contents() -> Iterator[_Values]:
    for put, text, order, empty, values, words in product(
        PUT_PLACES,
        ("compact", "verbatim"),
        ("kept", "sorted"),
        ("keep", "drop"),
        ("as-is", "text", "text-null"),
        ("tidied", "kept"),
    ):
        yield {
            "content_text": text, "content_order": order, "content_empty": empty, "content_values": values,
            "host_words": words, "put_place": put,
        }  # fmt: skip


def _spacing(part: str) -> Iterator[_Values]:
    for spaces, escape in product(LAYOUTS, ESCAPES):
        yield {f"{part}_spaces": spaces, f"{part}_escape": escape}


def _orders(trials: Sequence[Trial]) -> Iterator[_Values]:
    rows = list(_usual_orders(trials))
    yield from rows
    for put in PUT_PLACES[1:]:
        yield from ({**row, "put_place": put} for row in rows)


def _usual_orders(trials: Sequence[Trial]) -> Iterator[_Values]:
    for words, empty in product(("tidied", "kept"), ("keep", "drop")):
        for place, sign in product(("end", "host"), ("end", "start", "host")):
            yield {
                "body_order": "kept",
                "content_place": place,
                "sign_place": sign,
                "body_empty": empty,
                "host_words": words,
            }
        yield {"body_order": "sorted", "body_empty": empty, "host_words": words}
        order = common_order([list(each.sample.wire) for each in trials])
        if order:
            yield {"body_order": "fixed", "body_fields": order, "body_empty": empty, "host_words": words}


def common_order(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """One order of names that all lists keep; empty where two of them contradict each other."""
    after: dict[str, set[str]] = {}
    for names in lists:
        for at, name in enumerate(names):
            after.setdefault(name, set()).update(names[at + 1 :])
    order: list[str] = []
    while after:
        first = next((name for name in after if not any(name in others for others in after.values())), None)
        if first is None:
            return ()
        order.append(first)
        del after[first]
    return tuple(order)


def _bytes(trials: Sequence[Trial]) -> Iterator[_Values]:
    body = trials[0].sample.exchange.body
    mark = "bom" if body.startswith(b"\xef\xbb\xbf") else "none"
    tail = next((word for word in ("crlf", "lf", "nul") if body.endswith(ENDS[word].encode())), "none")
    for form, values, charset in product(("string", "object"), ("as-is", "text", "text-null"), ("utf-8", "gbk")):
        for spaces, escape in product(LAYOUTS, ESCAPES):
            yield {
                "content_form": form, "body_values": values, "body_charset": charset, "body_mark": mark,
                "body_end": tail, "body_spaces": spaces, "body_escape": escape,
            }  # fmt: skip
