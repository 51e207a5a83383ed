/* local_copy.h - a copy of the set on this PC, from which the core is loaded where the set itself is on a share.
 *
 * Windows reads the pages of a DLL when they are first needed, perhaps hours later: a share that is away by then ends the
 * host with STATUS_IN_PAGE_ERROR. And a first call opens the files of the set one by one, over the network, on every PC
 * each morning. So they are copied once, to %LOCALAPPDATA%\vcshim\sets, where other users cannot write.
 *
 * A copy is the folder ID-N: ID is the first 16 digits of the SHA-256 of the set's SHA256SUMS, N the first of 1 to 9 that
 * is not taken by a damaged one. It is made under another name and renamed when it is whole, each file with the checksum
 * of SHA256SUMS. From then on it is taken for whole if the size and the time of each file are what they were then
 * (copy.seal): whoever can write there is the user who runs the host. Every process keeps SHA256SUMS of the copy that it
 * uses open; a copy that no process uses is deleted when it has not been used for a week.
 *
 * Used by core.c alone. On Linux there is none: a host's files are local there, or the site's own affair.
 */
#ifndef VCSHIM_LOCAL_COPY_H
#define VCSHIM_LOCAL_COPY_H
#include "platform.h"

/**
 * vcshim_use_local_copy:
 * @wanted: enum vcshim_local_copy (settings.h)
 * @set: the folder of the set; receives that of the copy, where one is used
 * @report: receives what became of it
 *
 * Waits while another thread of this process makes the copy; not under vcshim_lock(). A process decides once: after a copy
 * that could not be made it makes no other one.
 */
void vcshim_use_local_copy(int wanted, char set[VCSHIM_PATH_MAX], vcshim_copy *report);
#endif
