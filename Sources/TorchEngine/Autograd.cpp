// Gradients: who asks for them, and the walk back through what was computed.

#include "Boundary.hpp"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace ct;

namespace {
std::vector<at::Tensor> gather(const ct_tensor *tensors, int64_t count) {
    std::vector<at::Tensor> all;
    all.reserve(count);
    for (int64_t index = 0; index < count; ++index) all.push_back(borrow(tensors[index]));
    return all;
}
}  // namespace

int ct_set_requires_grad(ct_tensor tensor, bool required) {
    return guarded([&] { borrow(tensor).set_requires_grad(required); });
}

int ct_grad(ct_tensor tensor, ct_tensor *result) {
    return guarded([&] {
        at::Tensor owner = borrow(tensor);
        *result = owner.is_leaf() ? give(owner.grad()) : nullptr;
    });
}

int ct_set_grad(ct_tensor tensor, ct_tensor gradient) {
    return guarded([&] { borrow(tensor).mutable_grad() = borrow(gradient); });
}

int ct_backward(ct_tensor output, ct_tensor gradient, bool keep_graph, bool create_graph) {
    return guarded([&] {
        std::vector<at::Tensor> gradients;
        if (gradient != nullptr) gradients.push_back(borrow(gradient));
        torch::autograd::backward({borrow(output)}, gradients, keep_graph, create_graph);
    });
}

int ct_gradients(const ct_tensor *outputs, int64_t output_count, const ct_tensor *inputs, int64_t input_count,
                 const ct_tensor *output_gradients, bool keep_graph, bool create_graph, ct_tensor *gradients) {
    return guarded([&] {
        auto given = output_gradients == nullptr ? std::vector<at::Tensor>() : gather(output_gradients, output_count);
        auto all = torch::autograd::grad(gather(outputs, output_count), gather(inputs, input_count), given, keep_graph,
                                         create_graph, /*allow_unused=*/true);
        for (int64_t index = 0; index < input_count; ++index) gradients[index] = give(std::move(all[index]));
    });
}

bool ct_grad_mode(void) { return at::GradMode::is_enabled(); }
void ct_set_grad_mode(bool enabled) { at::GradMode::set_enabled(enabled); }
