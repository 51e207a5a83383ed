"""An exception at every line of a call: what the host is told agrees with what was sent, and the next call works.

`injection` raises, `platform` records what really arrives, `scenes` are the calls, `campaign` judges. The suite runs a
sample of the points (tests/unit/raised); `python3 build_dll.py faults --raised` runs all of them. `saboteur` does the
same inside a built product (tests/product/test_raised.py).
"""
