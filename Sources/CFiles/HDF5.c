#include "CFilesHDF5.h"

// HDF5 1.10 to 1.14 all offer these names.
#define H5_USE_110_API 1
#include <hdf5.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cf_h5 {
    hid_t file;
    size_t count, capacity;
    char **names;
};

static pthread_once_t prepared = PTHREAD_ONCE_INIT;

/// Messages come back through the interface, never on standard error; filters are not loaded from other files.
static void prepare(void) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
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

static herr_t collect(hid_t object, const char *name, const H5O_info_t *info, void *data) {
    (void)object;
    cf_h5 *file = data;
    if (info->type != H5O_TYPE_DATASET) return 0;
    if (file->count == file->capacity) {
        size_t capacity = file->capacity ? file->capacity * 2 : 16;
        char **names = realloc(file->names, capacity * sizeof *names);
        if (!names) return -1;
        file->names = names;
        file->capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy) return -1;
    file->names[file->count++] = copy;
    return 0;
}

cf_h5 *cf_h5_open(const char *path, char *message, size_t message_size) {
    pthread_once(&prepared, prepare);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    // Reading needs no lock, and locks fail on some network file systems.
    H5Pset_file_locking(access, 0, 1);
    hid_t handle = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    if (handle < 0) {
        describe("the file cannot be opened", message, message_size);
        return NULL;
    }
    cf_h5 *file = calloc(1, sizeof *file);
    if (!file) {
        H5Fclose(handle);
        snprintf(message, message_size, "not enough memory");
        return NULL;
    }
    file->file = handle;
    if (H5Ovisit(handle, H5_INDEX_NAME, H5_ITER_NATIVE, collect, file) < 0) {
        describe("the list of data sets cannot be read", message, message_size);
        cf_h5_close(file);
        return NULL;
    }
    return file;
}

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

static const char *class_name(hid_t type) {
    switch (H5Tget_class(type)) {
    case H5T_STRING: return "text";
    case H5T_COMPOUND: return "records";
    case H5T_REFERENCE: return "references";
    case H5T_VLEN: return "lists of varying length";
    case H5T_ENUM: return "an enumeration";
    case H5T_OPAQUE: return "opaque bytes";
    default: return "a type that is no number";
    }
}

int cf_h5_describe(cf_h5 *file, size_t index, cf_h5_dataset *dataset, char *message, size_t message_size) {
    memset(dataset, 0, sizeof *dataset);
    dataset->name = file->names[index];
    hid_t set = H5Dopen2(file->file, file->names[index], H5P_DEFAULT);
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
    }
    if (properties >= 0) H5Pclose(properties);
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    if (set >= 0) H5Dclose(set);
    H5Eclear2(H5E_DEFAULT);
    return result;
}

int cf_h5_read(cf_h5 *file, size_t index, cf_element element, void *bytes, char *message, size_t message_size) {
    hid_t set = H5Dopen2(file->file, file->names[index], H5P_DEFAULT);
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

void cf_h5_close(cf_h5 *file) {
    if (!file) return;
    for (size_t index = 0; index < file->count; index++) free(file->names[index]);
    free(file->names);
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
