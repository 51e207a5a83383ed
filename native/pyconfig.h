/* pyconfig.h - CPython's configuration for Windows, as far as its headers ask when an embedder includes Python.h.
 *
 * The headers come from the building interpreter of the same minor version, whose own pyconfig.h describes that
 * machine; this file takes its place. Not for building CPython.
 */
#ifndef VCSHIM_PYCONFIG_H
#define VCSHIM_PYCONFIG_H
#define MS_WINDOWS
#define MS_WIN32
#define MS_COREDLL
#define Py_ENABLE_SHARED
#define HAVE_DECLSPEC_DLL
#define NT_THREADS
#define WITH_THREAD
#define WITH_DOC_STRINGS 1
#define PLATFORM "win32"
#ifdef _WIN64
#define MS_WIN64
#define SIZEOF_VOID_P 8
#define SIZEOF_SIZE_T 8
#define SIZEOF_TIME_T 8
#define ALIGNOF_MAX_ALIGN_T 8
typedef long long Py_ssize_t;
#else
#define SIZEOF_VOID_P 4
#define SIZEOF_SIZE_T 4
#define SIZEOF_TIME_T 8
#define ALIGNOF_MAX_ALIGN_T 8
typedef int Py_ssize_t;
#endif
#define HAVE_PY_SSIZE_T 1
#define PY_SSIZE_T_MAX ((Py_ssize_t)(((size_t)-1) >> 1))
#define SIZEOF_SHORT 2
#define SIZEOF_INT 4
#define SIZEOF_LONG 4
#define SIZEOF_LONG_LONG 8
#define SIZEOF_DOUBLE 8
#define SIZEOF_FLOAT 4
#define SIZEOF_WCHAR_T 2
#define SIZEOF_OFF_T 4
#define SIZEOF_FPOS_T 8
#define SIZEOF_PID_T SIZEOF_INT
#define HAVE_INTTYPES_H 1
#define HAVE_STDINT_H 1
#define HAVE_WCHAR_H 1
#define HAVE_STDDEF_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_STDARG_PROTOTYPES
#define HAVE_WCSCOLL 1
#define HAVE_SSIZE_T 1
#define HAVE_INT32_T 1
#define HAVE_UINT32_T 1
#define HAVE_INT64_T 1
#define HAVE_UINT64_T 1
#include <basetsd.h>
#endif
