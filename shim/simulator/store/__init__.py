"""What the platforms remember, in SQLite: one table and its class to a file.

=================  =================================================================================================
database           the file or the memory: opening, transactions, what SQLite's errors mean
single_values      values that exist once: the address of the pages, counters
fault_rules        the fault rules in force
holders            people with a 多码融合码, and their cards
accounts           applications that may call, with their keys
terminals          terminals that are known
serial_numbers     serial numbers of callers that are taken, and the platform's own
authorisations     what an authurl asks a patient for, and the decision
insurance_codes    医保电子凭证
insurance_tokens   ecToken
call_log           the last calls
=================  =================================================================================================

state.SimulatorState puts them together. Every method is atomic; several of them become one with
`Database.transaction`. Any thread may call, several processes may share a file, and every method may raise OSError (see
`Database`). Values that are returned are frozen. The classes know no wire format, no result code and no refusal: those
belong to cards and insurance. Standard library only.
"""
