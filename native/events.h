/* events.h - writes to the Windows Event Log what the front has to say where there is no log of ours.
 *
 * The source is `vcshim` in the log Application. It need not be registered: the viewer then shows the text behind a sentence
 * of its own. Python writes its own events (shim/windows_events.py); the numbers are the same. Used by failure.c alone.
 */
#ifndef VCSHIM_EVENTS_H
#define VCSHIM_EVENTS_H
#include "platform.h"

/* The numbers of the events, as shim/windows_events.py has them; 1 is a start, which Python tells. */
enum vcshim_event { VCSHIM_EVENT_FAILURE = 2, VCSHIM_EVENT_FALL_BACK = 3 };

/**
 * vcshim_tell_system:
 * @event: which
 * @text: UTF-8; copied
 * @count: bytes of @text
 *
 * Has a thread of ours write the event and does not wait for it: writing asks a service, which may hang. While one is being
 * written, another one is lost. Does nothing on POSIX, while the process ends, and without advapi32 in System32.
 */
void vcshim_tell_system(enum vcshim_event event, const char *text, int32_t count);
#endif
