"""The transport by way of requests: `[transport] engine = requests`, for systems on which the other one is in doubt.

Held to the same tests as `shim.transport.sockets` wherever its libraries allow it; docs/design/transport.md says where
they do not.
"""
