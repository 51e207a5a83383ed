"""Chinese text and QR codes as dots: the only room that knows Pillow, for whatever devices show or print.

Pure but for reading font files. Importing it costs up to a second in a host, so L2 and above import it late, in a
thread of their own or when a label is wanted; nothing here runs when the DLL starts. L1.
"""
