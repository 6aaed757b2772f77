/// What RS4 needs of zlib, libzip, libhdf5 and nifti_clib, in plain C types.
///
/// Calls that can fail take `char *message, size_t message_size` last and write one line there when they return
/// a negative number or NULL. Nothing here prints or ends the process.
#pragma once
#include "CFilesGzip.h"
#include "CFilesHDF5.h"
#include "CFilesNIfTI.h"
#include "CFilesZip.h"
