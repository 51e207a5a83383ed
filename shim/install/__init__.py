"""Putting a set of vcshim into a HIS folder, choosing another one, and giving the vendor's DLLs back.

What it is: the one implementation behind `vcshim install`, `rollback` and `uninstall`, and so behind the setup program
(buildlib/installer). What it is not: texts for people (shim/commands/catalogue), settings, or anything that a call of a
host needs.

A HIS folder is changed in one `transaction`: everything that may fail for want of room is done beside the files in use,
then a list of changes is written down, then each change is one renaming. A run that is killed leaves DLLs that work,
whichever of them are in place, and the next run undoes or finishes what the list says. `docs/design/install.md` has the
order of the steps and why every state between them works.
"""
