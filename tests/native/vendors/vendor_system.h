/* What the vendors need from the operating system; vendor_windows.c and vendor_posix.c provide it. */
#ifndef VENDOR_SYSTEM_H
#define VENDOR_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "memory.h"

/* TCP, IPv4. A line is -1 where there is none. */
long line_open(const char *host, int port);
bool line_send(long line, const char *bytes, size_t size);
long line_receive(long line, char *bytes, size_t room); /* 0: closed, negative: failed */
void line_close(long line);

void system_lock(void); /* one lock for all */
void system_unlock(void);
typedef void system_work(void *context);
void system_in_thread(system_work *work, void *context);         /* and waits for its end */
void system_start(system_work *work, void *context);             /* and does not wait */
void system_pause(unsigned milliseconds);
void system_random(unsigned char *bytes, size_t size);

struct system_time {
    int year, month, day, hour, minute, second, millisecond;
    long long unix_ms;
};
struct system_time system_now(void); /* local time */

/* Between UTF-8 and what 32-bit hospital programs write. Beyond the BMP as GB 18030 has it; `?` for what neither has. */
char *from_gbk(struct pool *pool, const char *text);
char *to_gbk(struct pool *pool, const char *text);

/* Memory that CoTaskMemFree may free. */
char *system_task_memory(const char *text);
/* `[section] key=value` into `file` in the working directory, by WritePrivateProfileString where there is one. */
void system_write_ini(const char *file, const char *section, const char *key, const char *value);

/* Exceptions, where the system has them. */
void system_fault(void);               /* reads from address 0 */
void system_raise(unsigned code);      /* as the C++ of Microsoft does */
void system_fault_and_go_on(void);     /* reads from address 0 under a handler of its own */

#endif
