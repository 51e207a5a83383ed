/* `launch MODE PROGRAM ARGS...`: starts a program with the standard handles that MODE names and waits for it.
 *
 *   null     all three handles are 0, as in a GUI program
 *   invalid  all three are 0x1234, a handle that never existed
 *   closed   all three are numbers of handles that the child does not have
 *   file     disk files, opened by the launcher and removed afterwards
 *   pipe     pipes: nothing arrives on stdin and it stays open, nobody reads stdout and stderr
 *   nul      the NUL device
 *   inherit  the launcher's own
 *   chinese  the launcher's own, and its console, which it must have, has code page 936
 *
 * NB: Wine 8 hands 0 to the child for `invalid` and `closed`; the script commands setstd and closestd make such
 * handles inside the child. Nor does its own disk file show the error that a file inherited from Unix does.
 *
 * Returns the program's exit code, 124 after killing it at the time limit, 125 when it could not be started.
 * Not a shell: only tests/support/clients.py uses it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

enum { TIME_LIMIT = 60000, EXIT_TIME_LIMIT = 124, EXIT_NOT_STARTED = 125, PIPE_SIZE = 1 << 20 };
enum { STREAMS = 3, COMMAND_ROOM = 32768, CODE_PAGE_936 = 936 };

static const uintptr_t never_existed = 0x1234;

static SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};

static HANDLE temporary_file(void)
{
    wchar_t folder[MAX_PATH], path[MAX_PATH];
    GetTempPathW(MAX_PATH, folder);
    GetTempFileNameW(folder, L"std", 0, path);
    return CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       &inheritable, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

/* The child's end; the other end stays open in the launcher, which does not use it. */
static HANDLE pipe_end(int stream)
{
    HANDLE read_end, write_end, child, other;
    if (!CreatePipe(&read_end, &write_end, &inheritable, PIPE_SIZE))
        return INVALID_HANDLE_VALUE;
    child = stream == 0 ? read_end : write_end;
    other = stream == 0 ? write_end : read_end;
    SetHandleInformation(other, HANDLE_FLAG_INHERIT, 0);
    return child;
}

static HANDLE not_inherited(int stream)
{
    HANDLE handle = pipe_end(stream);
    SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0);
    return handle;
}

static HANDLE nul_device(void)
{
    return CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inheritable,
                       OPEN_EXISTING, 0, NULL);
}

static bool standard_handles(const wchar_t *mode, HANDLE handles[STREAMS])
{
    for (int stream = 0; stream < STREAMS; stream++) {
        if (wcscmp(mode, L"null") == 0)
            handles[stream] = NULL;
        else if (wcscmp(mode, L"invalid") == 0)
            handles[stream] = (HANDLE)never_existed;
        else if (wcscmp(mode, L"closed") == 0)
            handles[stream] = not_inherited(stream);
        else if (wcscmp(mode, L"file") == 0)
            handles[stream] = temporary_file();
        else if (wcscmp(mode, L"pipe") == 0)
            handles[stream] = pipe_end(stream);
        else if (wcscmp(mode, L"nul") == 0)
            handles[stream] = nul_device();
        else
            return false;
        if (handles[stream] == INVALID_HANDLE_VALUE)
            return false;
    }
    return true;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t command[COMMAND_ROOM];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    HANDLE handles[STREAMS];
    DWORD code;
    if (argc < 3)
        return EXIT_NOT_STARTED;
    if (wcscmp(argv[1], L"chinese") == 0) {
        if (!SetConsoleOutputCP(CODE_PAGE_936))
            return EXIT_NOT_STARTED;
    } else if (wcscmp(argv[1], L"inherit") != 0) {
        if (!standard_handles(argv[1], handles))
            return EXIT_NOT_STARTED;
        startup.dwFlags = STARTF_USESTDHANDLES;
        startup.hStdInput = handles[0];
        startup.hStdOutput = handles[1];
        startup.hStdError = handles[2];
    }
    for (int i = 2; i < argc; i++) {
        if (wcslen(command) + wcslen(argv[i]) + 4 > COMMAND_ROOM)
            return EXIT_NOT_STARTED;
        wcscat(wcscat(wcscat(command, L"\""), argv[i]), L"\" ");
    }
    if (!CreateProcessW(argv[2], command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        return EXIT_NOT_STARTED;
    if (WaitForSingleObject(process.hProcess, TIME_LIMIT) != WAIT_OBJECT_0) {
        TerminateProcess(process.hProcess, EXIT_TIME_LIMIT);
        return EXIT_TIME_LIMIT;
    }
    GetExitCodeProcess(process.hProcess, &code);
    return (int)code;
}
