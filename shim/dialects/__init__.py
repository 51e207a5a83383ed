"""What is sent to a platform and how: dialects as rows, signing and encrypting by them, one module a DLL. No I/O.

::

    virtualcard  nation  merged     the two DLLs, and an insurance code inside verify
    envelope  answers  scanned      signing and encrypting by a row; reading an answer; what a scanned code is
    table                           the presets by name, and a site's own row
    presets                         the rows
    dialect                         the row type: a field for each column, with its words and its help
    columns                         how a column is written in vcshim.ini
    ciphers  keys  signers          what the rows choose from: ciphers; key and IV rules; signatures
    documentation                   the tables of docs/dialects.md
"""
