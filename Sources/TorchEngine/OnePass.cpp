// Steps of optimisers in one pass over each parameter, where libtorch makes one for each term of the formula: what is
// gone over, and whether it can be.

#include <algorithm>
#include <unordered_set>

#include "Optimizers.hpp"
#include "OptimizerSteps.hpp"

#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

using namespace ct;
using namespace torch::optim;

namespace {

/// Whether one pass can go over such values: float32 on the CPU, one after another.
bool is_plain(const at::Tensor &one, const at::Tensor &parameter) {
    return one.defined() && one.layout() == at::kStrided && is_float_on_cpu(one) &&
           one.is_contiguous() && one.numel() == parameter.numel();
}

/// One pass over each parameter, and the gradients as they are read, alive as long as it.
template <class Pass>
struct Passes {
    std::vector<Pass> all;
    std::vector<at::Tensor> gradients;

    const float *read(const at::Tensor &parameter) {
        gradients.push_back(parameter.grad().contiguous());
        return gradients.back().data_ptr<float>();
    }
};

/// The parameters to change. None where one pass does not fit all of them: where values or gradients are of another
/// kind, or two parameters lie in the same place.
c10::optional<std::vector<at::Tensor>> plain_parameters(const Holder &holder) {
    std::vector<at::Tensor> found;
    std::unordered_set<void *> places;
    for (const at::Tensor &one : holder.parameters) {
        if (!one.grad().defined()) continue;
        if (!is_plain(one, one) || one.grad().layout() != at::kStrided || !is_float_on_cpu(one.grad()) ||
            one.grad().numel() != one.numel() ||
            !places.insert(one.storage().unsafeGetStorageImpl()).second)
            return c10::nullopt;
        found.push_back(one);
    }
    return found;
}

/// False, and nothing is changed, where momentum of another kind was restored.
bool step_sgd(Holder &holder, const std::vector<at::Tensor> &parameters) {
    const auto &options = holder.options<SGDOptions>();
    const bool moves = options.momentum() != 0;
    const auto fits = [&](const at::Tensor &one) {
        const auto *state = holder.known<SGDParamState>(one);
        return state == nullptr || is_plain(state->momentum_buffer(), one);
    };
    if (moves && !std::all_of(parameters.begin(), parameters.end(), fits)) return false;
    Passes<SGDPass> passes;
    for (const at::Tensor &parameter : parameters) {
        SGDPass pass{parameter.numel(), parameter.data_ptr<float>(), passes.read(parameter), nullptr, false};
        if (moves) {
            auto &state = holder.state<SGDParamState>(parameter);
            pass.is_first = !state.momentum_buffer().defined();
            if (pass.is_first) state.momentum_buffer(at::empty_like(parameter));
            pass.momentum = state.momentum_buffer().data_ptr<float>();
        }
        passes.all.push_back(pass);
    }
    take(passes.all, {options.lr(), options.momentum(), options.weight_decay(), options.nesterov()});
    return true;
}

/// False, and nothing is changed, where means of another kind, or not all of them, were restored.
template <class State, class Options>
bool step_adam(Holder &holder, const std::vector<at::Tensor> &parameters, bool decouples) {
    const auto &options = holder.options<Options>();
    const auto fits = [&](const at::Tensor &one) {
        const auto *state = holder.known<State>(one);
        return state == nullptr || (is_plain(state->exp_avg(), one) && is_plain(state->exp_avg_sq(), one));
    };
    if (options.amsgrad() || !std::all_of(parameters.begin(), parameters.end(), fits)) return false;
    Passes<AdamPass> passes;
    for (const at::Tensor &parameter : parameters) {
        auto &state = holder.state<State>(parameter);
        if (!state.exp_avg().defined()) {
            state.step(0);
            state.exp_avg(at::zeros_like(parameter));
            state.exp_avg_sq(at::zeros_like(parameter));
        }
        state.step(state.step() + 1);
        passes.all.push_back({parameter.numel(), parameter.data_ptr<float>(), passes.read(parameter),
                              state.exp_avg().template data_ptr<float>(), state.exp_avg_sq().template data_ptr<float>(),
                              state.step()});
    }
    const auto [beta1, beta2] = options.betas();
    take(passes.all, {options.lr(), beta1, beta2, options.eps(), options.weight_decay(), decouples});
    return true;
}

}  // namespace

bool ct::step_in_one_pass(Holder &holder) {
    const auto parameters = plain_parameters(holder);
    if (!parameters) return false;
    const at::NoGradGuard no_grad;
    bool is_taken;
    switch (holder.kind) {
        case CT_SGD: is_taken = step_sgd(holder, *parameters); break;
        case CT_ADAM: is_taken = step_adam<AdamParamState, AdamOptions>(holder, *parameters, false); break;
        default: is_taken = step_adam<AdamWParamState, AdamWOptions>(holder, *parameters, true);
    }
    // A graph from before the step must not be gone back through: this is how libtorch knows.
    if (is_taken)
        for (const at::Tensor &parameter : *parameters) parameter.unsafeGetTensorImpl()->bump_version();
    return is_taken;
}
