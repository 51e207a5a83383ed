"""Text that stays letter for letter: where a value stands in it, and what is put into it."""

from __future__ import annotations

import pytest

from shim.dialects.verbatim import put, raw_value, unquoted

PUT = [
    # text, path, value, result
    ('{"a":1}', ("b",), '"x"', '{"a":1,"b":"x"}'),
    ("{}", ("b",), "2", '{"b":2}'),
    ("{ \r\n}", ("b",), "2", '{"b":2 \r\n}'),
    ('{ "a" : 1 , }', ("b",), "2", '{ "a" : 1,"b":2 , }'),
    ('{"a" : "" , "c":[{"a":"}"}]}', ("a",), '"x"', '{"a" : "x" , "c":[{"a":"}"}]}'),
    ('{"a":"\\"}{","b":{"a":0}}', ("b", "a"), "1", '{"a":"\\"}{","b":{"a":1}}'),
    ('{"b":null}', ("b", "a"), "1", '{"b":{"a":1}}'),
    ('{"x":1}', ("b", "a"), "1", '{"x":1,"b":{"a":1}}'),
    ('{"b":"{\\"x\\" : 1}"}', ("b", "a"), '"中"', '{"b":"{\\"x\\" : 1,\\"a\\":\\"中\\"}"}'),
    ('{"b":""}', ("b", "a"), "1", '{"b":"{\\"a\\":1}"}'),
    ('{"\\u0061":1}', ("a",), "2", '{"\\u0061":2}'),
    ('{"a":1,"a":1}', ("a",), "2", '{"a":1,"a":2}'),
    ("\ufeff{'a':1}", ("a",), "2", None),
    ("[1]", ("a",), "2", None),
    ('{"a" 1}', ("a",), "2", None),
    ('{"a":{', ("b",), "2", None),
    ('{"a":"x', ("b",), "2", None),
    ('{"b":5}', ("b", "a"), "1", None),
]


@pytest.mark.parametrize(("text", "path", "value", "result"), PUT)
def test_a_value_is_put_into_a_text(text: str, path: tuple[str, ...], value: str, result: str | None) -> None:
    if result is not None:
        assert put(text, path, value) == result
        return
    with pytest.raises(ValueError):
        put(text, path, value)


def test_the_text_of_a_value() -> None:
    text = '\ufeff {"a" : {"b": [1, "]"] , "c":1.0e2}, }\0'
    assert raw_value(text, "a") == '{"b": [1, "]"] , "c":1.0e2}'
    assert raw_value(text, "a", "b") == '[1, "]"]' and raw_value(text, "a", "c") == "1.0e2"
    assert raw_value(text, "b") is None and raw_value(text, "a", "b", "c") is None


@pytest.mark.parametrize(
    ("text", "inside"),
    [(' {"a":1}\r\n', ' {"a":1}\r\n'), (' "{\\"a\\":1} "\0', '{"a":1} '), ('"x', '"x')],
)
def test_the_text_inside_a_string(text: str, inside: str) -> None:
    assert unquoted(text) == inside


def test_a_long_text_takes_time_in_proportion() -> None:
    """NB: no figure here: with quadratic work this would not end within the limit of the whole suite."""
    text = '{"a":"' + '\\"{' * 300_000 + '","b":' + "[" * 50 + "]" * 50 + "}"
    assert put(text, ("c",), "1").endswith(',"c":1}')
