"""Every text of the commands, in Chinese and English: a file a command, and `common.py` for what they share.

A row is ``NAME = Phrase(chinese, english)`` (shim/commands/language.py); a command that has another text gets another
row, and no text stands in its code. HELP is the line of a command in the list of all commands, DESCRIPTION the head of
its own --help. Not here: what is said of a failure or of vcshim.ini (shim/messages, shim/settings: Chinese, as in the
log), and documents.
"""
