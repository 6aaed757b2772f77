#pragma once
// An optimiser as it is kept.

#include <memory>
#include <string>
#include <vector>

#include "Boundary.hpp"

#include <torch/csrc/api/include/torch/version.h>
#include <torch/optim/optimizer.h>

namespace ct {

/// Under which an optimiser keeps what belongs to a parameter.
#if TORCH_VERSION_MAJOR >= 2
inline void *key(const at::Tensor &parameter) { return parameter.unsafeGetTensorImpl(); }
#else
inline std::string key(const at::Tensor &parameter) { return c10::guts::to_string(parameter.unsafeGetTensorImpl()); }
#endif

/// libtorch's optimiser, which of them it is (CT_SGD …), and the parameters that it changes.
struct Holder {
    int32_t kind;
    std::vector<at::Tensor> parameters;
    std::unique_ptr<torch::optim::Optimizer> optimizer;

    /// Null where nothing is kept of a parameter yet.
    template <class State>
    const State *known(const at::Tensor &parameter) const {
        const auto place = optimizer->state().find(key(parameter));
        return place == optimizer->state().end() ? nullptr : static_cast<const State *>(place->second.get());
    }
    template <class State>
    State &state(const at::Tensor &parameter) {
        auto &slot = optimizer->state()[key(parameter)];
        if (!slot) slot = std::make_unique<State>();
        return static_cast<State &>(*slot);
    }
    template <class Options>
    const Options &options() const {
        return static_cast<const Options &>(optimizer->param_groups().at(0).options());
    }
};

/// Takes an optimiser's step in one pass over each parameter. False, and nothing is changed, unless all of them are
/// float32 values that lie one after another on the CPU, no two in the same place: libtorch's own step is for the rest.
bool step_in_one_pass(Holder &holder);

}  // namespace ct
