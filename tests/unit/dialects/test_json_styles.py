"""JSON as vendors' libraries write it, by literals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim import codec
from shim.dialects.json_styles import ESCAPES, LAYOUTS, JsonText, styled_json

VALUE: dict[str, Any] = {"a": 1, "b": {"c": [True, None, "x"], "d": {}, "e": []}}
LAID_OUT = {
    "none": '{"a":1,"b":{"c":[true,null,"x"],"d":{},"e":[]}}',
    "colon": '{"a": 1,"b": {"c": [true,null,"x"],"d": {},"e": []}}',
    "both": '{"a": 1, "b": {"c": [true, null, "x"], "d": {}, "e": []}}',
    "comma": '{"a":1, "b":{"c":[true, null, "x"], "d":{}, "e":[]}}',
    "around-colon": '{"a" : 1,"b" : {"c" : [true,null,"x"],"d" : {},"e" : []}}',
    "around-both": '{"a" : 1, "b" : {"c" : [true, null, "x"], "d" : {}, "e" : []}}',
    "indent-2": '{\n  "a": 1,\n  "b": {\n    "c": [\n      true,\n      null,\n      "x"\n    ],\n'
    '    "d": {},\n    "e": []\n  }\n}',
    "indent-4": '{\n    "a": 1,\n    "b": {\n        "c": [\n            true,\n            null,\n            "x"\n'
    '        ],\n        "d": {},\n        "e": []\n    }\n}',
    "indent-2-crlf": '{\r\n  "a": 1,\r\n  "b": {\r\n    "c": [\r\n      true,\r\n      null,\r\n      "x"\r\n    ],\r\n'
    '    "d": {},\r\n    "e": []\r\n  }\r\n}',
    "indent-4-crlf": '{\r\n    "a": 1,\r\n    "b": {\r\n        "c": [\r\n            true,\r\n            null,\r\n'
    '            "x"\r\n        ],\r\n        "d": {},\r\n        "e": []\r\n    }\r\n}',
    "jsoncpp": '{\n   "a" : 1,\n   "b" : {\n      "c" : [\n         true,\n         null,\n         "x"\n      ],\n'
    '      "d" : {},\n      "e" : []\n   }\n}',
    "cjson": '{\n\t"a":\t1,\n\t"b":\t{\n\t\t"c":\t[\n\t\t\ttrue,\n\t\t\tnull,\n\t\t\t"x"\n\t\t],\n'
    '\t\t"d":\t{},\n\t\t"e":\t[]\n\t}\n}',
}
TEXT = "中𬱖/<>&'=\"\t\x01é"
ESCAPED = {
    "none": r'"中𬱖/<>&' + "'" + r'=\"\t\u0001é"',
    "unicode": r'"\u4e2d\ud873\udc56/<>&' + "'" + r'=\"\t\u0001\u00e9"',
    "slash": r'"中𬱖\/<>&' + "'" + r'=\"\t\u0001é"',
    "unicode-slash": r'"\u4e2d\ud873\udc56\/<>&' + "'" + r'=\"\t\u0001\u00e9"',
    "unicode-upper": r'"\u4E2D\uD873\uDC56/<>&' + "'" + r'=\"\t\u0001\u00E9"',
    "unicode-upper-slash": r'"\u4E2D\uD873\uDC56\/<>&' + "'" + r'=\"\t\u0001\u00E9"',
    "html": r'"中𬱖/\u003c\u003e\u0026\u0027\u003d\"\t\u0001é"',
    "html-unicode": r'"\u4e2d\ud873\udc56/\u003c\u003e\u0026\u0027\u003d\"\t\u0001\u00e9"',
}


@pytest.mark.parametrize("spaces", LAYOUTS)
def test_layouts(spaces: str) -> None:
    assert styled_json(VALUE, spaces=spaces) == LAID_OUT[spaces]


@pytest.mark.parametrize("escape", ESCAPES)
def test_escapes(escape: str) -> None:
    assert styled_json(TEXT, escape=escape) == ESCAPED[escape]
    assert styled_json({TEXT: 1}, escape=escape) == f"{{{ESCAPED[escape]}:1}}"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(codec.Number("1.10")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.sampled_from(sorted(LAYOUTS)), st.sampled_from(sorted(ESCAPES)), st.booleans())
def test_what_is_written_is_read_as_it_was(value: Any, spaces: str, escape: str, sort_keys: bool) -> None:
    assert codec.dumps(codec.loads(styled_json(value, spaces=spaces, escape=escape), "x")) == codec.dumps(value)
    assert styled_json(value, sort_keys=sort_keys) == codec.dumps(value, sort_keys=sort_keys)


def test_json_text_is_written_as_it_is() -> None:
    assert (
        styled_json({"a": JsonText('{"b" : 1.0}')}, spaces="indent-2", escape="unicode") == '{\n  "a": {"b" : 1.0}\n}'
    )
