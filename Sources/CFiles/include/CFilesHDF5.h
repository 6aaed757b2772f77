#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What elements are in memory. `CF_OTHER` stands for text, references, compounds and the like.
typedef enum {
    CF_OTHER = 0,
    CF_INT8, CF_INT16, CF_INT32, CF_INT64,
    CF_UINT8, CF_UINT16, CF_UINT32, CF_UINT64,
    CF_FLOAT16, CF_FLOAT32, CF_FLOAT64,
    /// HDF5's enumeration FALSE = 0, TRUE = 1, as h5py writes booleans.
    CF_BOOL
} cf_element;

enum { CF_MAX_RANK = 32 };

typedef struct {
    /// Path inside the file without the leading slash; belongs to the file.
    const char *name;
    int rank;
    uint64_t shape[CF_MAX_RANK];
    cf_element element;
    /// Bytes it takes in the file; 0 when no data were written.
    uint64_t stored_size;
    /// What it is that cannot be read, in words, or NULL.
    const char *obstacle;
    /// Which open file the object is in (links may lead through another), and where in it: several names may lead to one.
    uint64_t file_number, address;
    /// The number of the first filter (compression) that no library here undoes, and the name the file gives it; or 0.
    int missing_filter;
    char filter_name[64];
} cf_h5_dataset;

/// An HDF5 file open for reading.
typedef struct cf_h5 cf_h5;

/// Lists every name that leads to a data set, through groups and links, and what cannot be followed.
cf_h5 *cf_h5_open(const char *path, char *message, size_t message_size);
/// The version of the library that reads.
void cf_h5_version(unsigned version[3]);
size_t cf_h5_count(cf_h5 *file);
int cf_h5_describe(cf_h5 *file, size_t index, cf_h5_dataset *dataset, char *message, size_t message_size);
/// Reads a whole data set in this machine's byte order; `bytes` holds all elements. Returns 0 or -1.
int cf_h5_read(cf_h5 *file, size_t index, cf_element element, void *bytes, char *message, size_t message_size);
/// Reads a data set of one text into `text` of `size` bytes. Returns 0, or -1 when there is none that fits.
int cf_h5_read_text(cf_h5 *file, const char *name, char *text, size_t size);
void cf_h5_close(cf_h5 *file);

typedef struct {
    const char *name;
    int rank;
    const uint64_t *shape;
    cf_element element;
    const void *bytes;
} cf_h5_item;

/// Writes a new file; a slash in a name makes groups. `gzip_level` 0 stores plainly. Returns 0 or -1.
int cf_h5_write_file(
    const char *path, const cf_h5_item *items, size_t count, int gzip_level, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
