/* cancelled.c - a Linux host program whose threads are cancelled, or interrupted by signals, while they are in a call.
 *
 * cancelled LIBRARY URL INDATA_FILE; prints one line each: what happened, the code of the call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "system.h"

typedef char *(*trans_fn)(const char *url, const char *in, char *out);
static trans_fn trans;
static const char *url;
static char in[65536], out[2048];
static char code[32];
static volatile int has_returned, interruptions;
static uintptr_t caller; /* the thread that is about to call; 0 before it runs */

static void count_interruption(int number)
{
    (void)number;
    interruptions++;
}

static void *call(void *unused)
{
    (void)unused;
    __atomic_store_n(&caller, system_this_thread(), __ATOMIC_SEQ_CST);
    snprintf(code, sizeof code, "%s", trans(url, in, out));
    has_returned = 1;
    pthread_testcancel();
    return (void *)"survived";
}

/* Starts a thread; returns when it waits in the call. */
static void start(pthread_t *thread)
{
    uintptr_t one;
    __atomic_store_n(&caller, 0, __ATOMIC_SEQ_CST);
    pthread_create(thread, NULL, call, NULL);
    while ((one = __atomic_load_n(&caller, __ATOMIC_SEQ_CST)) == 0 || (!system_thread_waits(one) && !has_returned)) usleep(1000);
}

int main(int count, char **words)
{
    struct sigaction action = {.sa_handler = count_interruption}; /* no SA_RESTART */
    pthread_t thread;
    void *result;
    FILE *file;
    int i;
    if (count != 4 || (file = fopen(words[3], "rb")) == NULL) return 2;
    in[fread(in, 1, sizeof in - 1, file)] = 0;
    fclose(file);
    url = words[2];
    trans = (trans_fn)dlsym(dlopen(words[1], RTLD_NOW), "VirtualCardTrans");
    sigaction(SIGUSR1, &action, NULL);

    start(&thread);
    usleep(300000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("cancelled %d %s %s\n", has_returned, code, result == PTHREAD_CANCELED ? "afterwards" : "never");

    has_returned = 0;
    start(&thread);
    for (i = 0; i < 10; i++) {
        usleep(30000);
        pthread_kill(thread, SIGUSR1);
        while (interruptions <= i && !has_returned) usleep(1000); /* of two signals that wait for it a thread gets one */
    }
    pthread_join(thread, &result);
    printf("interrupted %d %s %d\n", has_returned, code, interruptions);
    return 0;
}
