"""What is said when a call fails: the rows, a file a room, and how a row becomes the text for a host (clerk.py).

A row is a `Message` (shim/errors.py). Whoever raises an error names its row and gives the facts; nobody writes a
sentence of his own. docs/messages.md is generated from the rows (shim/commands/message_tables.py).

Imports nothing but shim/errors.py and shim/spec; every layer may use it.
"""
