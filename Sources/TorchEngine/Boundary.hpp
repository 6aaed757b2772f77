#pragma once
// What every file of this library shares: tensors as plain pointers, and the place where exceptions end.

#include <string>

#ifndef AT_PER_OPERATOR_HEADERS
#define AT_PER_OPERATOR_HEADERS
#endif
#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include "CTorch.h"

namespace ct {

/// Remembers the message for ct_message and returns the code.
int fail(int code, std::string message);

/// Turns the exception being handled into a failure code and a message without a stack trace.
int fail_with_current_exception() noexcept;

template <class Work>
int guarded(Work &&work) noexcept {
    try {
        work();
        return CT_OK;
    } catch (...) {
        return fail_with_current_exception();
    }
}

/// A tensor that shares a borrowed pointer's object.
inline at::Tensor borrow(ct_tensor pointer) {
    if (pointer == nullptr) return at::Tensor();
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(
        static_cast<c10::TensorImpl *>(pointer)));
}

/// Hands a tensor over to the caller; null when it is undefined.
inline ct_tensor give(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

/// What the loops of our own work on.
inline bool is_float_on_cpu(const at::Tensor &one) { return one.device().is_cpu() && one.scalar_type() == at::kFloat; }

/// What they work on once it is widened.
inline bool is_half_on_cpu(const at::Tensor &one) {
    return one.device().is_cpu() && (one.scalar_type() == at::kBFloat16 || one.scalar_type() == at::kHalf);
}

inline c10::TensorImpl *look(ct_tensor pointer) { return static_cast<c10::TensorImpl *>(pointer); }

}  // namespace ct
