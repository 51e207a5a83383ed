/* streams.h - keeps CPython from ending a GUI host when it opens the standard streams. Only for boot.c. */
#ifndef VCSHIM_STREAMS_H
#define VCSHIM_STREAMS_H

/* Between hide and show python3NN.dll sees no descriptors 0-2, so that sys.std* become None. The host's handles are not
 * touched. hide returns 0 where the import to override was not found: the interpreter must not be started then. */
int vcshim_streams_hide(void);
void vcshim_streams_show(void);
#endif
