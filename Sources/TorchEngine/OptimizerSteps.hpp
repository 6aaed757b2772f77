#pragma once
// The formulas of optimisers' steps, over float32 values that lie one after another.

#include <cstdint>
#include <vector>

namespace ct {

/// `count` values of one parameter, its gradient, and the momentum (null where there is none; not yet written where
/// `is_first`).
struct SGDPass {
    int64_t count;
    float *parameter;
    const float *gradient;
    float *momentum;
    bool is_first;
};

struct SGDSettings {
    double rate, momentum, weight_decay;
    bool is_nesterov;
};

/// Sutskever et al. 2013, as PyTorch has it: d = g + decay·p; m = momentum·m + d; p −= rate·m, or rate·(d + momentum·m).
void take(const std::vector<SGDPass> &passes, const SGDSettings &settings);

/// `count` values of one parameter, its gradient, the running means of the gradient and of its square, and the number
/// of this step from 1.
struct AdamPass {
    int64_t count;
    float *parameter;
    const float *gradient;
    float *mean, *square;
    int64_t step;
};

struct AdamSettings {
    double rate, beta1, beta2, epsilon, weight_decay;
    /// AdamW: the decay acts on the parameter and not through the gradient.
    bool decouples;
};

/// Kingma & Ba 2015; with a decoupled decay Loshchilov & Hutter 2019.
void take(const std::vector<AdamPass> &passes, const AdamSettings &settings);

}  // namespace ct
