/* native/warm_up_windows.c by itself: prints the priority of its thread as that goes on, and whether a second one may be. */
#include "warm_up_windows.c"
#include <stdio.h>

static void print(void) { printf("%d\n", GetThreadPriority(GetCurrentThread())); }

static DWORD WINAPI another(LPVOID hurries)
{
    if (hurries != NULL) vcshim_warm_up_hurry();
    else vcshim_warm_up_loads(1);
    return 0;
}

static void from_another_thread(void *hurries)
{
    HANDLE thread = CreateThread(NULL, 0, another, hurries, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

int main(void)
{
    vcshim_warm_up_hurry();
    print();
    if (!vcshim_warm_up_begin()) return 1;
    print();
    vcshim_warm_up_loads(1);
    print();
    printf("%d\n", vcshim_warm_up_begin());
    vcshim_warm_up_loads(0);
    print();
    from_another_thread(NULL);
    print();
    from_another_thread(&thread);
    print();
    vcshim_warm_up_loads(1);
    vcshim_warm_up_loads(0);
    print();
    vcshim_warm_up_end();
    printf("%d\n", vcshim_is_warming_up());
    return 0;
}
