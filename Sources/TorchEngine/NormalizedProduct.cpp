// Layer normalisation and, of what it gives, a product with few columns, as one operator: `rs4::normalized_product`. The
// normalised values, many times as many as the results, never reach memory. Float32 on the CPU; anything else goes
// through libtorch's own operators.

#include <algorithm>
#include <cmath>
#include <limits>

#include "Boundary.hpp"
#include "Differentiable.hpp"
#include "Processor.hpp"
#include "Shares.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

/// Outputs are worked on four at a time: their number is rounded up, with factors of 0.
constexpr int64_t four = 4;

int64_t padded(int64_t outputs) { return (outputs + four - 1) / four * four; }

/// Rows [rows, channels] and the factors [outputs, channels] of their products: gain · weight.
struct Rows {
    const float *values, *factors;
    int64_t channels, outputs;
};

// Rows are short: their loops go on by one register at a time, so that nothing is left over.
#define FOR_SHORT_ROWS _Pragma("clang loop vectorize(enable) interleave_count(1)")

/// The result of each row, less what the shift adds, for `count` rows from `first` on; and each row's mean and 1 / deviation.
FOR_EVERY_PROCESSOR
void multiply(const Rows &rows, int64_t first, int64_t count, float epsilon, float *__restrict centred, float *means,
              float *scales, float *results) {
#pragma clang fp reassociate(on)
    const int64_t channels = rows.channels;
    for (int64_t row = first; row < first + count; ++row) {
        const float *value = rows.values + row * channels;
        float sum = 0, power = 0;
        FOR_SHORT_ROWS
        for (int64_t c = 0; c < channels; ++c) sum += value[c];
        const float mean = sum / static_cast<float>(channels);
        FOR_SHORT_ROWS
        for (int64_t c = 0; c < channels; ++c) {
            const float away = value[c] - mean;
            centred[c] = away;
            power += away * away;
        }
        // What grew beyond all numbers is none, rather than 0.
        const float scale = std::isfinite(power) ? 1 / std::sqrt(power / static_cast<float>(channels) + epsilon)
                                                 : std::numeric_limits<float>::quiet_NaN();
        means[row] = mean;
        scales[row] = scale;
        for (int64_t k = 0; k < rows.outputs; k += four) {
            const float *a = rows.factors + k * channels, *b = a + channels, *c = b + channels, *d = c + channels;
            float products[four] = {};
            FOR_SHORT_ROWS
            for (int64_t i = 0; i < channels; ++i) {
                const float away = centred[i];
                products[0] += away * a[i];
                products[1] += away * b[i];
                products[2] += away * c[i];
                products[3] += away * d[i];
            }
            for (int64_t index = k; index < std::min(rows.outputs, k + four); ++index)
                results[row * rows.outputs + index] = products[index - k] * scale;
        }
    }
}

/// The gradients of these rows' values; and added to `sums` [padded outputs, channels] those of the factors.
FOR_EVERY_PROCESSOR
void multiply_backward(const Rows &rows, int64_t first, int64_t count, const float *means, const float *scales,
                       const float *incoming, float *__restrict normal, float *__restrict slopes, float *__restrict sums,
                       float *__restrict gradients) {
#pragma clang fp reassociate(on)
    const int64_t channels = rows.channels;
    for (int64_t row = first; row < first + count; ++row) {
        const float *value = rows.values + row * channels;
        const float mean = means[row], scale = scales[row];
        FOR_SHORT_ROWS
        for (int64_t i = 0; i < channels; ++i) {
            normal[i] = (value[i] - mean) * scale;
            slopes[i] = 0;
        }
        for (int64_t k = 0; k < rows.outputs; k += four) {
            float by[four] = {};
            for (int64_t index = k; index < std::min(rows.outputs, k + four); ++index)
                by[index - k] = incoming[row * rows.outputs + index];
            const float *a = rows.factors + k * channels, *b = a + channels, *c = b + channels, *d = c + channels;
            float *__restrict to_a = sums + k * channels, *__restrict to_b = to_a + channels;
            float *__restrict to_c = to_b + channels, *__restrict to_d = to_c + channels;
            FOR_SHORT_ROWS
            for (int64_t i = 0; i < channels; ++i) {
                const float here = normal[i];
                slopes[i] += by[0] * a[i] + by[1] * b[i] + by[2] * c[i] + by[3] * d[i];
                to_a[i] += by[0] * here;
                to_b[i] += by[1] * here;
                to_c[i] += by[2] * here;
                to_d[i] += by[3] * here;
            }
        }
        float level = 0, along = 0;
        FOR_SHORT_ROWS
        for (int64_t i = 0; i < channels; ++i) {
            level += slopes[i];
            along += slopes[i] * normal[i];
        }
        level /= static_cast<float>(channels);
        along /= static_cast<float>(channels);
        float *__restrict gradient = gradients + row * channels;
        FOR_SHORT_ROWS
        for (int64_t i = 0; i < channels; ++i) gradient[i] = scale * (slopes[i] - level - normal[i] * along);
    }
}

/// The factors [padded outputs, channels].
at::Tensor factors_of(const at::Tensor &weight, const at::Tensor &gain) {
    at::Tensor factors = at::zeros({padded(weight.size(0)), weight.size(1)}, weight.options());
    factors.slice(0, 0, weight.size(0)).copy_(weight.mul(gain));
    return factors;
}

/// Rows are worked on in groups, whose number does not depend on threads, so that sums do not either.
int64_t groups_of(int64_t rows) { return std::min<int64_t>(64, rows); }

at::Tensor composed(const at::Tensor &x, const at::Tensor &gain, const at::Tensor &shift, const at::Tensor &weight,
                    double epsilon) {
    return at::linear(at::layer_norm(x, {x.size(-1)}, gain, shift, epsilon), weight).to(x.scalar_type());
}

class NormalizedProduct : public torch::autograd::Function<NormalizedProduct> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x, const at::Tensor &gain,
                              const at::Tensor &shift, const at::Tensor &weight, double epsilon) {
        const int64_t channels = x.size(-1), outputs = weight.size(0), count = x.numel() / channels;
        const at::Tensor factors = factors_of(weight, gain);
        std::vector<int64_t> shape = x.sizes().vec();
        shape.back() = outputs;
        at::Tensor result = at::empty(shape, x.options());
        at::Tensor means = at::empty({count}, x.options()), scales = at::empty({count}, x.options());
        const int64_t groups = groups_of(count);
        const at::Tensor room = at::empty({groups, channels}, x.options());
        const Rows rows{x.data_ptr<float>(), factors.data_ptr<float>(), channels, outputs};
        float *centred = room.data_ptr<float>(), *to_means = means.data_ptr<float>();
        float *to_scales = scales.data_ptr<float>(), *to = result.data_ptr<float>();
        ct::in_shares(groups, [&](int64_t first, int64_t last, int64_t) {
            if (first == last) return;
            const int64_t begin = count * first / groups, end = count * last / groups;
            multiply(rows, begin, end - begin, static_cast<float>(epsilon), centred + first * channels, to_means, to_scales, to);
        });
        result.add_(weight.matmul(shift));
        context->save_for_backward({x, gain, shift, weight, means, scales});
        context->saved_data["epsilon"] = epsilon;
        return result;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                   torch::autograd::variable_list outgoing) {
        const auto saved = context->get_saved_variables();
        const at::Tensor x = saved[0], gain = saved[1], shift = saved[2], weight = saved[3], means = saved[4], scales = saved[5];
        if (ct::wants_graph()) {
            const double epsilon = context->saved_data["epsilon"].toDouble();
            const auto compose = [&](const std::vector<at::Tensor> &given) {
                return composed(given[0], given[1], given[2], given[3], epsilon);
            };
            const auto all = ct::gradients_with_graph({x, gain, shift, weight}, outgoing[0], compose);
            return {all[0], all[1], all[2], all[3], at::Tensor()};
        }
        const at::Tensor incoming = outgoing[0].contiguous(), factors = factors_of(weight, gain);
        const int64_t channels = x.size(-1), outputs = weight.size(0), count = x.numel() / channels;
        const int64_t groups = groups_of(count);
        at::Tensor gradient = at::empty_like(x), partial = at::zeros({groups, padded(outputs), channels}, x.options());
        const at::Tensor room = at::empty({groups, 2, channels}, x.options());
        const Rows rows{x.data_ptr<float>(), factors.data_ptr<float>(), channels, outputs};
        const float *from_means = means.data_ptr<float>(), *from_scales = scales.data_ptr<float>();
        const float *from = incoming.data_ptr<float>();
        float *normal = room.data_ptr<float>(), *sums = partial.data_ptr<float>(), *to = gradient.data_ptr<float>();
        ct::in_shares(groups, [&](int64_t first, int64_t last, int64_t) {
            for (int64_t group = first; group < last; ++group) {
                const int64_t begin = count * group / groups, end = count * (group + 1) / groups;
                float *own = normal + group * 2 * channels;
                multiply_backward(rows, begin, end - begin, from_means, from_scales, from, own, own + channels,
                                  sums + group * padded(outputs) * channels, to);
            }
        });
        // With n the normalised rows and g what comes in: Σ g·n [outputs, channels] and Σ g [outputs] hold the rest.
        const at::Tensor products = partial.sum(0).slice(0, 0, outputs), totals = incoming.reshape({count, outputs}).sum(0);
        return {gradient, weight.mul(products).sum(0), totals.matmul(weight),
                products.mul(gain).add(totals.unsqueeze(1).mul(shift)), at::Tensor()};
    }
};

at::Tensor normalized_product(const at::Tensor &x, const at::Tensor &gain, const at::Tensor &shift, const at::Tensor &weight,
                              double epsilon) {
    TORCH_CHECK_VALUE(x.dim() > 0 && x.is_floating_point(), "x must hold floats in one dimension or more, but is ",
                      x.scalar_type(), " of shape ", x.sizes());
    for (const at::Tensor *one : {&gain, &shift, &weight})
        TORCH_CHECK_VALUE(one->is_floating_point(), "gain, shift and weight must hold floats, but one is ", one->scalar_type());
    TORCH_CHECK_VALUE(weight.dim() == 2 && weight.size(1) == x.size(-1), "the weight must be [outputs, ", x.size(-1),
                      "], but is ", weight.sizes());
    const int64_t channels = x.size(-1);
    TORCH_CHECK_VALUE(gain.sizes() == at::IntArrayRef{channels} && shift.sizes() == at::IntArrayRef{channels},
                      "gain and shift must be [", channels, "], but are ", gain.sizes(), " and ", shift.sizes());
    // Half as many digits are widened, and the result has as many as what was given.
    if (ct::is_half_on_cpu(x)) {
        const auto wide = [](const at::Tensor &one) { return one.to(at::kFloat); };
        return normalized_product(wide(x), wide(gain), wide(shift), wide(weight), epsilon).to(x.scalar_type());
    }
    const bool is_narrow = weight.size(0) > 0 && weight.size(0) <= 16 && x.numel() > 0;
    if (!is_narrow || !ct::is_float_on_cpu(x) || !ct::is_float_on_cpu(gain) || !ct::is_float_on_cpu(shift) ||
        !ct::is_float_on_cpu(weight))
        return composed(x, gain, shift, weight, epsilon);
    return NormalizedProduct::apply(x.contiguous(), gain, shift, weight, epsilon);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rs4, library) {
    library.def("normalized_product(Tensor x, Tensor gain, Tensor shift, Tensor weight, float epsilon) -> Tensor",
                normalized_product);
}
