#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CF_NIFTI1_SIZE = 348, CF_NIFTI2_SIZE = 540 };

/// The fields of a NIfTI-1 or NIfTI-2 header that RS4 reads and writes.
typedef struct {
    /// 1 or 2.
    int version;
    /// Non-zero when the file's byte order is not this machine's.
    int is_swapped;
    /// Non-zero when header and data are two files (.hdr and .img).
    int is_pair;
    int64_t dim[8];
    double pixdim[8];
    int datatype;
    int bitpix;
    int64_t vox_offset;
    double scl_slope, scl_inter;
    int qform_code, sform_code;
    double quatern_b, quatern_c, quatern_d;
    double qoffset_x, qoffset_y, qoffset_z;
    /// Rows of the sform, row-major.
    double srow[12];
    int xyzt_units;
    int intent_code;
    double intent_p1;
    char description[81];
    char intent_name[17];
} cf_nifti_header;

/// Reads the header from the first bytes of a file. Returns the version (1 or 2), 0 when the bytes are no NIfTI
/// header, -1 when they are an ANALYZE 7.5 header, -2 when there are too few bytes for what they start as.
int cf_nifti_parse(const void *bytes, size_t count, cf_nifti_header *header);
/// Writes a header in this machine's byte order, with its four bytes "no extensions"; `bytes` holds
/// `cf_nifti_header_size(version) + 4`.
void cf_nifti_format(const cf_nifti_header *header, void *bytes);
size_t cf_nifti_header_size(int version);
/// The 4×4 matrix (row-major) of quaternion, offset and spacing.
void cf_nifti_quaternion_to_matrix(const cf_nifti_header *header, double matrix[16]);
/// Sets quaternion, offsets and pixdim[0...3] from the 4×4 matrix (row-major); exact when its axes are orthogonal.
void cf_nifti_matrix_to_quaternion(const double matrix[16], cf_nifti_header *header);
/// Bytes of one element of a NIfTI datatype code, 0 when unknown.
int cf_nifti_element_size(int datatype);
const char *cf_nifti_datatype_name(int datatype);
/// Reverses the bytes of `count` elements of `size` bytes in place.
void cf_swap_bytes(void *bytes, int64_t count, int size);

#ifdef __cplusplus
}
#endif
