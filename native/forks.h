/* forks.h - what a fork of the host means for the interpreter. On Windows, where nothing forks, only the start lock.
 *
 * A child has one thread, and a copy of memory that other threads were working on. So no fork happens while Python is at
 * work: before it a thread of ours, the keeper, takes the interpreter's lock (GIL) and runs PyOS_BeforeFork, and holds both
 * until the parent goes on. The child's first call takes over the keeper's thread state, and with it the lock, and runs
 * PyOS_AfterFork_Child on a thread of the child; one that never calls does nothing at all. No Python runs on the thread
 * that forks.
 *
 * All of it is bounded in time: for a start that is going on, which the host may not even know of, twenty seconds, else
 * two. Where the lock could not be had, or Python's side has work that could not be brought to a
 * halt (`unsafe` of shim/forks.py), every call of the child is refused; so it is in a child that was being forked while
 * this library was loaded, for which no handler of ours ran. A bare clone runs none either: the front refuses it
 * (threads.h). The child's copies of descriptors that Python's side names are closed at once. Only boot.c includes this.
 */
#ifndef VCSHIM_FORKS_H
#define VCSHIM_FORKS_H

/**
 * vcshim_lock_start:
 *
 * Held while the interpreter is started, and while a child is settled. Not recursive.
 *
 * Returns: 1; 0 where the lock could not be had: on Windows, by a thread that must not wait for the one that has it, or
 *   that prepares for calls. It holds the loader's lock, or is the last one of a process that ends.
 */
int vcshim_lock_start(void);
void vcshim_unlock_start(void);

/**
 * vcshim_forks_started:
 *
 * The interpreter runs from now on. Under the start lock.
 */
void vcshim_forks_started(void);

/**
 * vcshim_forks_refuse:
 *
 * Returns: NULL where this process may use the interpreter, else why it may not, for the engineer (UTF-8). Takes no lock.
 */
const char *vcshim_forks_refuse(void);

/**
 * vcshim_forks_settle:
 *
 * In a child: makes the interpreter its own, once. Under the start lock, without the GIL.
 */
void vcshim_forks_settle(void);
#endif
