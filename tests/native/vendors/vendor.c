/* VirtualCardTrans as a made-up vendor has it: InData to a signed and encrypted request, its answer to OutData. */
#include <stdlib.h>
#include <string.h>

#include "vendor.h"
#include "vendor_system.h"

static const char CONTENT[] = "biz_content";

#ifdef _WIN32
#define strcasecmp _stricmp
#else
#include <strings.h>
#endif

/* ---- keys and ciphers ---- */

static const unsigned char own_key[32] = "never in InData: 7Qz-pL2#vendor!";

static void fitted(unsigned char *key, const char *text, size_t size)
{
    memset(key, 0, size);
    memcpy(key, text, strlen(text) < size ? strlen(text) : size);
}

static void iv_of(struct pool *pool, const struct cipher_row *row, unsigned char *iv)
{
    size_t size;
    memset(iv, 0, 16);
    if (row->iv != NULL && strncmp(row->iv, "hex:", 4) == 0)
        memcpy(iv, decode(pool, UPPER_HEX, row->iv + 4, &size), 8);
    else if (row->iv != NULL)
        fitted(iv, row->iv, 16);
}

static void key_of(struct pool *pool, const struct cipher_row *row, const char *secret, const char *app_id,
                   unsigned char *key)
{
    size_t size = cipher_key_size(row->cipher), length;
    unsigned char iv[16];
    fitted(key, secret, size);
    if (row->key == KEY_OWN)
        memcpy(key, own_key, size);
    if (row->key == KEY_UNHEX) {
        unsigned char *bytes = decode(pool, LOWER_HEX, secret, &length);
        memset(key, 0, size);
        if (bytes != NULL)
            memcpy(key, bytes, length < size ? length : size);
    }
    if (row->key == KEY_HEX_UPPER)
        fitted(key, encode(pool, UPPER_HEX, (const unsigned char *)secret, strlen(secret)), size);
    if (row->key == KEY_DERIVED) {
        unsigned char *sealed = pool_take(pool, strlen(secret) + 32);
        fitted(key, app_id, size);
        iv_of(pool, row, iv);
        length = cipher_seal(row->cipher, row->mode, key, iv, (const unsigned char *)secret, strlen(secret), sealed);
        fitted(key, encode(pool, row->encoding, sealed, length), size);
    }
}

static const struct cipher_row *cipher_of(const struct vendor *vendor, const char *word)
{
    static const struct cipher_row plain = {.word = "Plain"};
    if (*word == '\0' || strcasecmp(word, "Plain") == 0)
        return &plain;
    for (size_t i = 0; i < sizeof vendor->ciphers / sizeof *vendor->ciphers && vendor->ciphers[i].word != NULL; i++) {
        if (strcasecmp(word, vendor->ciphers[i].word) == 0)
            return &vendor->ciphers[i];
    }
    return NULL;
}

static const char *sealed(struct pool *pool, const struct cipher_row *row, const char *secret, const char *app_id,
                          const char *plain)
{
    unsigned char key[32], iv[16], *made = pool_take(pool, strlen(plain) + 32);
    if (row->cipher == PLAIN)
        return plain;
    key_of(pool, row, secret, app_id, key);
    iv_of(pool, row, iv);
    size_t size = cipher_seal(row->cipher, row->mode, key, iv, (const unsigned char *)plain, strlen(plain), made);
    return encode(pool, row->encoding, made, size);
}

static const char *opened(struct pool *pool, const struct cipher_row *row, const char *secret, const char *app_id,
                          const char *text)
{
    unsigned char key[32], iv[16];
    size_t size;
    if (row->cipher == PLAIN)
        return text;
    unsigned char *data = decode(pool, row->encoding, text, &size);
    if (data == NULL)
        return NULL;
    key_of(pool, row, secret, app_id, key);
    iv_of(pool, row, iv);
    unsigned char *made = pool_take(pool, size + 32);
    size = cipher_open(row->cipher, row->mode, key, iv, data, size, made);
    return size == 0 ? NULL : pool_copy(pool, (const char *)made, size);
}

/* ---- the sign ---- */

static void add_signed(struct text *base, const struct vendor *vendor, const char *name, const char *value, bool *first)
{
    if (*value == '\0' && !vendor->keep_empty)
        return;
    text_put(base, *first ? "" : vendor->joiner);
    text_put(base, name);
    text_put(base, "=");
    text_put(base, value);
    *first = false;
}

static const char *signature(struct pool *pool, const struct vendor *vendor, const struct json *fields, const char *word,
                             const char *secret)
{
    struct text base = text_new(pool);
    struct json sorted = {.kind = JSON_OBJECT}, **place = &sorted.first;
    unsigned char made[DIGEST_MAX];
    bool first = true;
    for (size_t i = 0; vendor->fixed[i] != NULL; i++)
        add_signed(&base, vendor, vendor->fixed[i], json_plain(pool, json_find(fields, vendor->fixed[i])), &first);
    for (const struct json *field = fields->first; field != NULL && vendor->fixed[0] == NULL; field = field->next) {
        if (strcmp(field->name, vendor->sign_name) == 0 || listed(vendor->unsigned_fields, field->name))
            continue;
        *place = pool_take(pool, sizeof **place);
        **place = *field;
        place = &(*place)->next;
    }
    *place = NULL;
    json_sort(&sorted, vendor->ignore_case);
    for (const struct json *field = sorted.first; field != NULL; field = field->next)
        add_signed(&base, vendor, field->name, json_plain(pool, field), &first);
    if (!vendor->no_secret) {
        text_put(&base, vendor->tail);
        text_put(&base, secret);
    }
    if (vendor->salt != NULL)
        text_put(&base, vendor->salt);
    const char *data = vendor->gbk_sign ? to_gbk(pool, base.bytes) : base.bytes;
    enum digest digest = vendor->digests[0].digest;
    for (size_t i = 0; i < sizeof vendor->digests / sizeof *vendor->digests && vendor->digests[i].word != NULL; i++) {
        if (strcasecmp(word, vendor->digests[i].word) == 0)
            digest = vendor->digests[i].digest;
    }
    size_t size = digest_make(digest, secret, data, strlen(data), made);
    return encode(pool, vendor->sign_encoding, made, size);
}

/* ---- the request ---- */

struct asked {
    struct json *fields;
    const char *secret, *app_id, *enc_type, *sign_type;
    const struct cipher_row *cipher;
};

/* biz_content as an object; a vendor that looks into it takes apart what came as text. */
static struct json *content_of(struct call *call, struct json *fields)
{
    struct json *content = json_find(fields, CONTENT), *inner;
    bool looks = call->vendor->content_sorted;
    for (size_t i = 0; i < ADDED_MAX && call->vendor->added[i].name != NULL; i++)
        looks |= strncmp(call->vendor->added[i].name, "biz_content.", sizeof CONTENT) == 0;
    if (!looks || content == NULL || content->kind != JSON_TEXT)
        return content;
    inner = json_parse(&call->pool, content->text);
    if (inner == NULL || inner->kind != JSON_OBJECT)
        return content;
    inner->name = content->name;
    json_set(fields, inner);
    return inner;
}

static void fill_in(struct call *call, struct json *fields, struct json *content)
{
    const size_t inside = sizeof CONTENT;
    for (size_t i = 0; i < ADDED_MAX && call->vendor->added[i].name != NULL; i++) {
        const struct added *added = &call->vendor->added[i];
        bool inner = strncmp(added->name, "biz_content.", inside) == 0;
        struct json *made = json_text(&call->pool, inner ? added->name + inside : added->name, fill(call, added->rule));
        if (!inner)
            json_set(fields, made);
        else if (content != NULL && content->kind == JSON_OBJECT)
            json_set(content, made);
    }
}

static const char *content_text(struct call *call, const struct json *content)
{
    const struct vendor *vendor = call->vendor;
    if (content == NULL)
        return "";
    if (content->kind == JSON_TEXT)
        return content->text;
    if (vendor->content_verbatim)
        return content->raw;
    return json_write(&call->pool, content, (struct json_style){.sorted = vendor->content_sorted});
}

static void rename_fields(struct call *call, struct json *fields)
{
    for (size_t i = 0; i < ADDED_MAX && call->vendor->renamed[i].from != NULL; i++) {
        struct json *field = json_find(fields, call->vendor->renamed[i].from);
        if (field != NULL)
            field->name = pool_copy(&call->pool, call->vendor->renamed[i].to, strlen(call->vendor->renamed[i].to));
    }
}

static void arrange(struct call *call, struct json *fields)
{
    const struct vendor *vendor = call->vendor;
    struct json *rest = fields->first, *ordered = NULL, **place = &ordered;
    if (vendor->body_order == BODY_SORTED)
        json_sort(fields, false);
    if (vendor->body_order != BODY_FIXED)
        return;
    for (size_t i = 0; i < LIST_MAX && vendor->body_fields[i] != NULL; i++) {
        struct json *field = json_find(fields, vendor->body_fields[i]);
        if (field != NULL) {
            json_remove(fields, vendor->body_fields[i]);
            field->next = NULL;
            *place = field;
            place = &field->next;
        }
        rest = fields->first;
    }
    *place = rest;
    fields->first = ordered;
}

static void place_sign(struct call *call, struct json *fields, const char *made)
{
    struct json *sign = json_text(&call->pool, call->vendor->sign_name, made);
    if (call->vendor->sign_place != SIGN_HOST)
        json_remove(fields, call->vendor->sign_name);
    if (call->vendor->sign_place == SIGN_START) {
        sign->next = fields->first;
        fields->first = sign;
    } else {
        json_set(fields, sign); /* at the place of the host's own, or at the end */
    }
}

static void drop(const struct vendor *vendor, struct json *fields, struct pool *pool)
{
    for (struct json **place = &fields->first; *place != NULL;) {
        bool empty = (*place)->kind != JSON_OBJECT && *json_plain(pool, *place) == '\0';
        bool gone = strcmp((*place)->name, "key") == 0 || listed(vendor->dropped, (*place)->name);
        gone |= vendor->drop_empty && empty && strcmp((*place)->name, vendor->sign_name) != 0;
        if (gone)
            *place = (*place)->next;
        else
            place = &(*place)->next;
    }
}

/* The body; NULL with a code and a text for the host. */
static char *request_of(struct call *call, const char *in_data, struct asked *asked, const char **code, const char **text)
{
    const struct vendor *vendor = call->vendor;
    struct pool *pool = &call->pool;
    struct json *fields = asked->fields = json_parse(pool, in_data);
    if (fields == NULL || fields->kind != JSON_OBJECT) {
        *code = "9001", *text = "入参不是 JSON";
        return NULL;
    }
    asked->secret = json_plain(pool, json_find(fields, "key"));
    asked->app_id = json_plain(pool, json_find(fields, "app_id"));
    asked->enc_type = json_plain(pool, json_find(fields, "enc_type"));
    const char *named = json_plain(pool, json_find(fields, vendor->type_name));
    asked->sign_type = *named != '\0' ? named : json_plain(pool, json_find(fields, "sign_type"));
    asked->cipher = cipher_of(vendor, asked->enc_type);
    if (asked->cipher == NULL) {
        *code = "1006", *text = "不支持的加密方式";
        return NULL;
    }
    /* Hosts say sign and sign_type; the vendor's own names stand in their places. */
    struct json *type = json_find(fields, "sign_type"), *sign = json_find(fields, "sign");
    if (type != NULL)
        type->name = pool_copy(pool, vendor->type_name, strlen(vendor->type_name));
    if (sign != NULL)
        sign->name = pool_copy(pool, vendor->sign_name, strlen(vendor->sign_name));
    drop(vendor, fields, pool);
    fill_in(call, fields, content_of(call, fields));
    const char *plain = content_text(call, json_find(fields, CONTENT));
    const char *cipher_text = sealed(pool, asked->cipher, asked->secret, asked->app_id, plain);
    rename_fields(call, fields);
    struct json *content = json_find(fields, CONTENT), *object;
    struct json *wire = json_text(pool, CONTENT, cipher_text);
    if (content != NULL) {
        struct json *signed_content = json_text(pool, CONTENT, vendor->sealed ? cipher_text : plain);
        json_set(fields, signed_content);
    }
    const struct json *scope = vendor->inner ? json_parse(pool, plain) : fields;
    const char *made = signature(pool, vendor, scope == NULL ? fields : scope, asked->sign_type, asked->secret);
    if (vendor->content_object && asked->cipher->cipher == PLAIN && (object = json_parse(pool, plain)) != NULL) {
        object->name = pool_copy(pool, CONTENT, strlen(CONTENT));
        wire = object;
    }
    if (content != NULL)
        json_set(fields, wire);
    if (vendor->body_order == BODY_KEPT) {
        place_sign(call, fields, made);
    } else {
        json_set(fields, json_text(pool, vendor->sign_name, made));
        arrange(call, fields);
    }
    return json_write(pool, fields, vendor->style);
}

/* ---- the answer ---- */

static const char *first_of(struct pool *pool, const struct json *answer, const char *const *names)
{
    for (; *names != NULL; names++) {
        const struct json *found = json_find(answer, *names);
        if (found != NULL)
            return json_plain(pool, found);
    }
    return NULL;
}

static const char *const code_names[] = {"ret_code", "code", "return_code", "resp_code", "respCode", NULL};
static const char *const message_names[] = {"ret_msg", "message", "msg", "return_msg", "resp_msg", "respMsg", NULL};

static const char *refusal(struct call *call, const char *code, const char *message, const char *answer)
{
    struct json shown = {.kind = JSON_OBJECT};
    struct text text = text_new(&call->pool);
    switch (call->vendor->out_failure) {
    case FAIL_MESSAGE:
        return message;
    case FAIL_CODE_MESSAGE:
        text_put(&text, code);
        text_put(&text, ":");
        text_put(&text, message);
        return text.bytes;
    case FAIL_JSON:
        json_set(&shown, json_text(&call->pool, "code", code));
        json_set(&shown, json_text(&call->pool, "message", message));
        return json_write(&call->pool, &shown, (struct json_style){0});
    default:
        return answer;
    }
}

static const char *shown_content(struct call *call, struct json *content, const char *plain)
{
    const struct vendor *vendor = call->vendor;
    struct pool *pool = &call->pool;
    if (vendor->out_verbatim || content == NULL)
        return plain;
    for (size_t i = 0; vendor->out_dropped[i] != NULL; i++)
        json_remove(content, vendor->out_dropped[i]);
    for (size_t i = 0; i < ADDED_MAX && vendor->out_renamed[i].from != NULL; i++) {
        struct json *field = json_find(content, vendor->out_renamed[i].from);
        if (field != NULL)
            field->name = pool_copy(pool, vendor->out_renamed[i].to, strlen(vendor->out_renamed[i].to));
    }
    for (size_t i = 0; i < ADDED_MAX && vendor->out_added[i].name != NULL; i++)
        json_set(content, json_text(pool, vendor->out_added[i].name, vendor->out_added[i].text));
    return json_write(pool, content, (struct json_style){.sorted = !vendor->out_kept});
}

static const char *success(struct call *call, const struct asked *asked, struct json *answer, struct json *holder,
                           const char *message)
{
    const struct vendor *vendor = call->vendor;
    struct pool *pool = &call->pool;
    struct json *received = json_find(holder, CONTENT);
    const char *text = json_plain(pool, received);
    if (vendor->out_form == OUT_MESSAGE)
        return message;
    if (received != NULL && received->kind == JSON_OBJECT)
        text = received->raw;
    else if (*text != '\0')
        text = opened(pool, asked->cipher, asked->secret, asked->app_id, text);
    if (text == NULL)
        return NULL;
    struct json *content = *text == '\0' ? NULL : json_parse(pool, text);
    if (vendor->out_form == OUT_CONTENT)
        return content == NULL ? "{}" : shown_content(call, content, text);
    if (content != NULL) {
        content->name = pool_copy(pool, CONTENT, strlen(CONTENT));
        json_set(holder, content);
    }
    return json_write(pool, answer, (struct json_style){.sorted = !vendor->out_kept});
}

char *vendor_trans(const struct vendor *vendor, const char *url, const char *in_data, char *out_data)
{
    struct call call = {.vendor = vendor, .out_data = out_data};
    struct asked asked = {0};
    const char *code, *text;
    manners_begin(&call);
    call.url = pool_copy(&call.pool, url == NULL ? "" : url, url == NULL ? 0 : strlen(url));
    const char *body = request_of(&call, host_text(&call, in_data), &asked, &code, &text);
    const char *received = body == NULL ? NULL : post(&call, body, &code, &text);
    if (received == NULL)
        return manners_end(&call, code, text);
    struct json *answer = json_parse(&call.pool, received);
    struct json *data = json_find(answer, "data"), *holder = vendor->answer_data && data != NULL ? data : answer;
    code = first_of(&call.pool, answer, code_names);
    const char *message = first_of(&call.pool, answer, message_names);
    if (answer == NULL || code == NULL)
        return manners_end(&call, "9003", "平台应答无法解析");
    if (!listed(vendor->success, code)) {
        text = refusal(&call, code, message == NULL ? "" : message, received);
        return manners_end(&call, vendor->returned_failure == NULL ? code : vendor->returned_failure, text);
    }
    text = success(&call, &asked, answer, holder, message == NULL ? "" : message);
    if (text == NULL)
        return manners_end(&call, "9003", "平台应答无法解密");
    return manners_end(&call, vendor->returned_success == NULL ? "00" : vendor->returned_success, text);
}
