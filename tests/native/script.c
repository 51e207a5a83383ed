/* See script.h. */
#include "script.h"

#include <stdlib.h>
#include <string.h>

static struct export *exports;
static size_t export_count;

static const char *const library_names[LIBRARY_COUNT] = {"VC", "EC"};

char *script_word(char **rest)
{
    char *start = *rest + strspn(*rest, " \t\r");
    if (*start == '\0')
        return NULL;
    char *end = start + strcspn(start, " \t\r");
    *rest = *end == '\0' ? end : end + 1;
    *end = '\0';
    return start;
}

static int digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = character == '\0' ? NULL : strchr(digits, character);
    return found == NULL ? -1 : (int)(found - digits);
}

char *script_hex(const char *word)
{
    size_t length = strcmp(word, "-") == 0 ? 0 : strlen(word);
    char *bytes = malloc(length / 2 + 1);
    if (bytes == NULL || length % 2 != 0)
        return NULL;
    for (size_t i = 0; i < length / 2; i++) {
        int high = digit(word[2 * i]), low = digit(word[2 * i + 1]);
        if (high < 0 || low < 0)
            return NULL;
        bytes[i] = (char)(high << 4 | low);
    }
    bytes[length / 2] = '\0';
    return bytes;
}

bool script_library(const char *word, enum library *library)
{
    for (int i = 0; i < LIBRARY_COUNT; i++) {
        if (word != NULL && strcmp(word, library_names[i]) == 0) {
            *library = (enum library)i;
            return true;
        }
    }
    return false;
}

static bool parse_export(char **rest, struct export *export)
{
    const char *returns;
    export->name = script_word(rest);
    if (!script_library(script_word(rest), &export->library) || (returns = script_word(rest)) == NULL)
        return false;
    export->returns_text = strcmp(returns, "text") == 0;
    export->parameters = script_word(rest);
    return export->parameters != NULL && strlen(export->parameters) <= PARAMETERS_MAX &&
           export->parameters[strspn(export->parameters, "tib")] == '\0';
}

bool script_exports(char *text)
{
    for (char *line = text, *next; *line != '\0'; line = next) {
        next = line + strcspn(line, "\n");
        if (*next != '\0')
            *next++ = '\0';
        exports = realloc(exports, (export_count + 1) * sizeof *exports);
        if (exports == NULL || !parse_export(&line, &exports[export_count++]))
            return false;
    }
    return export_count > 0;
}

static char *repeated(char filler, const char *count)
{
    size_t length = strtoul(count, NULL, 10);
    char *text = malloc(length + 1);
    if (text != NULL) {
        memset(text, filler, length);
        text[length] = '\0';
    }
    return text;
}

static bool parse_input(const char *word, struct input *input)
{
    if (word == NULL)
        return false;
    *input = (struct input){INPUT_TEXT, NULL};
    if (strcmp(word, "null") == 0)
        input->kind = INPUT_NULL;
    else if (strcmp(word, "@noaccess") == 0)
        input->kind = INPUT_NO_ACCESS;
    else if (strcmp(word, "@unterminated") == 0)
        input->kind = INPUT_UNTERMINATED;
    else if (strncmp(word, "@big:", 5) == 0)
        input->text = repeated('A', word + 5);
    else if (strncmp(word, "@bigjson:", 9) == 0)
        input->text = repeated('[', word + 9);
    else
        input->text = script_hex(word);
    return input->kind != INPUT_TEXT || input->text != NULL;
}

static bool parse_buffer(const char *word, struct call *call)
{
    if (word == NULL)
        return false;
    if (strcmp(word, "null") == 0) {
        call->buffer = BUFFER_NULL;
    } else if (strcmp(word, "@readonly") == 0) {
        call->buffer = BUFFER_READ_ONLY;
    } else if (strcmp(word, "@noaccess") == 0) {
        call->buffer = BUFFER_NO_ACCESS;
    } else {
        char *end;
        call->buffer = BUFFER_BYTES;
        call->capacity = strtoul(word, &end, 10);
        return *end == '\0' && call->capacity > 0;
    }
    return true;
}

static bool parse_argument(char parameter, char *word, struct input *input, struct call *call)
{
    char *end;
    if (parameter == 't')
        return parse_input(word, input);
    if (parameter == 'b')
        return parse_buffer(word, call);
    if (word == NULL)
        return false;
    call->number = (int)strtol(word, &end, 10);
    return *end == '\0';
}

bool script_call(char **rest, struct call *call)
{
    const char *name;
    call->id = script_word(rest);
    call->buffer = BUFFER_NULL;
    name = script_word(rest);
    for (size_t i = 0; name != NULL && i < export_count; i++) {
        if (strcmp(name, exports[i].name) == 0)
            call->export = &exports[i];
    }
    if (call->export == NULL)
        return false;
    for (unsigned i = 0; call->export->parameters[i] != '\0'; i++) {
        if (!parse_argument(call->export->parameters[i], script_word(rest), &call->inputs[i], call))
            return false;
    }
    return script_word(rest) == NULL;
}
