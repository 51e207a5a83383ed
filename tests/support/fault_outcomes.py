"""What a host gets for each fault of the simulator; docs/simulator.md has the same rows."""

from __future__ import annotations

# directives, codes of VirtualCardTrans, code of NationEcTrans
SEEN = [
    ("delay:20", "00", "0000"),
    ("delay:3000", "3003", "-3"),
    ("never:1", "3003", "-3"),
    ("early:1", "3003 8002", "-3"),
    ("reset:1", "3003", "-3"),
    ("drop:1", "3003", "-3"),
    ("half:1", "3003", "-3"),
    ("drip:1,refuse:9998", "9998", "9998"),
    ("drip:40", "3003", "-3"),
    ("http:500", "9008", "-1"),
    ("empty:1", "9004", "-1"),
    ("huge:1", "9008", "-1"),
    ("label:gbk", "00", "0000"),
    ("refuse:3003", "3003", "3003"),
]
