#pragma once
// Gradients of operators of our own that can be differentiated again.

#include <vector>

#include "Boundary.hpp"

#include <torch/csrc/autograd/autograd.h>

namespace ct {

/// Whether a backward pass that runs now shall leave a graph behind (`create_graph`), which loops over raw numbers do not.
inline bool wants_graph() { return at::GradMode::is_enabled(); }

/// What flows back to each input of compose(inputs), which libtorch's own operators make of them: with a graph of its own.
/// Undefined for inputs that nothing flows to. Each input is a view of its own here, so that what one owes to another, or
/// to itself given twice, is not counted within: whoever asked follows it on.
template <class Compose>
std::vector<at::Tensor> gradients_with_graph(const std::vector<at::Tensor> &inputs, const at::Tensor &incoming,
                                             Compose &&compose) {
    std::vector<at::Tensor> views, wanted, all(inputs.size());
    for (const at::Tensor &input : inputs) {
        views.push_back(input.view_as(input));
        if (input.requires_grad()) wanted.push_back(views.back());
    }
    const auto found = torch::autograd::grad({compose(views)}, wanted, {incoming}, /*retain_graph=*/true,
                                             /*create_graph=*/true, /*allow_unused=*/true);
    for (size_t index = 0, next = 0; index < inputs.size(); ++index)
        if (inputs[index].requires_grad()) all[index] = found[next++];
    return all;
}

}  // namespace ct
