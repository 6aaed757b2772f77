// Threads, random state, devices, and the check before large allocations.

#include <dlfcn.h>
#include <malloc.h>

#include <mutex>

#include "Boundary.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/csrc/api/include/torch/version.h>

using namespace ct;

int ct_set_threads(int32_t count) {
    return guarded([&] {
        using SetThreads = void (*)(int);
        if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
        at::set_num_threads(count);
    });
}

int32_t ct_threads(void) { return at::get_num_threads(); }

int ct_seed(int64_t seed) {
    return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

namespace {
/// libtorch's own generator of a device: -1 is the CPU, else a CUDA device.
at::Generator generator(int32_t index) {
    auto &context = at::globalContext();
    if (index < 0) return context.defaultGenerator(at::Device(at::kCPU));
    return context.defaultGenerator(at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index)));
}
}  // namespace

int ct_random_state(int32_t index, ct_tensor *result) {
    *result = nullptr;
    return guarded([&] {
        at::Generator found = generator(index);
        std::lock_guard<std::mutex> lock(found.mutex());
        *result = give(found.get_state());
    });
}

int ct_set_random_state(int32_t index, ct_tensor state) {
    return guarded([&] {
        at::Generator found = generator(index);
        std::lock_guard<std::mutex> lock(found.mutex());
        found.set_state(borrow(state));
    });
}

int32_t ct_cuda_count(void) {
    int32_t count = 0;
    (void)guarded([&] {
        if (at::hasCUDA()) count = static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs());
    });
    return count;
}

const char *ct_version(void) { return TORCH_VERSION; }

namespace {
int64_t (*available_memory)(void) = nullptr;
int64_t checked_from = 0;

std::string gigabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
    return text;
}

/// libtorch's own allocator behind a check, so that a tensor too large is an error and not the end of the process.
struct CheckedAllocator final : c10::Allocator {
    c10::Allocator *base;
    explicit CheckedAllocator(c10::Allocator *base) : base(base) {}

    void check(size_t bytes) const {
        if (static_cast<int64_t>(bytes) < checked_from || available_memory == nullptr) return;
        int64_t available = available_memory();
        if (static_cast<int64_t>(bytes) > available && malloc_trim(0) != 0) available = available_memory();
        TORCH_CHECK(static_cast<double>(bytes) <= static_cast<double>(available), "not enough memory: ",
                    gigabytes(static_cast<double>(bytes)), " were asked for, but the machine has ",
                    gigabytes(static_cast<double>(available)), " left");
    }
#if TORCH_VERSION_MAJOR >= 2
    c10::DataPtr allocate(size_t bytes) override {
        check(bytes);
        return base->allocate(bytes);
    }
    void copy_data(void *target, const void *source, std::size_t count) const override {
        base->copy_data(target, source, count);
    }
#else
    c10::DataPtr allocate(size_t bytes) const override {
        check(bytes);
        return base->allocate(bytes);
    }
#endif
    c10::DeleterFnPtr raw_deleter() const override { return base->raw_deleter(); }
};
}  // namespace

void ct_check_allocations(int64_t (*available)(void), int64_t threshold) {
    available_memory = available;
    checked_from = threshold;
    (void)guarded([&] {
        static auto *allocator = new CheckedAllocator(c10::GetDefaultCPUAllocator());
        c10::SetCPUAllocator(allocator, /*priority=*/100);
    });
}
