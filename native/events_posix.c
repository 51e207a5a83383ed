/* events_posix.c - see events.h: there is no such log here. */
#include "events.h"

void vcshim_tell_system(enum vcshim_event event, const char *text, int32_t count)
{
    (void)event;
    (void)text;
    (void)count;
}
