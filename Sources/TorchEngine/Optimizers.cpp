// libtorch's optimisers. Their state is reached by name, so that a checkpoint can hold it. Steps on float32 parameters
// on the CPU are taken in one pass over each (OnePass.cpp).

#include <cstring>

#include "Boundary.hpp"
#include "Optimizers.hpp"

#include <ATen/ops/scalar_tensor.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

using namespace ct;
using namespace torch::optim;

namespace {

Holder *open(ct_optimizer optimizer) { return static_cast<Holder *>(optimizer); }

at::Tensor number(int64_t value) { return at::scalar_tensor(value, at::TensorOptions().dtype(at::kLong)); }

template <class State>
at::Tensor moment(const OptimizerParamState &base, const std::string &name) {
    const auto &state = static_cast<const State &>(base);
    if (name == "step") return number(state.step());
    if (name == "exp_avg") return state.exp_avg();
    if (name == "exp_avg_sq") return state.exp_avg_sq();
    return at::Tensor();
}

template <class State>
void set_moment(OptimizerParamState &base, const std::string &name, const at::Tensor &value) {
    auto &state = static_cast<State &>(base);
    if (name == "step") state.step(value.item().toLong());
    if (name == "exp_avg") state.exp_avg(value.clone());
    if (name == "exp_avg_sq") state.exp_avg_sq(value.clone());
}

/// What is kept of a parameter goes where the parameter went since, as when a model is moved to another dtype.
at::Tensor beside(const at::Tensor &kept, const at::Tensor &parameter) {
    return kept.defined() ? kept.to(parameter.device(), parameter.scalar_type()) : kept;
}

void follow(Holder &holder) {
    for (const at::Tensor &parameter : holder.parameters) {
        if (holder.kind == CT_SGD) {
            if (holder.known<SGDParamState>(parameter) == nullptr) continue;
            auto &state = holder.state<SGDParamState>(parameter);
            state.momentum_buffer(beside(state.momentum_buffer(), parameter));
        } else {
            const auto move = [&](auto &state) {
                TORCH_CHECK_VALUE(state.exp_avg().defined() && state.exp_avg_sq().defined(),
                                  "what was restored of an optimiser must hold exp_avg and exp_avg_sq of a parameter, but "
                                  "lacks one of them; restore a whole checkpoint");
                state.exp_avg(beside(state.exp_avg(), parameter));
                state.exp_avg_sq(beside(state.exp_avg_sq(), parameter));
            };
            if (holder.known<OptimizerParamState>(parameter) == nullptr) continue;
            if (holder.kind == CT_ADAM) move(holder.state<AdamParamState>(parameter));
            else move(holder.state<AdamWParamState>(parameter));
        }
    }
}

template <class Options>
void set_rate(OptimizerParamGroup &group, double rate) {
    static_cast<Options &>(group.options()).lr(rate);
}

}  // namespace

int ct_optimizer_create(ct_optimizer_options options, const ct_tensor *parameters, int64_t count,
                        ct_optimizer *result) {
    return guarded([&] {
        auto holder = std::make_unique<Holder>();
        holder->kind = options.kind;
        for (int64_t index = 0; index < count; ++index) holder->parameters.push_back(borrow(parameters[index]));
        auto betas = std::make_tuple(options.beta1, options.beta2);
        switch (options.kind) {
            case CT_SGD:
                holder->optimizer = std::make_unique<SGD>(
                    holder->parameters, SGDOptions(options.rate)
                                            .momentum(options.momentum)
                                            .weight_decay(options.weight_decay)
                                            .nesterov(options.nesterov));
                break;
            case CT_ADAM:
                holder->optimizer = std::make_unique<Adam>(
                    holder->parameters,
                    AdamOptions(options.rate).betas(betas).eps(options.epsilon).weight_decay(options.weight_decay));
                break;
            case CT_ADAMW:
                holder->optimizer = std::make_unique<AdamW>(
                    holder->parameters,
                    AdamWOptions(options.rate).betas(betas).eps(options.epsilon).weight_decay(options.weight_decay));
                break;
            default: TORCH_CHECK(false, "unknown optimiser");
        }
        *result = holder.release();
    });
}

void ct_optimizer_free(ct_optimizer optimizer) {
    (void)guarded([&] { delete open(optimizer); });
}

int ct_optimizer_step(ct_optimizer optimizer) {
    return guarded([&] {
        auto *holder = open(optimizer);
        follow(*holder);
        if (!step_in_one_pass(*holder)) holder->optimizer->step();
    });
}

int ct_optimizer_zero_grad(ct_optimizer optimizer) {
    return guarded([&] {
        for (auto &parameter : open(optimizer)->parameters) parameter.mutable_grad().reset();
    });
}

double ct_optimizer_rate(ct_optimizer optimizer) {
    double rate = 0;
    (void)guarded([&] {
        auto *holder = open(optimizer);
        auto &options = holder->optimizer->param_groups().at(0).options();
        switch (holder->kind) {
            case CT_SGD: rate = static_cast<SGDOptions &>(options).lr(); break;
            case CT_ADAM: rate = static_cast<AdamOptions &>(options).lr(); break;
            default: rate = static_cast<AdamWOptions &>(options).lr();
        }
    });
    return rate;
}

int ct_optimizer_set_rate(ct_optimizer optimizer, double rate) {
    return guarded([&] {
        auto *holder = open(optimizer);
        for (auto &group : holder->optimizer->param_groups()) {
            switch (holder->kind) {
                case CT_SGD: set_rate<SGDOptions>(group, rate); break;
                case CT_ADAM: set_rate<AdamOptions>(group, rate); break;
                default: set_rate<AdamWOptions>(group, rate);
            }
        }
    });
}

int ct_optimizer_state(ct_optimizer optimizer, int64_t parameter, const char *name, ct_tensor *result) {
    *result = nullptr;
    return guarded([&] {
        auto *holder = open(optimizer);
        auto &state = holder->optimizer->state();
        auto place = state.find(key(holder->parameters.at(parameter)));
        if (place == state.end()) return;
        at::Tensor found;
        switch (holder->kind) {
            case CT_SGD:
                if (std::strcmp(name, "momentum_buffer") == 0)
                    found = static_cast<const SGDParamState &>(*place->second).momentum_buffer();
                break;
            case CT_ADAM: found = moment<AdamParamState>(*place->second, name); break;
            default: found = moment<AdamWParamState>(*place->second, name);
        }
        *result = give(found);
    });
}

int ct_optimizer_set_state(ct_optimizer optimizer, int64_t parameter, const char *name, ct_tensor value) {
    return guarded([&] {
        auto *holder = open(optimizer);
        auto &slot = holder->optimizer->state()[key(holder->parameters.at(parameter))];
        at::Tensor tensor = borrow(value);
        switch (holder->kind) {
            case CT_SGD:
                if (!slot) slot = std::make_unique<SGDParamState>();
                if (std::strcmp(name, "momentum_buffer") == 0)
                    static_cast<SGDParamState &>(*slot).momentum_buffer(tensor.clone());
                break;
            case CT_ADAM:
                if (!slot) slot = std::make_unique<AdamParamState>();
                set_moment<AdamParamState>(*slot, name, tensor);
                break;
            default:
                if (!slot) slot = std::make_unique<AdamWParamState>();
                set_moment<AdamWParamState>(*slot, name, tensor);
        }
    });
}
