/* local_copy_posix.c - see local_copy.h: there are no copies here. */
#include "local_copy.h"

void vcshim_use_local_copy(int wanted, char set[VCSHIM_PATH_MAX], vcshim_copy *report)
{
    (void)wanted;
    (void)set;
    report->outcome = VCSHIM_COPY_UNWANTED;
    report->error = 0;
    report->file[0] = 0;
}
