/* configuration.c - see configuration.h. The files of settings, the weakest first; their grammar is settings.c's. */
#include "configuration.h"
#include "front.h"
#include "sets.h"
#include "text.h"
#include "threads.h"

static struct {
    int settled;
    int has_folder;
    vcshim_settings settings;
    char folder[VCSHIM_PATH_MAX];
    char pc[VCSHIM_PC_NAME_MAX];
    char vendor[VCSHIM_PATH_MAX]; /* the vendor's DLL, where one answers */
    int has_no_fleet;             /* no copy of the hospital's settings counts */
} in_force;

/* The files of settings, the weakest first: layers() of shim/configuration.py. */
enum layer { FLEET, MACHINE, BESIDE_US, LAYERS };

/* Receives the content of a file of settings; how many bytes, as vcshim_read_file(). Under the lock. */
static int32_t read_layer(enum layer layer, char *bytes)
{
    static char folder[VCSHIM_PATH_MAX];
    const int32_t capacity = VCSHIM_INI_LIMIT + 1;
    if (layer == FLEET && in_force.has_no_fleet) return VCSHIM_NO_FILE;
    if (layer == BESIDE_US) return vcshim_read_file(in_force.folder, "vcshim.ini", bytes, capacity);
    if (!vcshim_data_folder(layer == FLEET ? VCSHIM_LOCAL_DATA : VCSHIM_MACHINE_DATA, folder)) return VCSHIM_NO_FILE;
    return vcshim_read_file(folder, layer == FLEET ? "settings" VCSHIM_PATH_SEPARATOR "fleet.ini" : "vcshim.ini", bytes,
                            capacity);
}

/* Whether the other files say where the hospital's settings come from: without that, the copy of them counts for nothing. */
static int names_fleet(const vcshim_layers *layers, char *bytes)
{
    vcshim_raw_path of_file[VCSHIM_SECTION_KINDS][VCSHIM_PATH_COUNT];
    int is_set[VCSHIM_SECTION_KINDS] = {0, 0}, layer, kind;
    for (layer = MACHINE; layer < LAYERS; layer++) {
        vcshim_settings_paths(layers, bytes, read_layer((enum layer)layer, bytes), of_file);
        for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++) {
            const vcshim_raw_path *raw = &of_file[kind][VCSHIM_FLEET_SOURCE];
            if (raw->count >= 0) is_set[kind] = raw->bytes != NULL ? 1 : -1;
        }
    }
    return (is_set[VCSHIM_OF_THIS_PC] != 0 ? is_set[VCSHIM_OF_THIS_PC] : is_set[VCSHIM_OF_ALL]) > 0;
}

/* Where the vendor's DLL is: as [vendor] says, a relative path beside us, or NAME.vendor.dll beside us. */
static void find_vendor(const vcshim_layers *layers, char *bytes)
{
    static char paths[VCSHIM_SECTION_KINDS][VCSHIM_PATH_MAX]; /* under the lock */
    vcshim_raw_path of_file[VCSHIM_SECTION_KINDS][VCSHIM_PATH_COUNT];
    int is_set[VCSHIM_SECTION_KINDS] = {0, 0}, is_known[VCSHIM_SECTION_KINDS] = {0, 0}, layer, kind;
    const char *path;
    for (layer = 0; layer < LAYERS; layer++) {
        int32_t count = read_layer((enum layer)layer, bytes);
        vcshim_settings_paths(layers, bytes, count, of_file);
        for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++) {
            const vcshim_raw_path *raw = &of_file[kind][vcshim_product.vendor];
            if (raw->count < 0) continue;
            is_set[kind] = raw->bytes != NULL ? 1 : -1;
            is_known[kind] = raw->bytes != NULL && vcshim_decode_path(raw->bytes, raw->count, raw->charset, paths[kind]);
        }
    }
    kind = is_set[VCSHIM_OF_THIS_PC] != 0 ? VCSHIM_OF_THIS_PC : VCSHIM_OF_ALL;
    path = paths[kind];
    if (is_set[kind] <= 0) {
        const char *const usual[] = {in_force.folder, VCSHIM_PATH_SEPARATOR VCSHIM_LIBRARY_PREFIX, vcshim_product.name,
                                     ".vendor" VCSHIM_LIBRARY_SUFFIX, NULL};
        vcshim_join(in_force.vendor, usual);
    } else if (!is_known[kind]) {
        in_force.vendor[0] = 0;
    } else {
        const char *const beside[] = {in_force.folder, VCSHIM_PATH_SEPARATOR, path, NULL}, *const absolute[] = {path, NULL};
        vcshim_join(in_force.vendor, vcshim_is_absolute(path) ? absolute : beside);
    }
}

/* Whether all is known that the settings say. Until then the initial ones hold, and Python refuses every call. The
 * hospital's copy is done without where it cannot be read, as by Python. */
static int read_settings(void)
{
    vcshim_layers layers = {.pc_name = vcshim_pc_name, .decode = vcshim_decode_path};
    char *bytes = in_force.has_folder ? vcshim_take(VCSHIM_INI_LIMIT + 1) : NULL;
    int layer, understood = bytes != NULL;
    vcshim_settings_begin(&layers);
    in_force.has_no_fleet = 0;
    in_force.has_no_fleet = understood && (read_layer(FLEET, bytes) == VCSHIM_NO_FILE || !names_fleet(&layers, bytes));
    for (layer = 0; layer < LAYERS && understood; layer++) {
        int32_t count = read_layer((enum layer)layer, bytes);
        int is_read = vcshim_settings_add(&layers, bytes, count) && count != VCSHIM_UNREADABLE_FILE;
        understood = is_read || layer == FLEET;
    }
    if (!understood) vcshim_settings_begin(&layers);
    vcshim_settings_end(&layers, &in_force.settings);
    if (understood && vcshim_setting_of(VCSHIM_MODE) != VCSHIM_NATIVE) find_vendor(&layers, bytes);
    if (bytes != NULL) vcshim_give_back(bytes);
    return understood;
}

/* Without the lock while the system is asked. */
static void find_folder(void)
{
    char *folder = vcshim_take(VCSHIM_PATH_MAX);
    if (folder == NULL) return;
    if (vcshim_own_folder(folder)) {
        vcshim_lock();
        vcshim_copy_text(in_force.folder, folder);
        vcshim_copy_text(in_force.pc, vcshim_pc_name());
        in_force.has_folder = 1;
        vcshim_unlock();
    }
    vcshim_give_back(folder);
}

void vcshim_settle(void)
{
    if (!in_force.has_folder) find_folder();
    vcshim_lock();
    if (!in_force.settled) in_force.settled = read_settings();
    vcshim_unlock();
}

static void settle_apart(void *context)
{
    (void)context;
    vcshim_settle();
}

enum vcshim_mode vcshim_mode_in_force(void)
{
    char nothing = 0;
    if (!in_force.settled) (void)vcshim_run_apart(settle_apart, &nothing, sizeof nothing);
    return in_force.settled ? (enum vcshim_mode)vcshim_setting_of(VCSHIM_MODE) : VCSHIM_NATIVE;
}

int vcshim_is_settled(void) { return in_force.settled; }

int32_t vcshim_setting_of(enum vcshim_key key) { return in_force.settings.values[key]; }

const char *vcshim_vendor_path(void) { return in_force.vendor; }

const char *vcshim_front_folder(void) { return in_force.folder; }

const char *vcshim_this_pc(void) { return in_force.pc; }
