/* getaddrinfo for the wire faults: a library for LD_PRELOAD that answers for names below fault.test, and for those only.
 *
 * `w1500-ok.fault.test` is 127.0.0.1 after 1500 ms; `-none` does not exist, for `-again` no name server can be reached.
 * So a test needs no network and no name server. Not for Windows. Used by tests/support/faults.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int resolver(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    resolver *next;
    *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
    const char *zone = node == NULL ? NULL : strstr(node, ".fault.test");
    if (zone == NULL || node[0] != 'w')
        return next(node, service, hints, result);
    char *kind;
    long milliseconds = strtol(node + 1, &kind, 10);
    struct timespec wait = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&wait, NULL);
    if (strncmp(kind, "-ok.", 4) == 0)
        return next("127.0.0.1", service, hints, result);
    return strncmp(kind, "-again.", 7) == 0 ? EAI_AGAIN : EAI_NONAME;
}
