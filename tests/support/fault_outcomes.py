"""What a host sees of each fault of the simulator; docs/simulator.md has the same rows."""

from __future__ import annotations

# directives, codes of VirtualCardTrans, codes of NationEcTrans
SEEN = [
    ("delay:20", "00", "0000"),
    ("delay:3000", "3003", "-1"),
    ("never:1", "3003", "-1"),
    ("early:1", "3003 8002", "-1 -3"),
    ("reset:1", "3003", "-1"),
    ("drop:1", "3003", "-1"),
    ("half:1", "3003", "-1"),
    ("drip:1,refuse:9998", "9998", "9998"),
    ("drip:40", "3003", "-1"),
    ("http:500", "3003", "-1"),
    ("http:504", "3003", "-1"),
    ("http:302", "3003", "-1"),
    ("http:200", "3003", "-1"),
    ("status:201", "00", "0000"),
    ("status:500", "3003", "-1"),
    ("status:500,refuse:9998", "9998", "9998"),
    ("empty:1", "3003", "-1"),
    ("huge:1", "3003", "-1"),
    ("label:gbk", "00", "0000"),
    ("refuse:3003", "3003", "3003"),
    ("refuse:E-7", "9998", "-1"),
    ("refuse:00%00", "9998", "-1"),
    ("refuse:0000%00", "9998", "-1"),
]
