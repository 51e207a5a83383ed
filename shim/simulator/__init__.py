"""Both platforms on this machine: for developing, testing and demonstrating without a network.

========================  ==========================================================================================
persons                   the fictitious people, accounts and terminals of a new state
state, store              what the platforms remember, in SQLite; one table to a file in store
health_codes              the 多码融合码 as text: written and read
insurance_digits          the same for the digits of an insurance code on a phone
sealing                   sign and cipher, implemented independently of the client
messages                  refusal, record of a call, reply; JSON
directives, faults        what a request may ask of the simulator; rules that apply it to all requests
field_faults              what is wrong with the fields of a request, by the tables of shim.spec
gateway, cards            the 多码融合 platform: the envelope, and the eight methods of VC 4
insurance                 the 医保电子凭证 platform
platforms                 both as one application: bytes of a request in, bytes of an answer out
inprocess                 the application without a socket: the URL ``sim:``
server, http_exchange     the application on a socket
http_guard                requests that the server refuses: a foreign Host, a change by another site's page
connection_limits         how long and how many connections it keeps
api, pages                the server's interface for programs, and its pages for people
========================  ==========================================================================================

The platforms check every request as strictly as the real ones do. They share no sealing code with the client, because a
mistake on both sides could cancel out; only the primitives of shim.crypto are shared. All data is fictitious.
"""
