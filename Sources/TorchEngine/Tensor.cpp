// Lifetime, properties and contents of tensors.

#include <cstring>

#include "Boundary.hpp"

#include <ATen/ops/empty.h>

using namespace ct;

void ct_retain(ct_tensor tensor) {
    at::Tensor another = borrow(tensor);
    another.unsafeReleaseTensorImpl();
}

void ct_release(ct_tensor tensor) {
    if (tensor == nullptr) return;
    (void)guarded([&] {
        auto owned = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(look(tensor));
        owned.reset();
    });
}

int64_t ct_rank(ct_tensor tensor) { return look(tensor)->dim(); }
int64_t ct_count(ct_tensor tensor) { return look(tensor)->numel(); }

void ct_sizes(ct_tensor tensor, int64_t *sizes) {
    auto all = look(tensor)->sizes();
    std::copy(all.begin(), all.end(), sizes);
}

int32_t ct_dtype(ct_tensor tensor) {
    return static_cast<int32_t>(c10::typeMetaToScalarType(look(tensor)->dtype()));
}
int32_t ct_device_kind(ct_tensor tensor) { return static_cast<int32_t>(look(tensor)->device().type()); }
int32_t ct_device_index(ct_tensor tensor) { return look(tensor)->device().index(); }
bool ct_is_contiguous(ct_tensor tensor) { return borrow(tensor).is_contiguous(); }
bool ct_requires_grad(ct_tensor tensor) { return borrow(tensor).requires_grad(); }
bool ct_is_leaf(ct_tensor tensor) { return borrow(tensor).is_leaf(); }

int64_t ct_storage_bytes(ct_tensor tensor) {
    int64_t bytes = 0;
    (void)guarded([&] {
        if (look(tensor)->has_storage()) bytes = static_cast<int64_t>(look(tensor)->storage().nbytes());
    });
    return bytes;
}

void *ct_data(ct_tensor tensor) {
    void *address = nullptr;
    (void)guarded([&] { address = borrow(tensor).data_ptr(); });
    return address;
}

int ct_set_data(ct_tensor tensor, ct_tensor data) {
    return guarded([&] { borrow(tensor).set_data(borrow(data)); });
}

int ct_item_double(ct_tensor tensor, double *number) {
    return guarded([&] { *number = borrow(tensor).item().toDouble(); });
}

int ct_item_int(ct_tensor tensor, int64_t *number) {
    return guarded([&] { *number = borrow(tensor).item().toLong(); });
}

int ct_from_bytes(const void *data, int64_t bytes, const int64_t *sizes, int64_t rank, int32_t dtype,
                  ct_tensor *result) {
    return guarded([&] {
        at::Tensor tensor = at::empty(at::IntArrayRef(sizes, rank),
                                      at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        TORCH_CHECK(data == nullptr || static_cast<int64_t>(tensor.nbytes()) == bytes, "the data must have ",
                    tensor.nbytes(), " bytes, but has ", bytes);
        if (data != nullptr && bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
        *result = give(std::move(tensor));
    });
}
