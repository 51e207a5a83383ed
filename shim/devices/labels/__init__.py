"""The label printer: one file a language's side or a transport, `printing.py` over both. L2."""
