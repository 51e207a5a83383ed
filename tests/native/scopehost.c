/* scopehost.c - a plain host on Linux that tells what loading libraries and a call add to its global scope.
 *
 * `scopehost NAMES INDATA LIBRARY...`: looks for each symbol of the file NAMES as a host does (RTLD_DEFAULT), loads the
 * libraries with every symbol bound, calls VirtualCardTrans on `sim:` with the bytes of the file INDATA where one has it,
 * and looks again. It prints what it found, `before NAME` and `after NAME`, `code CODE`, and `error TEXT` for a library
 * that cannot be loaded.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 22);
    if (file == NULL || text == NULL || fread(text, 1, (1 << 22) - 1, file) == 0)
        exit(2);
    fclose(file);
    return text;
}

static void tell(const char *when, const char *names)
{
    char *copy = strdup(names), *rest = copy;
    for (char *name = strtok_r(copy, "\n", &rest); name != NULL; name = strtok_r(NULL, "\n", &rest))
        if (dlsym(RTLD_DEFAULT, name) != NULL)
            printf("%s %s\n", when, name);
    free(copy);
}

int main(int count, char **words)
{
    const char *names = read_file(words[1]);
    char *in_data = read_file(words[2]);
    static char url[] = "sim:?sim=again:1", out[2048];
    tell("before", names);
    for (int i = 3; i < count; i++) {
        void *library = dlopen(words[i], RTLD_NOW | RTLD_LOCAL);
        char *(*call)(char *, char *, char *) = NULL;
        if (library == NULL)
            printf("error %s\n", dlerror());
        else
            *(void **)&call = dlsym(library, "VirtualCardTrans");
        if (call != NULL)
            printf("code %s\n", call(url, in_data, out));
    }
    tell("after", names);
    return 0;
}
