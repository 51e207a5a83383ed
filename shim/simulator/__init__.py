"""Both platforms on one's own desk, for whoever develops, tests or demonstrates without a network. L3.

========================  ==========================================================================================
persons                   the fictitious people, accounts and terminals that the platforms know from the start
state                     what changes: cards, authorisations, serial numbers, tokens; each change is one method
codes                     the 多码融合码 as text: written and read
sealing                   sign and cipher, written out once more
messages, wishes          a request's words and its refusal; what a caller may ask of the simulator
gateway, cards            the 多码融合 platform: the envelope, and the eight methods of VC 4
insurance                 the 医保电子凭证 platform
platform                  the door: a request's bytes in, an answer's bytes out; no socket
server                    the same on a socket
========================  ==========================================================================================

The platforms check every request as strictly as the real ones and share no sealing code with the client: a mistake on
both sides could cancel out. Only the primitives of shim.crypto are shared. Fictitious data only.
"""
