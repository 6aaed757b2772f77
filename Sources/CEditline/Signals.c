#include "Signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "CEditline.h"

static volatile sig_atomic_t received[3];
static volatile sig_atomic_t prompting;
static volatile int *volatile interrupt_flag;
static int installed;
static struct sigaction before_interrupt, before_resize, before_continue;

static void note_interrupt(int number) {
    (void)number;
    if (prompting) {
        received[ce_signal_interrupt] = 1;
    } else {
        volatile int *flag = interrupt_flag;
        if (flag != NULL) *flag = 1;
    }
}

static void note_resize(int number) {
    (void)number;
    received[ce_signal_resize] = 1;
}

static void note_continue(int number) {
    (void)number;
    received[ce_signal_continue] = 1;
}

static void handle(int number, void (*handler)(int), int flags, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, before);
}

int ce_take_signal(enum ce_signal kind) {
    const int came = received[kind];
    received[kind] = 0;
    return came;
}

void ce_begin_prompt(void) {
    for (int kind = 0; kind < 3; kind++) received[kind] = 0;
    prompting = 1;
    // Without SA_RESTART, so that the read of the prompt ends.
    handle(SIGINT, note_interrupt, 0, installed ? NULL : &before_interrupt);
    handle(SIGWINCH, note_resize, 0, &before_resize);
    handle(SIGCONT, note_continue, 0, &before_continue);
}

void ce_end_prompt(void) {
    sigaction(SIGWINCH, &before_resize, NULL);
    sigaction(SIGCONT, &before_continue, NULL);
    if (installed) {
        handle(SIGINT, note_interrupt, SA_RESTART, NULL);
    } else {
        sigaction(SIGINT, &before_interrupt, NULL);
    }
    prompting = 0;
}

void rs4_install_interrupt(volatile int *flag) {
    interrupt_flag = flag;
    handle(SIGINT, note_interrupt, SA_RESTART, installed ? NULL : &before_interrupt);
    installed = 1;
}

void rs4_remove_interrupt(void) {
    if (installed) sigaction(SIGINT, &before_interrupt, NULL);
    installed = 0;
    interrupt_flag = NULL;
}
