// Attention within windows of an image, shifted or not (Liu et al. 2021), as one operator: `rs4::window_attention`. The
// windows are read where they lie in the image, so that nothing is rolled, cut or put together in memory, and scores
// never leave the caches. Float32 on the CPU; anything else goes through libtorch's own operators.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "Boundary.hpp"
#include "Differentiable.hpp"
#include "Processor.hpp"
#include "Shares.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

/// Sides of the small matrices, and the same rounded up to whole lanes.
struct Sizes {
    int64_t places, depth, padded_places, padded_depth;
};

/// One window of one head within an image of [places, channels] rows: where its queries, keys and values begin, how far
/// each place's lie behind, and the same for what places hear.
struct Window {
    const float *queries, *keys, *values, *bias, *mask;
    const int64_t *offsets, *heard_offsets;
    float scale;
};

struct Gradients {
    const float *heard;
    float *queries, *keys, *values;
};

/// Room for one window: rows of places, the same turned, and scores; and where its places lie.
struct Scratch {
    std::vector<float> room;
    std::vector<int64_t> rows, offsets, heard;
    float *left, *right, *turned, *scores;

    explicit Scratch(const Sizes &sizes) : rows(sizes.places), offsets(sizes.places), heard(sizes.places) {
        const int64_t size = sizes.places * sizes.padded_depth, turned_size = sizes.depth * sizes.padded_places;
        room.resize(2 * size + turned_size + sizes.places * sizes.padded_places);
        left = room.data();
        right = left + size;
        turned = right + size;
        scores = turned + turned_size;
    }
};

namespace plain {
constexpr int64_t width = 4;
#include "AttentionKernel.inc"
}

#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace wide {
constexpr int64_t width = 8;
#include "AttentionKernel.inc"
}
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
namespace widest {
constexpr int64_t width = 16;
#include "AttentionKernel.inc"
}
#pragma clang attribute pop
#endif

/// The kernel for this processor.
struct Kernel {
    int64_t width;
    decltype(&plain::attend) attend;
    decltype(&plain::attend_backward) attend_backward;
};

const Kernel kernel = [] {
#ifdef __x86_64__
    if (ct::has_avx512()) return Kernel{widest::width, widest::attend, widest::attend_backward};
    if (ct::has_avx2()) return Kernel{wide::width, wide::attend, wide::attend_backward};
#endif
    return Kernel{plain::width, plain::attend, plain::attend_backward};
}();

/// How an image [B, height, width, 3·channels] is divided.
struct Plan {
    int64_t batch, height, width, channels, heads, window, shift;
    Sizes sizes;
    float scale;

    Plan(const at::Tensor &qkv, const at::Tensor &bias, int64_t window, int64_t shift)
        : batch(qkv.size(0)), height(qkv.size(1)), width(qkv.size(2)), channels(qkv.size(3) / 3), heads(bias.size(0)),
          window(window), shift(shift) {
        const auto padded = [](int64_t count) { return (count + kernel.width - 1) / kernel.width * kernel.width; };
        const int64_t places = window * window, depth = channels / heads;
        sizes = {places, depth, padded(places), padded(depth)};
        scale = 1 / std::sqrt(static_cast<float>(depth));
    }

    int64_t windows() const { return (height / window) * (width / window); }
    int64_t shares_size() const { return sizes.places * sizes.padded_places; }

    /// Where the places of a window lie in an image, counted in rows of channels.
    void find(int64_t index, std::vector<int64_t> &rows) const {
        const int64_t across = width / window, top = index / across * window, left = index % across * window;
        for (int64_t place = 0; place < sizes.places; ++place) {
            const int64_t y = (top + place / window + shift) % height, x = (left + place % window + shift) % width;
            rows[place] = y * width + x;
        }
    }
};

/// Calls work(window, number of the window and head among all, scratch, head, group) for every window and head. Groups of
/// windows run beside each other; what belongs to a group depends on the image alone, not on how many threads there are.
template <class Work>
void every_window(const Plan &plan, int64_t groups, const at::Tensor &qkv, const at::Tensor &bias, const at::Tensor &mask,
                  Work &&work) {
    const float *values = qkv.data_ptr<float>(), *biases = bias.data_ptr<float>();
    const float *masks = mask.defined() ? mask.data_ptr<float>() : nullptr;
    const int64_t total = plan.batch * plan.windows(), square = plan.sizes.places * plan.sizes.places;
    const auto run = [&](int64_t first, int64_t last, Scratch &scratch) {
        std::vector<int64_t> &rows = scratch.rows, &offsets = scratch.offsets, &heard = scratch.heard;
        for (int64_t group = first; group < last; ++group) {
            for (int64_t number = total * group / groups; number < total * (group + 1) / groups; ++number) {
                const int64_t image = number / plan.windows(), index = number % plan.windows();
                plan.find(index, rows);
                for (int64_t place = 0; place < plan.sizes.places; ++place) {
                    const int64_t row = image * plan.height * plan.width + rows[place];
                    offsets[place] = row * 3 * plan.channels;
                    heard[place] = row * plan.channels;
                }
                for (int64_t head = 0; head < plan.heads; ++head) {
                    const float *queries = values + head * plan.sizes.depth;
                    const Window window{
                        queries, queries + plan.channels, queries + 2 * plan.channels, biases + head * square,
                        masks == nullptr ? nullptr : masks + index * square, offsets.data(), heard.data(), plan.scale};
                    work(window, number * plan.heads + head, scratch, head, group);
                }
            }
        }
    };
    // Room is made before threads begin, so that memory that runs out is an error here.
    std::vector<Scratch> rooms;
    const int64_t count = ct::shares_of(groups);
    for (int64_t share = 0; share < count; ++share) rooms.emplace_back(plan.sizes);
    ct::in_shares(groups, count, [&](int64_t first, int64_t last, int64_t share) { run(first, last, rooms[share]); });
}

int64_t groups_of(const Plan &plan) { return std::min<int64_t>(64, plan.batch * plan.windows()); }

/// The same by libtorch's own operators.
at::Tensor composed(const at::Tensor &qkv, const at::Tensor &bias, const at::Tensor &mask, const Plan &plan) {
    const int64_t across = plan.width / plan.window, down = plan.height / plan.window, size = plan.window;
    const int64_t places = plan.sizes.places, channels = plan.channels;
    at::Tensor moved = plan.shift == 0 ? qkv : qkv.roll({-plan.shift, -plan.shift}, {1, 2});
    const auto parts = moved.reshape({plan.batch, down, size, across, size, 3, plan.heads, plan.sizes.depth})
                           .permute({5, 0, 1, 3, 6, 2, 4, 7})
                           .reshape({3, plan.batch, down * across, plan.heads, places, plan.sizes.depth})
                           .unbind(0);
    at::Tensor scores = parts[0].mul(plan.scale).matmul(parts[1].transpose(-2, -1)).add(bias);
    if (mask.defined()) scores = scores.add(mask.unsqueeze(1));
    at::Tensor heard = scores.softmax(-1)
                           .to(qkv.scalar_type())
                           .matmul(parts[2])
                           .reshape({plan.batch, down, across, plan.heads, size, size, plan.sizes.depth})
                           .permute({0, 1, 4, 2, 5, 3, 6})
                           .reshape({plan.batch, plan.height, plan.width, channels});
    return plan.shift == 0 ? heard : heard.roll({plan.shift, plan.shift}, {1, 2});
}

class WindowAttention : public torch::autograd::Function<WindowAttention> {
public:
    /// `mask` is no argument of its own, because nothing flows back to it.
    struct Choice {
        at::Tensor mask;
        int64_t window, shift;
    };

    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &qkv, const at::Tensor &bias,
                              const Choice &choice) {
        const Plan plan(qkv, bias, choice.window, choice.shift);
        at::Tensor heard = at::empty({plan.batch, plan.height, plan.width, plan.channels}, qkv.options());
        at::Tensor shares = at::empty({plan.batch * plan.windows() * plan.heads, plan.shares_size()}, qkv.options());
        float *to = heard.data_ptr<float>(), *all_shares = shares.data_ptr<float>();
        every_window(plan, groups_of(plan), qkv, bias, choice.mask,
                     [&](const Window &window, int64_t number, Scratch &scratch, int64_t head, int64_t) {
            kernel.attend(window, plan.sizes, all_shares + number * plan.shares_size(), to + head * plan.sizes.depth, scratch);
        });
        context->save_for_backward({qkv, bias, shares, choice.mask});
        context->saved_data["window"] = choice.window;
        context->saved_data["shift"] = choice.shift;
        return heard;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                   torch::autograd::variable_list outputs) {
        const auto saved = context->get_saved_variables();
        const at::Tensor qkv = saved[0], bias = saved[1], shares = saved[2], incoming = outputs[0].contiguous();
        const Plan plan(qkv, bias, context->saved_data["window"].toInt(), context->saved_data["shift"].toInt());
        if (ct::wants_graph()) {
            const auto all = ct::gradients_with_graph({qkv, bias}, outputs[0], [&](const std::vector<at::Tensor> &given) {
                return composed(given[0], given[1], saved[3], plan);
            });
            return {all[0], all[1], at::Tensor()};
        }
        const int64_t groups = groups_of(plan), square = plan.sizes.places * plan.sizes.places;
        at::Tensor gradient = at::empty(qkv.sizes(), qkv.options());
        at::Tensor partial = at::zeros({groups, plan.heads, plan.sizes.places, plan.sizes.places}, qkv.options());
        const float *all_shares = shares.data_ptr<float>(), *heard = incoming.data_ptr<float>();
        float *to = gradient.data_ptr<float>(), *biases = partial.data_ptr<float>();
        every_window(plan, groups, qkv, bias, {},
                     [&](const Window &window, int64_t number, Scratch &scratch, int64_t head, int64_t group) {
            float *queries = to + head * plan.sizes.depth;
            const Gradients gradients{
                heard + head * plan.sizes.depth, queries, queries + plan.channels, queries + 2 * plan.channels};
            kernel.attend_backward(window, plan.sizes, all_shares + number * plan.shares_size(), gradients,
                            biases + (group * plan.heads + head) * square, scratch);
        });
        return {gradient, partial.sum(0), at::Tensor()};
    }
};

at::Tensor window_attention(const at::Tensor &qkv, const at::Tensor &bias, const c10::optional<at::Tensor> &optional_mask,
                            int64_t window, int64_t shift) {
    const at::Tensor mask = optional_mask.value_or(at::Tensor());
    TORCH_CHECK_VALUE(qkv.dim() == 4 && qkv.numel() > 0 && qkv.size(3) % 3 == 0,
                      "queries, keys and values must be [B, H, W, 3·C], but are ", qkv.sizes());
    TORCH_CHECK_VALUE(window > 0 && qkv.size(1) % window == 0 && qkv.size(2) % window == 0,
                      "height and width must be multiples of the window, but are ", qkv.size(1), " and ", qkv.size(2),
                      ", not of ", window);
    TORCH_CHECK_VALUE(shift >= 0 && shift < window, "the shift must be from 0 to below the window, but is ", shift);
    const int64_t places = window * window;
    TORCH_CHECK_VALUE(bias.dim() == 3 && bias.size(0) > 0 && bias.size(1) == places && bias.size(2) == places &&
                          qkv.size(3) / 3 % bias.size(0) == 0,
                      "the bias must be [heads, ", places, ", ", places, "] with heads a divisor of ", qkv.size(3) / 3,
                      ", but is ", bias.sizes());
    const Plan plan(qkv, bias, window, shift);
    TORCH_CHECK_VALUE(!mask.defined() || (mask.dim() == 3 && mask.size(0) == plan.windows() && mask.size(1) == places &&
                                          mask.size(2) == places),
                      "the mask must be [", plan.windows(), ", ", places, ", ", places, "], but is ", mask.sizes());
    // Half as many digits are widened: the scores need them, and this is a small part of a network's work.
    if (ct::is_half_on_cpu(qkv)) {
        const auto wide_mask = mask.defined() ? c10::make_optional(mask.to(at::kFloat)) : c10::nullopt;
        return window_attention(qkv.to(at::kFloat), bias.to(at::kFloat), wide_mask, window, shift).to(qkv.scalar_type());
    }
    const bool mask_fits = !mask.defined() || (ct::is_float_on_cpu(mask) && !mask.requires_grad());
    if (!ct::is_float_on_cpu(qkv) || !ct::is_float_on_cpu(bias) || !mask_fits) return composed(qkv, bias, mask, plan);
    const at::Tensor plain_mask = mask.defined() ? mask.contiguous() : mask;
    return WindowAttention::apply(qkv.contiguous(), bias.contiguous(), WindowAttention::Choice{plain_mask, window, shift});
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rs4, library) {
    library.def("window_attention(Tensor qkv, Tensor bias, Tensor? mask, int window, int shift=0) -> Tensor",
                window_attention);
}
