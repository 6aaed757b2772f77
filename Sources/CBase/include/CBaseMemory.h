#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Gives memory that was freed and kept back to the system.
void cb_return_memory(void);

#ifdef __cplusplus
}
#endif
