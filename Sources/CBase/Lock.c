// Locks that belong to an open file and not to a process, so that threads exclude each other too.
#define _GNU_SOURCE
#include "CBaseLock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int cb_lock_byte(int file, int64_t place) {
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)place, .l_len = 1, .l_pid = 0};
    int status;
    do status = fcntl(file, F_OFD_SETLK, &range);
    while (status != 0 && errno == EINTR);
    if (status == 0) return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
}
