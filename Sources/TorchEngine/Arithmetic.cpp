// The binary operators of the language, called without boxing.

#include "Boundary.hpp"

#include <ATen/ScalarOps.h>
#include <ATen/ops/add.h>
#include <ATen/ops/bitwise_and.h>
#include <ATen/ops/bitwise_or.h>
#include <ATen/ops/bitwise_xor.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/le.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/rsub.h>
#include <ATen/ops/sub.h>

#include <cmath>
#include <limits>

using namespace ct;

namespace {
at::Tensor binary(int operation, const at::Tensor &left, const at::Tensor &right) {
    switch (operation) {
        case CT_ADD: return at::add(left, right);
        case CT_SUBTRACT: return at::sub(left, right);
        case CT_MULTIPLY: return at::mul(left, right);
        case CT_DIVIDE: return at::div(left, right);
        case CT_FLOOR_DIVIDE: return at::div(left, right, "floor");
        case CT_REMAINDER: return at::remainder(left, right);
        case CT_POWER: return at::pow(left, right);
        case CT_MATMUL: return at::matmul(left, right);
        case CT_EQUAL: return at::eq(left, right);
        case CT_NOT_EQUAL: return at::ne(left, right);
        case CT_LESS: return at::lt(left, right);
        case CT_LESS_OR_EQUAL: return at::le(left, right);
        case CT_GREATER: return at::gt(left, right);
        case CT_GREATER_OR_EQUAL: return at::ge(left, right);
        case CT_BIT_AND: return at::bitwise_and(left, right);
        case CT_BIT_OR: return at::bitwise_or(left, right);
        case CT_BIT_XOR: return at::bitwise_xor(left, right);
        default: TORCH_CHECK(false, "unknown binary operator");
    }
}

// A number as libtorch's operators take it. For a tensor of floats it is made in the tensor's own type at once, which the
// operator would otherwise convert it to, at the price of the operation itself when the tensor is small.
at::Tensor number_for(const at::Tensor &tensor, const c10::Scalar &scalar) {
    double number = scalar.toDouble();
    bool fits = tensor.scalar_type() == at::kDouble
        || (tensor.scalar_type() == at::kFloat && std::abs(number) <= std::numeric_limits<float>::max());
    if (!fits) return at::native::wrapped_scalar_tensor(scalar);
    at::Tensor made = at::detail::scalar_tensor_static(scalar, tensor.scalar_type(), at::Device(at::kCPU));
    made.unsafeGetTensorImpl()->set_wrapped_number(true);
    return made;
}
}  // namespace

int ct_binary(int operation, ct_tensor left, ct_tensor right, ct_tensor *result) {
    return guarded([&] { *result = give(binary(operation, borrow(left), borrow(right))); });
}

int ct_binary_number(int operation, ct_tensor tensor, bool number_is_left, bool is_integer, int64_t integer,
                     double number, ct_tensor *result) {
    return guarded([&] {
        at::Tensor other = borrow(tensor);
        c10::Scalar scalar = is_integer ? c10::Scalar(integer) : c10::Scalar(number);
        if (operation == CT_POWER) {
            *result = give(number_is_left ? at::pow(scalar, other) : at::pow(other, scalar));
            return;
        }
        at::Tensor wrapped = number_for(other, scalar);
        *result = give(number_is_left ? binary(operation, wrapped, other) : binary(operation, other, wrapped));
    });
}
