// Dropout in one pass: `rs4::dropout`. libtorch's draws a random number after another on one thread, by a generator that
// cannot do otherwise. Here the numbers come from a counter (Philox 4×32-10, Salmon et al. 2011) whose key is drawn from
// libtorch's generator, so that they depend on the seed and on the element's place alone, not on threads. Float32 on the
// CPU; anything else goes through libtorch's own operator.

#include <cstring>
#include <mutex>

#include "Boundary.hpp"
#include "Differentiable.hpp"
#include "Processor.hpp"
#include "Shares.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

constexpr int64_t lanes = 16, block = 4 * lanes;

/// Writes `block` random numbers: those of `lanes` counters from `number * lanes` on.
inline void draw(uint64_t key, uint64_t number, uint32_t *random) {
    uint32_t a[lanes], b[lanes], c[lanes] = {}, d[lanes] = {};
    for (int64_t lane = 0; lane < lanes; ++lane) {
        const uint64_t counter = number * lanes + static_cast<uint64_t>(lane);
        a[lane] = static_cast<uint32_t>(counter);
        b[lane] = static_cast<uint32_t>(counter >> 32);
    }
    uint32_t first = static_cast<uint32_t>(key), second = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
        for (int64_t lane = 0; lane < lanes; ++lane) {
            const uint64_t left = uint64_t{0xD2511F53} * a[lane], right = uint64_t{0xCD9E8D57} * c[lane];
            a[lane] = static_cast<uint32_t>(right >> 32) ^ b[lane] ^ first;
            b[lane] = static_cast<uint32_t>(right);
            c[lane] = static_cast<uint32_t>(left >> 32) ^ d[lane] ^ second;
            d[lane] = static_cast<uint32_t>(left);
        }
        first += 0x9E3779B9;
        second += 0xBB67AE85;
    }
    std::memcpy(random, a, sizeof a);
    std::memcpy(random + lanes, b, sizeof b);
    std::memcpy(random + 2 * lanes, c, sizeof c);
    std::memcpy(random + 3 * lanes, d, sizeof d);
}

/// Which of the elements of some blocks stay (1) or go (0), for `count` elements from block `first` on.
FOR_EVERY_PROCESSOR
void choose(uint64_t key, int64_t first, int64_t count, uint32_t threshold, uint8_t *kept) {
    uint32_t random[block];
    for (int64_t begin = 0; begin < count; begin += block) {
        draw(key, static_cast<uint64_t>(first + begin / block), random);
        const int64_t end = std::min(block, count - begin);
        for (int64_t index = 0; index < end; ++index) kept[begin + index] = random[index] >= threshold;
    }
}

/// to = from · scale where kept, else from · 0, so that what is no number stays none.
FOR_EVERY_PROCESSOR
void keep(const float *from, const uint8_t *kept, float scale, int64_t count, float *to) {
    for (int64_t index = 0; index < count; ++index) to[index] = from[index] * (kept[index] ? scale : 0.0f);
}

/// Elements of one share are some thousands, so that threads are worth their start.
constexpr int64_t piece = 512 * block;

template <class Work>
void every_piece(int64_t count, Work &&work) {
    const int64_t pieces = (count + piece - 1) / piece;
    ct::in_shares(pieces, [&](int64_t first, int64_t last, int64_t) {
        if (first < last) work(first * piece, std::min(count, last * piece) - first * piece);
    });
}

uint64_t new_key() {
    at::Generator generator = at::detail::getDefaultCPUGenerator();
    std::lock_guard<std::mutex> lock(generator.mutex());
    return at::check_generator<at::CPUGeneratorImpl>(generator)->random64();
}

class Dropout : public torch::autograd::Function<Dropout> {
public:
    /// Elements are counted as they lie in memory.
    static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &given, double chance) {
        const at::Tensor x = given.is_non_overlapping_and_dense() ? given : given.contiguous();
        at::Tensor result = at::empty_like(x), kept = at::empty({x.numel()}, x.options().dtype(at::kByte));
        const uint64_t key = new_key();
        const auto threshold = static_cast<uint32_t>(std::min(chance * 4294967296.0, 4294967295.0));
        const auto scale = static_cast<float>(1 / (1 - chance));
        const float *from = x.data_ptr<float>();
        float *to = result.data_ptr<float>();
        uint8_t *flags = kept.data_ptr<uint8_t>();
        every_piece(x.numel(), [&](int64_t first, int64_t count) {
            choose(key, first / block, count, threshold, flags + first);
            keep(from + first, flags + first, scale, count, to + first);
        });
        context->save_for_backward({kept});
        context->saved_data["scale"] = static_cast<double>(scale);
        context->saved_data["strides"] = x.strides().vec();
        return result;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                   torch::autograd::variable_list outputs) {
        const at::Tensor kept = context->get_saved_variables()[0];
        const std::vector<int64_t> strides = context->saved_data["strides"].toIntVector();
        const double scale = context->saved_data["scale"].toDouble();
        at::Tensor incoming = outputs[0];
        // Gradients of gradients go through operators that know theirs.
        if (ct::wants_graph())
            return {incoming.mul(kept.as_strided(incoming.sizes(), strides).to(at::kFloat)).mul(scale), at::Tensor()};
        at::Tensor result = incoming.new_empty_strided(incoming.sizes(), strides);
        if (!incoming.strides().equals(strides)) incoming = at::empty_like(result).copy_(incoming);
        const float *from = incoming.data_ptr<float>();
        const uint8_t *flags = kept.data_ptr<uint8_t>();
        float *to = result.data_ptr<float>();
        every_piece(result.numel(), [&](int64_t first, int64_t count) {
            keep(from + first, flags + first, static_cast<float>(scale), count, to + first);
        });
        return {result, at::Tensor()};
    }
};

at::Tensor dropout(const at::Tensor &x, double chance, bool trains) {
    TORCH_CHECK_VALUE(chance >= 0 && chance <= 1, "the chance must be from 0 to 1, but is ", chance);
    const bool fits = ct::is_float_on_cpu(x) && x.numel() > 0;
    if (!trains || chance == 1 || !fits) return at::dropout(x, chance, trains);
    return Dropout::apply(x, chance);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rs4, library) { library.def("dropout(Tensor x, float chance, bool trains) -> Tensor", dropout); }
