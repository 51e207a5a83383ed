/* streams.h - keeps CPython from ending its process when it opens the standard streams. For boot.c and vcshim.c. */
#ifndef VCSHIM_STREAMS_H
#define VCSHIM_STREAMS_H

/* Between hide and show python3NN.dll sees no descriptors 0-2, so that sys.std* become None. The host's handles are not
 * touched. hide returns 0 where the import to override was not found: the interpreter must not be started in a host
 * then. hide_unusable hides only those descriptors on which CPython would end the process. */
int vcshim_streams_hide(void);
int vcshim_streams_hide_unusable(void);
void vcshim_streams_show(void);
#endif
