/* forks_posix.h - what a front tells the core of a fork. Included by platform_posix.c and forks_posix.c. */
#ifndef VCSHIM_FORKS_POSIX_H
#define VCSHIM_FORKS_POSIX_H

enum vcshim_fork { VCSHIM_BEFORE_FORK, VCSHIM_AFTER_FORK_IN_PARENT, VCSHIM_AFTER_FORK_IN_CHILD };

/**
 * vcshim_core_fork:
 * @when: one of enum vcshim_fork
 *
 * Exported by the core. Called by the thread that forks, by each front that has loaded the core; the first one counts.
 */
typedef void (*vcshim_core_fork_fn)(int when);
#endif
