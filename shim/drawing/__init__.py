"""Chinese text and QR codes as dots, for whatever devices show or print. Together with their own drawing, the only
users of Pillow.

Pure but for reading font files. Importing it takes up to a second in a host, so devices import it late, in a thread of
their own or when a label is printed; nothing here runs when the DLL starts.
"""
