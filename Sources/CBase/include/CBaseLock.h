#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Locks one byte of an open file for this open file alone, without waiting: 1 when it is locked now, 0 when someone
/// else holds it, -1 (with errno) when the file cannot be locked. The system frees the lock when the file is closed,
/// and so when its process dies.
int cb_lock_byte(int file, int64_t place);

#ifdef __cplusplus
}
#endif
