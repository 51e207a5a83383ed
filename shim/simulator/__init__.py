"""Both platforms on one's own desk, for whoever develops, tests or demonstrates without a network. L3.

========================  ==========================================================================================
persons                   the fictitious people, accounts and terminals that the platforms know from the start
state                     what changes, in SQLite: cards, authorisations, serial numbers, tokens, the log of calls
codes                     the 多码融合码 as text: written and read
sealing                   sign and cipher, written out once more
messages                  a request's words, its refusal, the note of a call
wishes, faults            what a caller may ask of the simulator; what stands for all callers, and how often
gateway, cards            the 多码融合 platform: the envelope, and the eight methods of VC 4
insurance                 the 医保电子凭证 platform
platform                  both as one application: a request's bytes in, an answer's bytes out
inprocess                 its door without a socket: the URL ``sim:``
server, api, pages        its door on a socket, with an interface for programs and pages for people
========================  ==========================================================================================

The platforms check every request as strictly as the real ones and share no sealing code with the client: a mistake on
both sides could cancel out. Only the primitives of shim.crypto are shared. Fictitious data only.
"""
