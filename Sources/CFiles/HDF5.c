#define _GNU_SOURCE  // dladdr
#include "CFilesHDF5.h"

// HDF5 1.10 to 1.14 all offer these names.
#define H5_USE_110_API 1
#include <dlfcn.h>
#include <hdf5.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// A name that leads to a data set, or to something that is none and why.
typedef struct {
    char *name;
    /// Which open file its object is in, and where in it; equal for several names of one data set. A link may lead through
    /// another file, whose objects lie at the same places.
    uint64_t file_number, address;
    const char *obstacle;
} entry;

struct cf_h5 {
    hid_t file;
    size_t count, capacity;
    entry *entries;
};

static pthread_once_t prepared = PTHREAD_ONCE_INIT;

/// Messages come back through the interface, never on standard error. Of plugins only filters are loaded, also from
/// where Debian's packages put them: below the folder that holds libhdf5 itself.
static void prepare(void) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(H5PL_FILTER_PLUGIN);
    Dl_info library;
    if (!dladdr((void *)H5open, &library) || !library.dli_fname) return;
    const char *slash = strrchr(library.dli_fname, '/');
    char folder[4096];
    int length = snprintf(
        folder, sizeof folder, "%.*s/hdf5/serial/plugins", slash ? (int)(slash - library.dli_fname) : 1,
        slash ? library.dli_fname : ".");
    if (length > 0 && (size_t)length < sizeof folder) H5PLappend(folder);
    // Debian's plugin for LZF leans on this library without naming it.
    dlopen("liblzf.so.1", RTLD_LAZY | RTLD_GLOBAL);
}

typedef struct {
    char *message;
    size_t size;
} innermost;

static herr_t keep_innermost(unsigned depth, const H5E_error2_t *error, void *data) {
    innermost *target = data;
    (void)depth;
    if (error->desc) snprintf(target->message, target->size, "%s", error->desc);
    return 0;
}

/// The innermost entry of HDF5's error stack says what happened.
static void describe(const char *otherwise, char *message, size_t message_size) {
    snprintf(message, message_size, "%s", otherwise);
    innermost target = {message, message_size};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_innermost, &target);
    H5Eclear2(H5E_DEFAULT);
}

enum { LARGEST_COUNT = 1000000, DEEPEST = 64 };

/// A walk through the groups of a file: the path so far, how many links were followed (groups under many names make them
/// many), and the groups that it has come through.
typedef struct {
    cf_h5 *file;
    char path[8192];
    size_t length;
    int depth;
    size_t links;
    struct { uint64_t file_number, address; } above[DEEPEST];
} walk;

static int keep(cf_h5 *file, const char *name, const H5O_info_t *object, const char *obstacle) {
    if (file->count >= LARGEST_COUNT) return -1;
    if (file->count == file->capacity) {
        size_t capacity = file->capacity ? file->capacity * 2 : 16;
        entry *entries = realloc(file->entries, capacity * sizeof *entries);
        if (!entries) return -1;
        file->entries = entries;
        file->capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy) return -1;
    file->entries[file->count++] = (entry){copy, object ? object->fileno : 0, object ? object->addr : 0, obstacle};
    return 0;
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *data);

/// Every link of a group, so that a data set has each of its names. A group inside itself is not entered again.
static herr_t visit_group(hid_t group, const H5O_info_t *object, walk *walk) {
    if (walk->depth == DEEPEST) return keep(walk->file, walk->path, NULL, "groups nested too deeply");
    for (int level = 0; level < walk->depth; level++)
        if (walk->above[level].address == object->addr && walk->above[level].file_number == object->fileno) return 0;
    walk->above[walk->depth].file_number = object->fileno;
    walk->above[walk->depth++].address = object->addr;
    hsize_t start = 0;
    herr_t status = H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, &start, visit, walk);
    walk->depth--;
    return status;
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *data) {
    walk *walk = data;
    if (++walk->links > LARGEST_COUNT) return -1;
    size_t length = walk->length, more = strlen(name);
    if (length + more + 2 > sizeof walk->path) return keep(walk->file, walk->path, NULL, "a name of impossible length");
    if (length > 0) walk->path[walk->length++] = '/';
    memcpy(walk->path + walk->length, name, more + 1);
    walk->length += more;
    herr_t status = 0;
    H5O_info_t object;
    if (link->type == H5L_TYPE_EXTERNAL) {
        status = keep(walk->file, walk->path, NULL, "an array kept in another file");
    } else if (link->type == H5L_TYPE_SOFT && H5Oexists_by_name(group, name, H5P_DEFAULT) <= 0) {
        status = keep(walk->file, walk->path, NULL, "a link that leads nowhere");
    } else if (H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0) {
        status = keep(walk->file, walk->path, NULL, "an object that cannot be opened");
    } else if (object.type == H5O_TYPE_DATASET) {
        status = keep(walk->file, walk->path, &object, NULL);
    } else if (object.type == H5O_TYPE_GROUP) {
        hid_t inner = H5Gopen2(group, name, H5P_DEFAULT);
        status = inner < 0 ? keep(walk->file, walk->path, NULL, "a group that cannot be opened") : visit_group(inner, &object, walk);
        if (inner >= 0) H5Gclose(inner);
    }
    H5Eclear2(H5E_DEFAULT);
    walk->length = length;
    walk->path[length] = 0;
    return status;
}

static int list(cf_h5 *file) {
    walk *path = calloc(1, sizeof *path);
    hid_t root = path ? H5Gopen2(file->file, "/", H5P_DEFAULT) : -1;
    H5O_info_t object = {0};
    int status = -1;
    if (root >= 0 && H5Oget_info2(root, &object, H5O_INFO_BASIC) >= 0) {
        path->file = file;
        status = visit_group(root, &object, path);
    }
    if (root >= 0) H5Gclose(root);
    free(path);
    return status;
}

cf_h5 *cf_h5_open(const char *path, char *message, size_t message_size) {
    pthread_once(&prepared, prepare);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    // Reading needs no lock, and locks fail on some network file systems.
    H5Pset_file_locking(access, 0, 1);
    hid_t handle = H5Fopen(path, H5F_ACC_RDONLY, access);
    // Every call begins with an empty error stack.
    if (handle < 0) describe("the file cannot be opened", message, message_size);
    H5Pclose(access);
    if (handle < 0) return NULL;
    cf_h5 *file = calloc(1, sizeof *file);
    if (!file) {
        H5Fclose(handle);
        snprintf(message, message_size, "not enough memory");
        return NULL;
    }
    file->file = handle;
    if (list(file) < 0) {
        describe("the list of data sets cannot be read", message, message_size);
        cf_h5_close(file);
        return NULL;
    }
    return file;
}

void cf_h5_version(unsigned version[3]) { H5get_libversion(&version[0], &version[1], &version[2]); }

size_t cf_h5_count(cf_h5 *file) { return file->count; }

static int is_boolean(hid_t type) {
    if (H5Tget_nmembers(type) != 2) return 0;
    int found = 0;
    for (unsigned index = 0; index < 2; index++) {
        char *name = H5Tget_member_name(type, index);
        if (name && (strcmp(name, "FALSE") == 0 || strcmp(name, "TRUE") == 0)) found++;
        if (name) H5free_memory(name);
    }
    return found == 2 && H5Tget_size(type) == 1;
}

static cf_element element_of(hid_t type) {
    size_t size = H5Tget_size(type);
    switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
        int is_signed = H5Tget_sign(type) == H5T_SGN_2;
        switch (size) {
        case 1: return is_signed ? CF_INT8 : CF_UINT8;
        case 2: return is_signed ? CF_INT16 : CF_UINT16;
        case 4: return is_signed ? CF_INT32 : CF_UINT32;
        case 8: return is_signed ? CF_INT64 : CF_UINT64;
        default: return CF_OTHER;
        }
    }
    case H5T_FLOAT: return size <= 4 ? CF_FLOAT32 : CF_FLOAT64;
    case H5T_ENUM: return is_boolean(type) ? CF_BOOL : CF_OTHER;
    default: return CF_OTHER;
    }
}

static hid_t memory_type(cf_element element) {
    switch (element) {
    case CF_INT8: return H5T_NATIVE_INT8;
    case CF_INT16: return H5T_NATIVE_INT16;
    case CF_INT32: return H5T_NATIVE_INT32;
    case CF_INT64: return H5T_NATIVE_INT64;
    case CF_UINT8: return H5T_NATIVE_UINT8;
    case CF_UINT16: return H5T_NATIVE_UINT16;
    case CF_UINT32: return H5T_NATIVE_UINT32;
    case CF_UINT64: return H5T_NATIVE_UINT64;
    case CF_FLOAT32: return H5T_NATIVE_FLOAT;
    case CF_FLOAT64: return H5T_NATIVE_DOUBLE;
    default: return H5I_INVALID_HID;
    }
}

/// Complex numbers as h5py writes them: a record of two floats called r and i.
static int is_complex(hid_t type) {
    if (H5Tget_nmembers(type) != 2) return 0;
    char *first = H5Tget_member_name(type, 0), *second = H5Tget_member_name(type, 1);
    int found = first && second && strcmp(first, "r") == 0 && strcmp(second, "i") == 0;
    if (first) H5free_memory(first);
    if (second) H5free_memory(second);
    return found && H5Tget_member_class(type, 0) == H5T_FLOAT;
}

static const char *class_name(hid_t type) {
    switch (H5Tget_class(type)) {
    case H5T_STRING: return "text";
    case H5T_COMPOUND: return is_complex(type) ? "complex numbers" : "records";
    case H5T_INTEGER: return "whole numbers of more than 64 bits";
    case H5T_REFERENCE: return "references";
    case H5T_VLEN: return "lists of varying length";
    case H5T_ENUM: return "an enumeration";
    case H5T_OPAQUE: return "opaque bytes";
    case H5T_BITFIELD: return "a bit field";
    case H5T_ARRAY: return "arrays as elements";
    default: return "a type that is no number";
    }
}

/// The first filter that the data went through and that cannot be undone here, or 0.
static int missing_filter(hid_t properties, char name[64]) {
    int count = H5Pget_nfilters(properties);
    for (int index = 0; index < count; index++) {
        unsigned flags, configuration;
        size_t values = 0;
        name[0] = 0;
        H5Z_filter_t filter = H5Pget_filter2(properties, (unsigned)index, &flags, &values, NULL, 64, name, &configuration);
        if (filter > 0 && H5Zfilter_avail(filter) <= 0) return filter;
    }
    return 0;
}

int cf_h5_describe(cf_h5 *file, size_t index, cf_h5_dataset *dataset, char *message, size_t message_size) {
    memset(dataset, 0, sizeof *dataset);
    dataset->name = file->entries[index].name;
    dataset->file_number = file->entries[index].file_number;
    dataset->address = file->entries[index].address;
    dataset->obstacle = file->entries[index].obstacle;
    if (dataset->obstacle) return 0;
    hid_t set = H5Dopen2(file->file, file->entries[index].name, H5P_DEFAULT);
    hid_t space = set < 0 ? -1 : H5Dget_space(set);
    hid_t type = set < 0 ? -1 : H5Dget_type(set);
    hid_t properties = set < 0 ? -1 : H5Dget_create_plist(set);
    int result = 0;
    if (set < 0 || space < 0 || type < 0 || properties < 0) {
        describe("the data set cannot be opened", message, message_size);
        result = -1;
    } else {
        dataset->element = element_of(type);
        if (dataset->element == CF_OTHER) dataset->obstacle = class_name(type);
        H5D_layout_t layout = H5Pget_layout(properties);
        if (layout == H5D_VIRTUAL || (layout == H5D_CONTIGUOUS && H5Pget_external_count(properties) > 0))
            dataset->obstacle = "data kept in another file";
        int rank = H5Sget_simple_extent_ndims(space);
        if (H5Sget_simple_extent_type(space) == H5S_NULL) dataset->obstacle = "no data (a null space)";
        if (rank < 0 || rank > CF_MAX_RANK) {
            describe("the shape cannot be read", message, message_size);
            result = -1;
        } else {
            hsize_t sizes[CF_MAX_RANK] = {0};
            if (rank > 0) H5Sget_simple_extent_dims(space, sizes, NULL);
            dataset->rank = rank;
            for (int axis = 0; axis < rank; axis++) dataset->shape[axis] = sizes[axis];
        }
        dataset->stored_size = H5Dget_storage_size(set);
        if (!dataset->obstacle) dataset->missing_filter = missing_filter(properties, dataset->filter_name);
    }
    if (properties >= 0) H5Pclose(properties);
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    if (set >= 0) H5Dclose(set);
    H5Eclear2(H5E_DEFAULT);
    return result;
}

int cf_h5_read(cf_h5 *file, size_t index, cf_element element, void *bytes, char *message, size_t message_size) {
    hid_t set = H5Dopen2(file->file, file->entries[index].name, H5P_DEFAULT);
    if (set < 0) {
        describe("the data set cannot be opened", message, message_size);
        return -1;
    }
    // An enumeration is read as its own type: one byte, 0 or 1.
    hid_t own = element == CF_BOOL ? H5Dget_type(set) : H5I_INVALID_HID;
    herr_t status = H5Dread(set, own >= 0 ? own : memory_type(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes);
    if (status < 0) describe("the data cannot be read", message, message_size);
    if (own >= 0) H5Tclose(own);
    H5Dclose(set);
    return status < 0 ? -1 : 0;
}

static uint64_t little_endian(const unsigned char *bytes, int count) {
    uint64_t number = 0;
    while (count-- > 0) number = number << 8 | bytes[count];
    return number;
}

/// The text of a data set whose texts have any length, by the format itself: HDF5 1.10 follows a damaged reference into its
/// heap of such texts without looking, which ends the process.
static int read_variable_text(hid_t set, char *text, size_t size) {
    int result = -1, *descriptor = NULL;
    haddr_t place = H5Dget_offset(set);
    hid_t file = H5Iget_file_id(set);
    hid_t properties = file < 0 ? -1 : H5Fget_create_plist(file);
    size_t address_size = 0, length_size = 0;
    hsize_t base = 0;
    unsigned char bytes[16];
    if (place != HADDR_UNDEF && properties >= 0 && H5Pget_sizes(properties, &address_size, &length_size) >= 0
        && address_size == 8 && length_size == 8 && H5Pget_userblock(properties, &base) >= 0
        && H5Fget_vfd_handle(file, H5P_DEFAULT, (void **)&descriptor) >= 0 && descriptor
        && pread(*descriptor, bytes, 16, (off_t)place) == 16) {
        // Its length, and where in which collection of the heap it stands.
        uint64_t length = little_endian(bytes, 4), start = base + little_endian(bytes + 4, 8), wanted = little_endian(bytes + 12, 4);
        uint64_t end = 0;
        if (length < size && start < INT64_MAX / 2 && pread(*descriptor, bytes, 16, (off_t)start) == 16 && memcmp(bytes, "GCOL", 4) == 0)
            end = little_endian(bytes + 8, 8);
        if (end > 1 << 24) end = 0;
        for (uint64_t at = 16; at + 16 <= end && pread(*descriptor, bytes, 16, (off_t)(start + at)) == 16;) {
            uint64_t index = little_endian(bytes, 2), held = little_endian(bytes + 8, 8);
            if (index == 0 || held > end - at - 16) break;
            if (index == wanted) {
                if (length <= held && pread(*descriptor, text, length, (off_t)(start + at + 16)) == (ssize_t)length) {
                    text[length] = 0;
                    result = 0;
                }
                break;
            }
            at += 16 + (held + 7) / 8 * 8;
        }
    }
    if (properties >= 0) H5Pclose(properties);
    if (file >= 0) H5Fclose(file);
    return result;
}

int cf_h5_read_text(cf_h5 *file, const char *name, char *text, size_t size) {
    hid_t set = H5Dopen2(file->file, name, H5P_DEFAULT);
    hid_t type = set < 0 ? -1 : H5Dget_type(set);
    hid_t space = set < 0 ? -1 : H5Dget_space(set);
    int result = -1;
    if (type >= 0 && space >= 0 && H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1) {
        if (H5Tis_variable_str(type) > 0) {
            result = read_variable_text(set, text, size);
        } else if (H5Tget_size(type) < size && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0) {
            text[H5Tget_size(type)] = 0;
            result = 0;
        }
    }
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    if (set >= 0) H5Dclose(set);
    H5Eclear2(H5E_DEFAULT);
    return result;
}

void cf_h5_close(cf_h5 *file) {
    if (!file) return;
    for (size_t index = 0; index < file->count; index++) free(file->entries[index].name);
    free(file->entries);
    H5Fclose(file->file);
    free(file);
}

static hid_t boolean_type(void) {
    hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    signed char no = 0, yes = 1;
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    return type;
}

static int write_item(hid_t file, hid_t links, const cf_h5_item *item, int gzip_level) {
    hsize_t shape[CF_MAX_RANK], chunk[CF_MAX_RANK];
    uint64_t count = 1;
    for (int axis = 0; axis < item->rank; axis++) {
        shape[axis] = item->shape[axis];
        count *= item->shape[axis];
    }
    hid_t space = item->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(item->rank, shape, NULL);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (gzip_level > 0 && item->rank > 0 && count > 0) {
        // Chunks are whole trailing slabs of at most about a million elements.
        uint64_t slab = 1;
        for (int axis = item->rank - 1; axis >= 0; axis--) {
            uint64_t room = (1u << 20) / slab;
            chunk[axis] = shape[axis] <= room ? shape[axis] : (room > 0 ? room : 1);
            slab *= chunk[axis];
        }
        H5Pset_chunk(properties, item->rank, chunk);
        H5Pset_shuffle(properties);
        H5Pset_deflate(properties, (unsigned)gzip_level);
    }
    int is_boolean_item = item->element == CF_BOOL;
    hid_t type = is_boolean_item ? boolean_type() : memory_type(item->element);
    hid_t set = H5Dcreate2(file, item->name, type, space, links, properties, H5P_DEFAULT);
    herr_t status = set < 0 ? -1 : 0;
    if (status >= 0 && count > 0) status = H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, item->bytes);
    if (set >= 0 && H5Dclose(set) < 0) status = -1;
    if (is_boolean_item) H5Tclose(type);
    H5Pclose(properties);
    H5Sclose(space);
    return status < 0 ? -1 : 0;
}

int cf_h5_write_file(
    const char *path, const cf_h5_item *items, size_t count, int gzip_level, char *message, size_t message_size) {
    pthread_once(&prepared, prepare);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    if (file < 0) {
        describe("the file cannot be created", message, message_size);
        return -1;
    }
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    H5Pset_char_encoding(links, H5T_CSET_UTF8);
    int result = 0;
    for (size_t index = 0; index < count && result == 0; index++) {
        result = write_item(file, links, &items[index], gzip_level);
        if (result != 0) describe("the data cannot be written", message, message_size);
    }
    H5Pclose(links);
    if (H5Fclose(file) < 0 && result == 0) {
        describe("the file cannot be closed", message, message_size);
        result = -1;
    }
    return result;
}
