/* signals_posix.c - keeps CPython from changing what the host does with signals. For the core.
 *
 * CPython installs a handler for SIGINT when its module _signal is imported, whatever its configuration says, and Ctrl-C
 * would end no host any more. The build gives the call of sigaction in libpython this name.
 */
#include <signal.h>
#include <stddef.h>

/* What sigaction answers, without its effect. */
__attribute__((visibility("default"))) int vcshim_sigaction(
    int number, const struct sigaction *wanted, struct sigaction *present);

int vcshim_sigaction(int number, const struct sigaction *wanted, struct sigaction *present)
{
    (void)wanted;
    return sigaction(number, NULL, present);
}
