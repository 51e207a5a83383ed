"""Both platforms on one's own desk: `persons` whom they know, `platform` what they answer, `server` how to reach them.

The platforms check every request as strictly as the real ones and share no sealing code with the client: a mistake on
both sides could cancel out. Fictitious data only. L3; the command line starts it.
"""
