/* NationEcTrans as a made-up vendor has it: it scans the code itself, and tells the platform who the PC is. */
#include <string.h>

#include "vendor.h"

static bool scans(const char *type)
{
    static const char *const types[LIST_MAX] = {"ec.query", "cn.nhsa.qrcode.get", "iot.gain.ec.qrcode"};
    return listed(types, type);
}

/* The object that `place` names; made where the host has none. */
static struct json *object_at(struct call *call, struct json *fields, enum place place)
{
    const char *name = place == PLACE_EXTRA ? "extra" : "data";
    if (place == PLACE_TOP)
        return fields;
    struct json *found = json_find(fields, name);
    if (found != NULL && found->kind == JSON_TEXT && place == PLACE_DATA) {
        struct json *inner = json_parse(&call->pool, found->text);
        if (inner == NULL || inner->kind != JSON_OBJECT)
            return NULL;
        inner->name = found->name;
        json_set(fields, inner);
        return inner;
    }
    if (found != NULL && found->kind == JSON_OBJECT)
        return found;
    struct json *made = json_parse(&call->pool, "{}");
    made->name = pool_copy(&call->pool, name, strlen(name));
    json_set(fields, made);
    return made;
}

static void fill_in(struct call *call, struct json *fields)
{
    const struct vendor *vendor = call->vendor;
    struct json *data = object_at(call, fields, PLACE_DATA);
    if (data == NULL || *json_plain(&call->pool, json_find(data, "ecQrCode")) != '\0')
        return;
    struct json *place = object_at(call, fields, vendor->code_place);
    if (place == NULL)
        return;
    json_set(place, json_text(&call->pool, vendor->code_name, fill(call, "scan")));
}

static void identify(struct call *call, struct json *fields)
{
    const struct vendor *vendor = call->vendor;
    struct json *place = object_at(call, fields, vendor->terminal_place);
    for (size_t i = 0; place != NULL && i < 4 && vendor->terminal[i].name != NULL; i++)
        json_set(place, json_text(&call->pool, vendor->terminal[i].name, fill(call, vendor->terminal[i].rule)));
}

static struct json *word(struct pool *pool, const char *name, const char *text)
{
    struct json *made = json_text(pool, name, text);
    made->kind = JSON_WORD;
    return made;
}

static const char *shown(struct call *call, const struct json *answer, const char *code, const char *org)
{
    struct pool *pool = &call->pool;
    struct json out = {.kind = JSON_OBJECT}, *data = json_find(answer, "data"), *extra = json_find(answer, "extra");
    const char *message = json_plain(pool, json_find(answer, "message")), *given = json_plain(pool, json_find(answer, "orgId"));
    json_set(&out, word(pool, "code", code));
    if (data != NULL && strcmp(code, "0") == 0) {
        struct json *copy = pool_take(pool, sizeof *copy);
        *copy = *data;
        json_set(&out, copy);
    } else {
        struct json *none = json_parse(pool, "{}");
        none->name = pool_copy(pool, "data", 4);
        json_set(&out, none);
    }
    json_set(&out, json_text(pool, "message", message));
    json_set(&out, json_text(pool, "orgId", *given != '\0' ? given : org));
    if (extra != NULL && strcmp(code, "0") == 0) {
        struct json *copy = pool_take(pool, sizeof *copy);
        *copy = *extra;
        json_set(&out, copy);
    }
    return json_write(pool, &out, (struct json_style){.sorted = !call->vendor->out_kept});
}

char *nation_trans(const struct vendor *vendor, const char *url, const char *in_data, char *out_data)
{
    struct call call = {.vendor = vendor, .out_data = out_data};
    struct pool *pool = &call.pool;
    const char *code = "-1", *text = "入参不是 JSON";
    manners_begin(&call);
    call.url = pool_copy(pool, url == NULL ? "" : url, url == NULL ? 0 : strlen(url));
    struct json *fields = json_parse(pool, host_text(&call, in_data));
    if (fields == NULL || fields->kind != JSON_OBJECT)
        return manners_end(&call, code, text);
    const char *inner = json_plain(pool, json_find(json_find(fields, "data"), "orgId"));
    const char *outer = json_plain(pool, json_find(fields, "orgId")), *org = *outer != '\0' ? outer : inner;
    bool scanning = scans(json_plain(pool, json_find(fields, "transType")));
    if (scanning)
        fill_in(&call, fields);
    if (scanning || vendor->identifies_always)
        identify(&call, fields);
    const char *body = json_write(pool, fields, vendor->style);
    const char *received = post(&call, body, &code, &text);
    struct json *answer = received == NULL ? NULL : json_parse(pool, received);
    if (answer == NULL)
        return manners_end(&call, code, text);
    code = json_plain(pool, json_find(answer, "code"));
    bool good = listed(vendor->success, code);
    if (vendor->answer_as_it_came)
        text = vendor->out_verbatim ? received
                                    : json_write(pool, answer, (struct json_style){.sorted = !vendor->out_kept});
    else
        text = shown(&call, answer, good ? "0" : code, org);
    if (good)
        code = vendor->returned_success == NULL ? "0000" : vendor->returned_success;
    else if (vendor->returned_failure != NULL)
        code = vendor->returned_failure;
    return manners_end(&call, code, text);
}
