#pragma once

enum ce_signal { ce_signal_interrupt = 0, ce_signal_resize = 1, ce_signal_continue = 2 };

/// True once for each signal that came since the last question.
int ce_take_signal(enum ce_signal kind);

/// Waits for input on the descriptor or a signal; true when a signal came.
int ce_wait(int descriptor);

/// While a line is read, Ctrl-C belongs to the prompt, and a new window size and a return from suspension are seen.
void ce_begin_prompt(void);
void ce_end_prompt(void);
