"""The local web service for a HIS that is a page in a browser: HTTP and WebSocket on 127.0.0.1, JSON in and out.

It calls the DLLs of a HIS folder as any host program does, in a process of its own that a crash may end. `guard` says
who is refused, `request` what is asked, `calls` carries it out, `server` is the web server, `worker` the process with
the DLLs. Not in the DLLs, and not needed by them; started by `vcshim bridge`.
"""
