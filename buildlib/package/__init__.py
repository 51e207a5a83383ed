"""What a finished set gets on its way to a hospital: licences, bill of materials, signatures, checksums, an archive.

Not how it is compiled or what ships in it (buildlib/product.py calls both). `components.py` is the table of whatever is
not ours; the other steps read it.
"""
