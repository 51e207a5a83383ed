/* returned_code.c - see returned_code.h. */
#include "returned_code.h"
#include "configuration.h"
#include "platform.h"
#include "text.h"

enum { CODE_SLOTS = 64 };

static char codes[CODE_SLOTS][VCSHIM_CODE_ROOM]; /* under the lock */

/* One of the front's own copies of a code, for [abi] return_memory = static and for a host without memory. A code
 * beyond the first 64 different ones gets memory of its own, a few bytes a call; where there is none it becomes
 * `failure`, because another code in its place could be that of success. */
static char *static_code(const char *code, const char *failure)
{
    int32_t slot = 0;
    char *memory;
    vcshim_lock();
    while (slot < CODE_SLOTS && codes[slot][0] != 0 && !vcshim_is_same(codes[slot], code)) slot++;
    memory = slot < CODE_SLOTS ? codes[slot] : vcshim_take(VCSHIM_CODE_ROOM);
    if (memory == NULL)
        memory = (char *)failure;
    else if (slot == CODE_SLOTS || memory[0] == 0)
        vcshim_copy_text(memory, code);
    vcshim_unlock();
    return memory;
}

char *vcshim_lasting_code(const char *code, const char *failure)
{
    char *memory = NULL;
    if (vcshim_setting_of(VCSHIM_RETURN_MEMORY) == VCSHIM_COTASKMEM)
        memory = vcshim_lasting_memory((size_t)vcshim_length_of(code, VCSHIM_CODE_ROOM - 1) + 1);
    if (memory == NULL) return static_code(code, failure);
    vcshim_copy_text(memory, code);
    return memory;
}
