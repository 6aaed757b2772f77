#pragma once
// Gradients of operators of our own that can be differentiated again.

#include <vector>

#include "Boundary.hpp"

#include <torch/csrc/autograd/autograd.h>

namespace ct {

/// Whether a backward pass that runs now shall leave a graph behind (`create_graph`), which loops over raw numbers do not.
inline bool wants_graph() { return at::GradMode::is_enabled(); }

/// What flows back to each input of `result`, which libtorch's own operators made of them: with a graph of its own.
/// Undefined for inputs that nothing flows to.
inline std::vector<at::Tensor> gradients_with_graph(const at::Tensor &result, const std::vector<at::Tensor> &inputs,
                                                    const at::Tensor &incoming) {
    std::vector<at::Tensor> wanted, all(inputs.size());
    for (const at::Tensor &input : inputs)
        if (input.requires_grad()) wanted.push_back(input);
    const auto found = torch::autograd::grad({result}, wanted, {incoming}, /*retain_graph=*/true, /*create_graph=*/true,
                                             /*allow_unused=*/true);
    for (size_t index = 0, next = 0; index < inputs.size(); ++index)
        if (inputs[index].requires_grad()) all[index] = found[next++];
    return all;
}

}  // namespace ct
