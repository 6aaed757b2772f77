// The functions of CTorch.h. Each goes through to the function of the same name in the library beside the program,
// which stands on libtorch and is opened when the first one is called: libtorch brings some three hundred libraries
// with it, and loading them takes half a second that `1 + 1` need not wait for.

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "CTorch.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library = NULL;
static char problem[1024] = "";

static void open_library(void) {
    // GNU's OpenMP lets idle threads spin for milliseconds and so takes the cores from whoever has work (another
    // process, BLAS's own threads): on a shared machine a training step then takes three times as long. It reads these
    // settings once, when it is loaded, which is now.
    if (getenv("OMP_WAIT_POLICY") == NULL) setenv("GOMP_SPINCOUNT", "1000", 0);
    // OpenBLAS's threads otherwise yield for some 30 ms after each product, in the way of everybody else's: 2¹⁰ cycles.
    setenv("OPENBLAS_THREAD_TIMEOUT", "10", 0);
    library = dlopen("librs4torch.so", RTLD_LAZY | RTLD_GLOBAL);
    if (library == NULL) {
        snprintf(problem, sizeof problem, "librs4torch.so must be beside the program and its libraries in place, but %s",
                 dlerror());
    }
}

static void *find(const char *name) {
    pthread_once(&once, open_library);
    if (library == NULL) return NULL;
    void *function = dlsym(library, name);
    if (function == NULL) snprintf(problem, sizeof problem, "librs4torch.so must fit the program, but lacks %s", name);
    return function;
}

static void *open_in_background(void *nothing) {
    pthread_once(&once, open_library);
    return nothing;
}

static int is_preparing = 0;

void ct_prepare(void) {
    // Signals are for the threads that have something to stop.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, open_in_background, NULL) == 0) {
        is_preparing = 1;
        pthread_detach(thread);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void ct_settle(void) {
    if (is_preparing) pthread_once(&once, open_library);
}

/// A function that answers `otherwise` when the library cannot be opened.
#define DOOR(result, otherwise, name, parameters, arguments)                      \
    result name parameters {                                                      \
        static result(*function) parameters;                                      \
        if (function == NULL && (*(void **)&function = find(#name)) == NULL) return otherwise; \
        return function arguments;                                                \
    }
/// A function that answers CT_OK or a failure code.
#define STATUS(name, parameters, arguments) DOOR(int, CT_UNAVAILABLE, name, parameters, arguments)
/// A function without an answer.
#define ACTION(name, parameters, arguments)                                       \
    void name parameters {                                                        \
        static void(*function) parameters;                                        \
        if (function != NULL || (*(void **)&function = find(#name)) != NULL) function arguments; \
    }

const char *ct_message(void) {
    static const char *(*function)(void);
    if (function == NULL && (*(void **)&function = find("ct_message")) == NULL) return problem;
    return function();
}

STATUS(ct_call, (const char *name, const ct_value *arguments, int64_t count, ct_results *results),
       (name, arguments, count, results))
ACTION(ct_results_free, (ct_results * results), (results))
STATUS(ct_binary, (int operation, ct_tensor left, ct_tensor right, ct_tensor *result), (operation, left, right, result))
STATUS(ct_binary_number,
       (int operation, ct_tensor tensor, bool number_is_left, bool is_integer, int64_t integer, double number,
        ct_tensor *result),
       (operation, tensor, number_is_left, is_integer, integer, number, result))

ACTION(ct_retain, (ct_tensor tensor), (tensor))
ACTION(ct_release, (ct_tensor tensor), (tensor))
DOOR(int64_t, 0, ct_rank, (ct_tensor tensor), (tensor))
DOOR(int64_t, 0, ct_count, (ct_tensor tensor), (tensor))
ACTION(ct_sizes, (ct_tensor tensor, int64_t *sizes), (tensor, sizes))
DOOR(int32_t, 0, ct_dtype, (ct_tensor tensor), (tensor))
DOOR(int32_t, 0, ct_device_kind, (ct_tensor tensor), (tensor))
DOOR(int32_t, 0, ct_device_index, (ct_tensor tensor), (tensor))
DOOR(bool, false, ct_is_contiguous, (ct_tensor tensor), (tensor))
DOOR(bool, false, ct_requires_grad, (ct_tensor tensor), (tensor))
DOOR(bool, false, ct_is_leaf, (ct_tensor tensor), (tensor))
DOOR(int64_t, 0, ct_storage_bytes, (ct_tensor tensor), (tensor))
DOOR(void *, NULL, ct_data, (ct_tensor tensor), (tensor))
STATUS(ct_set_data, (ct_tensor tensor, ct_tensor data), (tensor, data))
STATUS(ct_item_double, (ct_tensor tensor, double *number), (tensor, number))
STATUS(ct_item_int, (ct_tensor tensor, int64_t *number), (tensor, number))
STATUS(ct_from_bytes,
       (const void *data, int64_t bytes, const int64_t *sizes, int64_t rank, int32_t dtype, ct_tensor *result),
       (data, bytes, sizes, rank, dtype, result))

STATUS(ct_set_requires_grad, (ct_tensor tensor, bool required), (tensor, required))
STATUS(ct_grad, (ct_tensor tensor, ct_tensor *result), (tensor, result))
STATUS(ct_set_grad, (ct_tensor tensor, ct_tensor gradient), (tensor, gradient))
STATUS(ct_backward, (ct_tensor output, ct_tensor gradient, bool keep_graph, bool create_graph),
       (output, gradient, keep_graph, create_graph))
STATUS(ct_gradients,
       (const ct_tensor *outputs, int64_t output_count, const ct_tensor *inputs, int64_t input_count,
        const ct_tensor *output_gradients, bool keep_graph, bool create_graph, ct_tensor *gradients),
       (outputs, output_count, inputs, input_count, output_gradients, keep_graph, create_graph, gradients))
DOOR(bool, true, ct_grad_mode, (void), ())
ACTION(ct_set_grad_mode, (bool enabled), (enabled))
STATUS(ct_autocast_begin, (int32_t dtype), (dtype))
ACTION(ct_autocast_end, (void), ())

STATUS(ct_set_threads, (int32_t count), (count))
DOOR(int32_t, 1, ct_threads, (void), ())
STATUS(ct_seed, (int64_t seed), (seed))
STATUS(ct_random_state, (int32_t index, ct_tensor *state), (index, state))
STATUS(ct_set_random_state, (int32_t index, ct_tensor state), (index, state))
DOOR(int32_t, 0, ct_cuda_count, (void), ())
DOOR(const char *, "", ct_version, (void), ())
ACTION(ct_check_allocations, (int64_t(*available)(void), int64_t threshold), (available, threshold))

STATUS(ct_optimizer_create,
       (ct_optimizer_options options, const ct_tensor *parameters, int64_t count, ct_optimizer *optimizer),
       (options, parameters, count, optimizer))
ACTION(ct_optimizer_free, (ct_optimizer optimizer), (optimizer))
STATUS(ct_optimizer_step, (ct_optimizer optimizer), (optimizer))
STATUS(ct_optimizer_zero_grad, (ct_optimizer optimizer), (optimizer))
DOOR(double, 0, ct_optimizer_rate, (ct_optimizer optimizer), (optimizer))
STATUS(ct_optimizer_set_rate, (ct_optimizer optimizer, double rate), (optimizer, rate))
STATUS(ct_optimizer_state, (ct_optimizer optimizer, int64_t parameter, const char *name, ct_tensor *result),
       (optimizer, parameter, name, result))
STATUS(ct_optimizer_set_state, (ct_optimizer optimizer, int64_t parameter, const char *name, ct_tensor value),
       (optimizer, parameter, name, value))
