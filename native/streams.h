/* streams.h - keeps a GUI host alive while CPython opens sys.stdin, sys.stdout and sys.stderr. For boot.c only. */
#ifndef VCSHIM_STREAMS_H
#define VCSHIM_STREAMS_H

/* From hide to show, python3NN.dll sees no descriptors 0-2, so that sys.std* become None. The handles of the host
 * are not touched. 0 where the import to override was not found: then nothing may be started. */
int vcshim_streams_hide(void);
void vcshim_streams_show(void);
#endif
