/* jumping.c - a Linux host program that leaves calls by siglongjmp, from the handler of a timer, and goes on calling.
 *
 * jumping LIBRARY URL SLOW_URL INDATA_FILE ROUNDS; the second address answers late. Prints how many calls were left, and
 * the code of every other one whose answer differs from the first.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef char *(*trans_fn)(const char *url, const char *in, char *out);
static trans_fn trans;
static char in[65536], expected[2048];
static sigjmp_buf before;

static void leave(int number)
{
    (void)number;
    siglongjmp(before, 1);
}

static void call(const char *url)
{
    char out[2048];
    const char *code = trans(url, in, out);
    if (strcmp(code, "00") != 0 || strcmp(out, expected) != 0) printf("wrong %s\n", code);
}

/* Leaves a call after `microseconds`; its buffer is in a frame that is gone then. */
static int jump(const char *url, useconds_t microseconds)
{
    if (sigsetjmp(before, 1) != 0) return 1;
    ualarm(microseconds, 0);
    call(url);
    ualarm(0, 0);
    return 0;
}

int main(int count, char **words)
{
    int round, left = 0;
    FILE *file;
    if (count != 6 || (file = fopen(words[4], "rb")) == NULL) return 2;
    in[fread(in, 1, sizeof in - 1, file)] = 0;
    fclose(file);
    trans = (trans_fn)dlsym(dlopen(words[1], RTLD_NOW), "VirtualCardTrans");
    signal(SIGALRM, leave);
    if (strcmp(trans(words[2], in, expected), "00") != 0) return 3;
    for (round = 0; round < atoi(words[5]); round++) {
        char scribbled[4096];
        left += jump(words[3], 100000);
        memset(scribbled, round, sizeof scribbled); /* where the call that was left had its frames */
        call(words[2]);
    }
    sleep(2); /* those that were left are answered now */
    call(words[2]);
    printf("left %d\n", left);
    return 0;
}
