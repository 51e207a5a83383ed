/* A made-up vendor's DLL is a row of this type and the exports that it has: one file in rows/ each.
 *
 * vendor.c answers VirtualCardTrans, nation.c NationEcTrans, manners.c is how they treat their host. Written for the
 * tests of capture, learn, replay and shadow, without a look at the product: crypto.c, json.c and http_*.c share no line
 * with it. What a row says is said once more, independently, in tests/support/vendors/rows.py, by which the platform
 * checks every request.
 */
#ifndef VENDOR_H
#define VENDOR_H

#include "crypto.h"
#include "http.h"
#include "json.h"

#ifdef _WIN32
#define VENDOR_EXPORT __declspec(dllexport)
#else
#define VENDOR_EXPORT __attribute__((visibility("default")))
#endif
#ifdef __i386__
#define VENDOR_STDCALL __attribute__((stdcall))
#define VENDOR_CDECL __attribute__((cdecl))
#else
#define VENDOR_STDCALL
#define VENDOR_CDECL
#endif

enum { LIST_MAX = 24, ADDED_MAX = 8 };

/* `KEY_OWN`: a key that is in the DLL and nowhere else. */
enum key_rule { KEY_DIRECT, KEY_UNHEX, KEY_DERIVED, KEY_HEX_UPPER, KEY_OWN };
enum body_order { BODY_KEPT, BODY_SORTED, BODY_FIXED };
enum sign_place { SIGN_END, SIGN_START, SIGN_HOST };
enum out_form { OUT_CONTENT, OUT_ENVELOPE, OUT_MESSAGE };
enum out_failure { FAIL_MESSAGE, FAIL_CODE_MESSAGE, FAIL_JSON, FAIL_ANSWER };
enum returned_memory { RETURN_MODULE, RETURN_TASK, RETURN_OUT };
enum place { PLACE_DATA, PLACE_TOP, PLACE_EXTRA };

struct vendor {
    /* what is signed, and how */
    const char *sign_name, *type_name;
    struct { const char *word; enum digest digest; } digests[4]; /* the first is that of an empty word */
    bool inner, sealed, ignore_case, keep_empty, gbk_sign, no_secret;
    const char *fixed[LIST_MAX], *unsigned_fields[LIST_MAX];
    const char *joiner, *tail;
    enum encoding sign_encoding;
    const char *salt; /* after the secret */

    /* biz_content */
    struct cipher_row {
        const char *word;
        enum cipher cipher;
        enum mode mode;
        const char *iv; /* text, or after `hex:` */
        enum encoding encoding;
        enum key_rule key;
    } ciphers[4];
    bool content_object, content_sorted, content_verbatim;

    /* the body */
    enum body_order body_order;
    const char *body_fields[LIST_MAX];
    enum sign_place sign_place;
    bool body_gbk, drop_empty;
    struct json_style style;
    const char *dropped[LIST_MAX];
    struct { const char *from, *to; } renamed[ADDED_MAX];
    struct added { const char *name, *rule; } added[ADDED_MAX]; /* `biz_content.NAME` for one inside; fill() has the rules */

    /* answers */
    const char *success[LIST_MAX];
    bool answer_data;
    enum out_form out_form;
    bool out_kept, out_verbatim;
    const char *out_dropped[LIST_MAX];
    struct { const char *from, *to; } out_renamed[ADDED_MAX];
    struct { const char *name, *text; } out_added[ADDED_MAX];
    enum out_failure out_failure;
    const char *returned_success, *returned_failure; /* NULL: 00 or 0000; the platform's */

    /* HTTP */
    http_client *client;
    struct http_habits http;
    bool thread;              /* a thread for each request */
    const char *updater;      /* a path that the DLL asks for by GET, once in a process */
    bool updater_thread;      /* ... while the call goes on */
    const char *ini;          /* where it writes the address that it was given */
    bool ini_by_hand;         /* ... line by line, and not by WritePrivateProfileString */
    bool refuses_loopback;

    /* the host */
    bool host_utf8;
    enum returned_memory memory;
    size_t fill;              /* bytes of OutData in which NULs follow the text */
    unsigned control_word, mxcsr; /* that it leaves; 0: the host's */
    unsigned fault_on, raise_on, hang_on, hang_ms; /* the number of the call, from 1; 0: none */
    bool own_faults;          /* an access violation in every call, under a handler of its own */

    /* NationEcTrans */
    enum place code_place, terminal_place;
    const char *code_name;
    struct added terminal[4];
    bool identifies_always;   /* the terminal's fields also where no code is scanned */
    bool answer_as_it_came;   /* OutData is the platform's answer, else code, data, message and orgId */
};

char *vendor_trans(const struct vendor *vendor, const char *url, const char *in_data, char *out_data);
char *nation_trans(const struct vendor *vendor, const char *url, const char *in_data, char *out_data);
int vendor_screen(const struct vendor *vendor, int mode);
int vendor_print(const struct vendor *vendor, const char *code, const char *card, const char *name);
int vendor_fill_in(const struct vendor *vendor, char *message);

/* ---- what the files of the library share ---- */

struct call {
    const struct vendor *vendor;
    struct pool pool;
    const char *url;
    char *out_data;
    unsigned number; /* of the call in this process, from 1 */
};

void manners_begin(struct call *call);
/* Writes OutData, frees the pool, and leaves the host's state as the row says. Both texts are UTF-8. */
char *manners_end(struct call *call, const char *code, const char *out);
void manners_leave(const struct vendor *vendor);
char *host_text(struct call *call, const char *text); /* from the host's charset */
char *fill(struct call *call, const char *rule);      /* a value that the DLL makes itself */
/* The platform's answer as UTF-8; NULL where there is none, with the code and the text for the host. */
char *post(struct call *call, const char *body, const char **code, const char **message);
bool listed(const char *const *list, const char *name);

#define VENDOR_TRANS(row)                                                                                              \
    VENDOR_EXPORT char *VENDOR_STDCALL VirtualCardTrans(char *url, char *in_data, char *out_data)                      \
    {                                                                                                                  \
        return vendor_trans(&row, url, in_data, out_data);                                                             \
    }
#define VENDOR_SCREEN(row, convention)                                                                                 \
    VENDOR_EXPORT int convention Set_QRflow_Mode(int mode)                                                             \
    {                                                                                                                  \
        return vendor_screen(&row, mode);                                                                              \
    }
#define VENDOR_REST(row)                                                                                               \
    VENDOR_EXPORT int VENDOR_STDCALL EhealthID_Print(char *code, char *card, char *name)                               \
    {                                                                                                                  \
        return vendor_print(&row, code, card, name);                                                                   \
    }                                                                                                                  \
    VENDOR_EXPORT int VENDOR_STDCALL SetEcQrcode(char *message)                                                        \
    {                                                                                                                  \
        return vendor_fill_in(&row, message);                                                                          \
    }
#define VENDOR_ALL(row)                                                                                                \
    VENDOR_TRANS(row)                                                                                                  \
    VENDOR_SCREEN(row, VENDOR_STDCALL)                                                                                 \
    VENDOR_REST(row)
#define VENDOR_NATION(row)                                                                                             \
    VENDOR_EXPORT char *VENDOR_STDCALL NationEcTrans(char *url, char *in_data, char *out_data)                         \
    {                                                                                                                  \
        return nation_trans(&row, url, in_data, out_data);                                                             \
    }

#endif
