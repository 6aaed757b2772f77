// nifti_clib gives the header structures, byte swapping, quaternions and the table of data types. Its own reading
// functions are not used: they print to standard error and allocate what the header claims before they know whether
// the file holds it; the sizes are checked in Swift first, and the bytes read through zlib.
#include "CFilesNIfTI.h"

#include <math.h>
#include <nifti2_io.h>
#include <string.h>

size_t cf_nifti_header_size(int version) { return version == 2 ? CF_NIFTI2_SIZE : CF_NIFTI1_SIZE; }

static int32_t swapped32(int32_t number) {
    nifti_swap_4bytes(1, &number);
    return number;
}

// What both versions of the header have under the same names.
#define TAKE_COMMON(from, to, own_magic)                                  \
    do {                                                                  \
        (to)->is_pair = memcmp((from)->magic, own_magic, 4) == 0;         \
        for (int axis = 0; axis < 8; axis++) {                            \
            (to)->dim[axis] = (from)->dim[axis];                          \
            (to)->pixdim[axis] = (from)->pixdim[axis];                    \
        }                                                                 \
        (to)->datatype = (from)->datatype;                                \
        (to)->bitpix = (from)->bitpix;                                    \
        (to)->scl_slope = (from)->scl_slope;                              \
        (to)->scl_inter = (from)->scl_inter;                              \
        (to)->qform_code = (from)->qform_code;                            \
        (to)->sform_code = (from)->sform_code;                            \
        (to)->quatern_b = (from)->quatern_b;                              \
        (to)->quatern_c = (from)->quatern_c;                              \
        (to)->quatern_d = (from)->quatern_d;                              \
        (to)->qoffset_x = (from)->qoffset_x;                              \
        (to)->qoffset_y = (from)->qoffset_y;                              \
        (to)->qoffset_z = (from)->qoffset_z;                              \
        for (int column = 0; column < 4; column++) {                      \
            (to)->srow[column] = (from)->srow_x[column];                  \
            (to)->srow[4 + column] = (from)->srow_y[column];              \
            (to)->srow[8 + column] = (from)->srow_z[column];              \
        }                                                                 \
        (to)->xyzt_units = (from)->xyzt_units;                            \
        (to)->intent_code = (from)->intent_code;                          \
        (to)->intent_p1 = (from)->intent_p1;                              \
        memcpy((to)->description, (from)->descrip, 80);                   \
        memcpy((to)->intent_name, (from)->intent_name, 16);               \
    } while (0)

static void take1(const nifti_1_header *from, cf_nifti_header *to) {
    TAKE_COMMON(from, to, "ni1");
    to->version = 1;
    // A float; anything that does not fit an offset becomes -1 and is refused by the reader.
    to->vox_offset = from->vox_offset >= 0 && from->vox_offset < 1e15 ? (int64_t)from->vox_offset : -1;
}

static void take2(const nifti_2_header *from, cf_nifti_header *to) {
    TAKE_COMMON(from, to, "ni2");
    to->version = 2;
    to->vox_offset = from->vox_offset;
}

int cf_nifti_parse(const void *bytes, size_t count, cf_nifti_header *header) {
    memset(header, 0, sizeof *header);
    int32_t size = 0;
    if (count < 4) return 0;
    memcpy(&size, bytes, 4);
    int is_swapped = size == swapped32(CF_NIFTI1_SIZE) || size == swapped32(CF_NIFTI2_SIZE);
    if (is_swapped) size = swapped32(size);
    if (size == CF_NIFTI1_SIZE) {
        if (count < CF_NIFTI1_SIZE) return -2;
        nifti_1_header raw;
        memcpy(&raw, bytes, sizeof raw);
        if (memcmp(raw.magic, "n+1", 4) != 0 && memcmp(raw.magic, "ni1", 4) != 0) {
            return raw.magic[0] == 0 || raw.dim[0] != 0 ? -1 : 0;
        }
        if (is_swapped) nifti_swap_as_nifti1(&raw);
        take1(&raw, header);
    } else if (size == CF_NIFTI2_SIZE) {
        if (count < CF_NIFTI2_SIZE) return -2;
        nifti_2_header raw;
        memcpy(&raw, bytes, sizeof raw);
        if (memcmp(raw.magic, "n+2", 4) != 0 && memcmp(raw.magic, "ni2", 4) != 0) return 0;
        if (is_swapped) nifti_swap_as_nifti2(&raw);
        take2(&raw, header);
    } else {
        return 0;
    }
    header->is_swapped = is_swapped;
    return header->version;
}

void cf_nifti_format(const cf_nifti_header *header, void *bytes) {
    size_t size = cf_nifti_header_size(header->version);
    memset(bytes, 0, size + 4);
    if (header->version == 2) {
        nifti_2_header raw;
        memset(&raw, 0, sizeof raw);
        raw.sizeof_hdr = CF_NIFTI2_SIZE;
        memcpy(raw.magic, header->is_pair ? "ni2\0\r\n\032\n" : "n+2\0\r\n\032\n", 8);
        for (int axis = 0; axis < 8; axis++) {
            raw.dim[axis] = header->dim[axis];
            raw.pixdim[axis] = header->pixdim[axis];
        }
        raw.datatype = (int16_t)header->datatype;
        raw.bitpix = (int16_t)header->bitpix;
        raw.vox_offset = header->vox_offset;
        raw.scl_slope = header->scl_slope;
        raw.scl_inter = header->scl_inter;
        raw.qform_code = header->qform_code;
        raw.sform_code = header->sform_code;
        raw.quatern_b = header->quatern_b;
        raw.quatern_c = header->quatern_c;
        raw.quatern_d = header->quatern_d;
        raw.qoffset_x = header->qoffset_x;
        raw.qoffset_y = header->qoffset_y;
        raw.qoffset_z = header->qoffset_z;
        for (int column = 0; column < 4; column++) {
            raw.srow_x[column] = header->srow[column];
            raw.srow_y[column] = header->srow[4 + column];
            raw.srow_z[column] = header->srow[8 + column];
        }
        raw.xyzt_units = header->xyzt_units;
        raw.intent_code = header->intent_code;
        raw.intent_p1 = header->intent_p1;
        memcpy(raw.descrip, header->description, 80);
        memcpy(raw.intent_name, header->intent_name, 16);
        memcpy(bytes, &raw, sizeof raw);
        return;
    }
    nifti_1_header raw;
    memset(&raw, 0, sizeof raw);
    raw.sizeof_hdr = CF_NIFTI1_SIZE;
    raw.regular = 'r';
    memcpy(raw.magic, header->is_pair ? "ni1" : "n+1", 4);
    for (int axis = 0; axis < 8; axis++) {
        raw.dim[axis] = (int16_t)header->dim[axis];
        raw.pixdim[axis] = (float)header->pixdim[axis];
    }
    raw.datatype = (int16_t)header->datatype;
    raw.bitpix = (int16_t)header->bitpix;
    raw.vox_offset = (float)header->vox_offset;
    raw.scl_slope = (float)header->scl_slope;
    raw.scl_inter = (float)header->scl_inter;
    raw.qform_code = (int16_t)header->qform_code;
    raw.sform_code = (int16_t)header->sform_code;
    raw.quatern_b = (float)header->quatern_b;
    raw.quatern_c = (float)header->quatern_c;
    raw.quatern_d = (float)header->quatern_d;
    raw.qoffset_x = (float)header->qoffset_x;
    raw.qoffset_y = (float)header->qoffset_y;
    raw.qoffset_z = (float)header->qoffset_z;
    for (int column = 0; column < 4; column++) {
        raw.srow_x[column] = (float)header->srow[column];
        raw.srow_y[column] = (float)header->srow[4 + column];
        raw.srow_z[column] = (float)header->srow[8 + column];
    }
    raw.xyzt_units = (char)header->xyzt_units;
    raw.intent_code = (int16_t)header->intent_code;
    raw.intent_p1 = (float)header->intent_p1;
    memcpy(raw.descrip, header->description, 80);
    memcpy(raw.intent_name, header->intent_name, 16);
    memcpy(bytes, &raw, sizeof raw);
}

void cf_nifti_quaternion_to_matrix(const cf_nifti_header *header, double matrix[16]) {
    nifti_dmat44 result = nifti_quatern_to_dmat44(
        header->quatern_b, header->quatern_c, header->quatern_d, header->qoffset_x, header->qoffset_y,
        header->qoffset_z, header->pixdim[1], header->pixdim[2], header->pixdim[3],
        header->pixdim[0] < 0 ? -1.0 : 1.0);
    memcpy(matrix, result.m, sizeof result.m);
}

void cf_nifti_matrix_to_quaternion(const double matrix[16], cf_nifti_header *header) {
    nifti_dmat44 source;
    memcpy(source.m, matrix, sizeof source.m);
    nifti_dmat44_to_quatern(
        source, &header->quatern_b, &header->quatern_c, &header->quatern_d, &header->qoffset_x, &header->qoffset_y,
        &header->qoffset_z, &header->pixdim[1], &header->pixdim[2], &header->pixdim[3], &header->pixdim[0]);
}

int cf_nifti_element_size(int datatype) {
    int size = 0, swap_size = 0;
    nifti_datatype_sizes(datatype, &size, &swap_size);
    return size;
}

const char *cf_nifti_datatype_name(int datatype) { return nifti_datatype_string(datatype); }

void cf_swap_bytes(void *bytes, int64_t count, int size) { nifti_swap_Nbytes(count, size, bytes); }
