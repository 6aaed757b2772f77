#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Makes Ctrl-C set `*flag` to 1 instead of ending the process; NULL ignores it (the prompt does so while it reads).
/// The flag must live as long as the process.
void cb_install_interrupt(volatile int *flag);
/// Lets Ctrl-C, and SIGTERM, first note a wish to stop: where `*state` is 1 they set it to 2 and do nothing else.
void cb_install_held_stop(volatile int *state);
/// Gives Ctrl-C its usual meaning back.
void cb_remove_interrupt(void);

enum cb_signal { cb_signal_interrupt = 0, cb_signal_resize = 1, cb_signal_continue = 2 };

/// True once for each signal that came since the last question.
int cb_take_signal(enum cb_signal kind);

/// Waits for input on the descriptor or a signal; true when a signal came.
int cb_wait(int descriptor);

/// While a line is read, Ctrl-C belongs to the prompt, and a new window size and a return from suspension are seen.
void cb_begin_prompt(void);
void cb_end_prompt(void);

#ifdef __cplusplus
}
#endif
