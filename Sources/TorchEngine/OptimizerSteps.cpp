#include "OptimizerSteps.hpp"

#include <cmath>

#include "Processor.hpp"
#include "Shares.hpp"

namespace {

FOR_EVERY_PROCESSOR
void step_sgd(float *parameter, const float *gradient, float *momentum, int64_t count, bool is_first, float rate,
              float factor, float decay, bool is_nesterov) {
    for (int64_t index = 0; index < count; ++index) {
        const float slope = decay == 0 ? gradient[index] : gradient[index] + decay * parameter[index];
        float way = slope;
        if (momentum != nullptr) {
            const float moment = is_first ? slope : factor * momentum[index] + slope;
            momentum[index] = moment;
            way = is_nesterov ? slope + factor * moment : moment;
        }
        parameter[index] -= rate * way;
    }
}

/// What is the same for all values of a parameter.
struct AdamFactors {
    float beta1, beta2, rest1, rest2, epsilon, shrinking, decay, step_size, root;
};

FOR_EVERY_PROCESSOR
void step_adam(float *parameter, const float *gradient, float *mean, float *square, int64_t count, AdamFactors by) {
    for (int64_t index = 0; index < count; ++index) {
        const float before = parameter[index] * by.shrinking;
        const float slope = by.decay == 0 ? gradient[index] : gradient[index] + by.decay * before;
        const float average = by.beta1 * mean[index] + by.rest1 * slope;
        const float power = by.beta2 * square[index] + by.rest2 * slope * slope;
        mean[index] = average;
        square[index] = power;
        parameter[index] = before - by.step_size * average / (std::sqrt(power) / by.root + by.epsilon);
    }
}

/// Calls work(pass, first, count) for pieces of all parameters, beside each other: many are small, few are large.
template <class Pass, class Work>
void every_piece(const std::vector<Pass> &passes, Work &&work) {
    constexpr int64_t size = 1 << 16;
    struct Piece {
        const Pass *pass;
        int64_t first, count;
    };
    std::vector<Piece> pieces;
    int64_t total = 0;
    for (const Pass &pass : passes) {
        const int64_t count = pass.count;
        total += count;
        for (int64_t first = 0; first < count; first += size) pieces.push_back({&pass, first, std::min(size, count - first)});
    }
    const auto do_some = [&](int64_t first, int64_t last, int64_t) {
        for (int64_t index = first; index < last; ++index) work(*pieces[index].pass, pieces[index].first, pieces[index].count);
    };
    const auto number = static_cast<int64_t>(pieces.size());
    if (total <= size) do_some(0, number, 0);
    else ct::in_shares(number, do_some);
}

}  // namespace

void ct::take(const std::vector<SGDPass> &passes, const SGDSettings &settings) {
    every_piece(passes, [&](const SGDPass &pass, int64_t first, int64_t count) {
        float *momentum = pass.momentum == nullptr ? nullptr : pass.momentum + first;
        step_sgd(pass.parameter + first, pass.gradient + first, momentum, count, pass.is_first,
                 static_cast<float>(settings.rate), static_cast<float>(settings.momentum),
                 static_cast<float>(settings.weight_decay), settings.is_nesterov);
    });
}

void ct::take(const std::vector<AdamPass> &passes, const AdamSettings &settings) {
    every_piece(passes, [&](const AdamPass &pass, int64_t first, int64_t count) {
        const auto step = static_cast<double>(pass.step);
        AdamFactors by;
        by.beta1 = static_cast<float>(settings.beta1);
        by.beta2 = static_cast<float>(settings.beta2);
        by.rest1 = static_cast<float>(1 - settings.beta1);
        by.rest2 = static_cast<float>(1 - settings.beta2);
        by.epsilon = static_cast<float>(settings.epsilon);
        by.shrinking = settings.decouples ? static_cast<float>(1 - settings.rate * settings.weight_decay) : 1;
        by.decay = settings.decouples ? 0 : static_cast<float>(settings.weight_decay);
        by.step_size = static_cast<float>(settings.rate / (1 - std::pow(settings.beta1, step)));
        by.root = static_cast<float>(std::sqrt(1 - std::pow(settings.beta2, step)));
        step_adam(pass.parameter + first, pass.gradient + first, pass.mean + first, pass.square + first, count, by);
    });
}
