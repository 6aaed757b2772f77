#ifndef RS4_CTORCH_H
#define RS4_CTORCH_H

// A C interface over libtorch. A tensor is an owned pointer: whoever receives one gives it back with
// ct_release. Every function that can fail returns CT_OK or a failure code, and ct_message() then tells why:
// no C++ exception leaves this library. The functions themselves stand in TorchEngine; Door.c opens it when the first
// one is called.

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void *ct_tensor;

enum { CT_OK = 0, CT_FAILED = 1, CT_OUT_OF_MEMORY = 2, CT_UNKNOWN_OPERATOR = 3, CT_NOT_IMPLEMENTED = 4,
       CT_UNAVAILABLE = 5 };

/// The message of the last failure on this thread, without a stack trace.
const char *ct_message(void);

enum {
    CT_NONE = 0,
    CT_TENSOR = 1,
    CT_INT = 2,
    CT_DOUBLE = 3,
    CT_BOOL = 4,
    CT_STRING = 5,
    CT_INTS = 6,
    CT_DOUBLES = 7,
    CT_BOOLS = 8,
    CT_TENSORS = 9,
    CT_DEVICE = 10,
};

/// One argument or result of an operator. Lists use `pointer` and `integer` (their length); a null tensor inside
/// CT_TENSORS is an absent one. CT_DEVICE keeps the kind in `integer` and the index in `number`.
typedef struct {
    int32_t tag;
    int64_t integer;
    double number;
    const void *pointer;
    /// The parameter's name, or null for an argument given by position.
    const char *name;
} ct_value;

/// What an operator returned: `single` when there is one result, else `many`, freed with ct_results_free.
typedef struct {
    int64_t count;
    ct_value single;
    ct_value *many;
} ct_results;

// Operators

/// Calls any operator of libtorch by its name ("conv2d", "add.Tensor"). Without an overload the first one that
/// accepts the arguments is taken; left-out arguments take the operator's own defaults.
int ct_call(const char *name, const ct_value *arguments, int64_t count, ct_results *results);
void ct_results_free(ct_results *results);

enum {
    CT_ADD, CT_SUBTRACT, CT_MULTIPLY, CT_DIVIDE, CT_FLOOR_DIVIDE, CT_REMAINDER, CT_POWER, CT_MATMUL,
    CT_EQUAL, CT_NOT_EQUAL, CT_LESS, CT_LESS_OR_EQUAL, CT_GREATER, CT_GREATER_OR_EQUAL,
    CT_BIT_AND, CT_BIT_OR, CT_BIT_XOR,
};
/// The binary operators without the generic door's cost. A number beside a tensor does not change the tensor's
/// dtype unless it is of a higher kind (a float beside integers).
int ct_binary(int operation, ct_tensor left, ct_tensor right, ct_tensor *result);
int ct_binary_number(int operation, ct_tensor tensor, bool number_is_left, bool is_integer, int64_t integer,
                     double number, ct_tensor *result);

// Lifetime and properties

void ct_retain(ct_tensor tensor);
void ct_release(ct_tensor tensor);
int64_t ct_rank(ct_tensor tensor);
int64_t ct_count(ct_tensor tensor);
/// Writes `ct_rank` sizes.
void ct_sizes(ct_tensor tensor, int64_t *sizes);
int32_t ct_dtype(ct_tensor tensor);
int32_t ct_device_kind(ct_tensor tensor);
int32_t ct_device_index(ct_tensor tensor);
bool ct_is_contiguous(ct_tensor tensor);
bool ct_requires_grad(ct_tensor tensor);
bool ct_is_leaf(ct_tensor tensor);
/// Bytes of the memory that the tensor keeps alive; a view keeps all of what it looks into.
int64_t ct_storage_bytes(ct_tensor tensor);
/// The first element's address; null for a tensor that has no memory.
void *ct_data(ct_tensor tensor);
/// Gives a tensor the memory, shape, dtype and device of another; whoever holds it sees the change.
int ct_set_data(ct_tensor tensor, ct_tensor data);
int ct_item_double(ct_tensor tensor, double *number);
int ct_item_int(ct_tensor tensor, int64_t *number);
/// A tensor with a copy of `bytes` bytes of contiguous data (null leaves it unset).
int ct_from_bytes(const void *data, int64_t bytes, const int64_t *sizes, int64_t rank, int32_t dtype,
                  ct_tensor *result);

// Gradients

int ct_set_requires_grad(ct_tensor tensor, bool required);
/// The gradient gathered at a leaf; null when there is none.
int ct_grad(ct_tensor tensor, ct_tensor *result);
/// Replaces or, with null, drops the gradient.
int ct_set_grad(ct_tensor tensor, ct_tensor gradient);
int ct_backward(ct_tensor output, ct_tensor gradient, bool keep_graph, bool create_graph);
/// Writes `input_count` gradients, null where an input plays no part.
int ct_gradients(const ct_tensor *outputs, int64_t output_count, const ct_tensor *inputs, int64_t input_count,
                 const ct_tensor *output_gradients, bool keep_graph, bool create_graph, ct_tensor *gradients);
bool ct_grad_mode(void);
void ct_set_grad_mode(bool enabled);
/// Until `ct_autocast_end` this thread computes products and convolutions in `dtype`; float32 switches that off.
int ct_autocast_begin(int32_t dtype);
void ct_autocast_end(void);

// Engine

/// Begins to open libtorch on a thread of its own, for a program that will soon need it and has time to spare.
void ct_prepare(void);
/// Waits for what `ct_prepare` began. A process that ends while libtorch is being loaded crashes.
void ct_settle(void);
/// Sets the thread counts of libtorch and of OpenBLAS.
int ct_set_threads(int32_t count);
int32_t ct_threads(void);
int ct_seed(int64_t seed);
/// The state of libtorch's own generator, as bytes: -1 is the CPU's, else that of a CUDA device.
int ct_random_state(int32_t index, ct_tensor *state);
/// Continues a generator from a state that ct_random_state gave.
int ct_set_random_state(int32_t index, ct_tensor state);
int32_t ct_cuda_count(void);
const char *ct_version(void);
/// Puts a check before every large allocation on the CPU: `available` says how many bytes the machine can still
/// give, `threshold` from which size on it is asked.
void ct_check_allocations(int64_t (*available)(void), int64_t threshold);

// Optimisers

typedef void *ct_optimizer;
enum { CT_SGD, CT_ADAM, CT_ADAMW };
typedef struct {
    int32_t kind;
    double rate, momentum, weight_decay, beta1, beta2, epsilon;
    bool nesterov;
} ct_optimizer_options;
int ct_optimizer_create(ct_optimizer_options options, const ct_tensor *parameters, int64_t count,
                        ct_optimizer *optimizer);
void ct_optimizer_free(ct_optimizer optimizer);
int ct_optimizer_step(ct_optimizer optimizer);
int ct_optimizer_zero_grad(ct_optimizer optimizer);
double ct_optimizer_rate(ct_optimizer optimizer);
int ct_optimizer_set_rate(ct_optimizer optimizer, double rate);
/// The state tensor of a parameter by name ("momentum_buffer", "exp_avg", "exp_avg_sq"; "step" is a tensor of one
/// number); null when there is none yet.
int ct_optimizer_state(ct_optimizer optimizer, int64_t parameter, const char *name, ct_tensor *result);
int ct_optimizer_set_state(ct_optimizer optimizer, int64_t parameter, const char *name, ct_tensor value);

#ifdef __cplusplus
}
#endif
#endif
