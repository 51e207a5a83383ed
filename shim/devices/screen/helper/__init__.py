"""The helper process of the extension screen: `main.py` is the program. Never imported by the DLLs."""
