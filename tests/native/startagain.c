/* startagain.c - a host program that is short of memory, or of files, when it makes its first call.
 *
 * startagain LIBRARY EXPORT URL INDATA_FILE STEP... with the steps, in their order:
 *
 *   call          call the Trans export; prints its code and OutData in hex
 *   limit N       leave N MB of address space to this process: beyond what it has (Linux), of all there is (Windows)
 *   free          take the limit away
 *   move A B      rename a file
 *   wait MS       let time pass
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
typedef char *(__stdcall *trans)(const char *url, const char *in, char *out);

enum { BLOCK = 1024 * 1024, BLOCKS_MAX = 4096 };
static void *blocks[BLOCKS_MAX];
static int taken;

static trans find(const char *library, const char *export)
{
    HMODULE module = LoadLibraryA(library);
    return module == NULL ? NULL : (trans)(void *)GetProcAddress(module, export);
}

static void set_free(int megabytes)
{
    while (taken > 0 && megabytes-- > 0) VirtualFree(blocks[--taken], 0, MEM_RELEASE);
}

static void limit(int megabytes)
{
    while (taken < BLOCKS_MAX && (blocks[taken] = VirtualAlloc(NULL, BLOCK, MEM_RESERVE, PAGE_NOACCESS)) != NULL) taken++;
    set_free(megabytes);
}

static void no_limit(void) { set_free(BLOCKS_MAX); }

static void pass(int milliseconds) { Sleep((DWORD)milliseconds); }
#else
#include <dlfcn.h>
#include <sys/resource.h>
#include <unistd.h>
typedef char *(*trans)(const char *url, const char *in, char *out);

static trans find(const char *library, const char *export)
{
    void *module = dlopen(library, RTLD_NOW);
    trans found = NULL;
    if (module != NULL) *(void **)&found = dlsym(module, export);
    return found;
}

static void set_limit(rlim_t bytes)
{
    struct rlimit room;
    getrlimit(RLIMIT_AS, &room);
    room.rlim_cur = bytes;
    if (setrlimit(RLIMIT_AS, &room) != 0) perror("setrlimit");
}

static unsigned long read_status(const char *format)
{
    char line[256];
    unsigned long value = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, format, &value) == 1) break;
    if (status != NULL) fclose(status);
    return value;
}

/* NB: the thread that is there when a library has been loaded reserves 64 MB, which must not come between asking how much
 * the process has and setting the limit. */
static void limit(int megabytes)
{
    unsigned long kilobytes;
    int looks;
    for (looks = 0; looks < 10000 && read_status("Threads: %lu") > 1; looks++) usleep(1000);
    kilobytes = read_status("VmSize: %lu");
    set_limit(((rlim_t)kilobytes << 10) + ((rlim_t)megabytes << 20));
}

static void no_limit(void) { set_limit(RLIM_INFINITY); }

static void pass(int milliseconds) { usleep((useconds_t)milliseconds * 1000); }
#endif

static void call(trans export, const char *url, const char *in)
{
    char out[2048] = "";
    const char *code = export(url, in, out);
    size_t i;
    printf("%s ", code);
    for (i = 0; i < strlen(out); i++) printf("%02x", (unsigned char)out[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    static char in[65536];
    trans export = argc > 5 ? find(argv[1], argv[2]) : NULL;
    FILE *file = argc > 5 ? fopen(argv[4], "rb") : NULL;
    int i;
    if (export == NULL || file == NULL || fread(in, 1, sizeof in - 1, file) == 0) return 2;
    fclose(file);
    setvbuf(stdout, NULL, _IONBF, 0);
    for (i = 5; i < argc; i++) {
        if (strcmp(argv[i], "call") == 0) {
            call(export, argv[3], in);
        } else if (strcmp(argv[i], "free") == 0) {
            no_limit();
        } else if (strcmp(argv[i], "limit") == 0 && i + 1 < argc) {
            limit(atoi(argv[++i]));
        } else if (strcmp(argv[i], "move") == 0 && i + 2 < argc) {
            if (rename(argv[i + 1], argv[i + 2]) != 0) return 3;
            i += 2;
        } else if (strcmp(argv[i], "wait") == 0 && i + 1 < argc) {
            pass(atoi(argv[++i]));
        } else {
            return 2;
        }
    }
    return 0;
}
