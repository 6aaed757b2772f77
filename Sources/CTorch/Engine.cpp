// Threads, random state, devices, and the check before large allocations.

#include <dlfcn.h>
#include <malloc.h>
#include <signal.h>

#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "Boundary.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/csrc/api/include/torch/version.h>

using namespace ct;

namespace {
void nothing(void *) {}

/// Makes OpenMP's idle threads sleep instead of spin. Spinning threads take the cores from whoever has work (another
/// process, BLAS's own threads): on a shared machine a training step then takes three times as long. GNU's OpenMP reads
/// its waiting policy from the environment before any code of ours runs, but it also stops spinning by itself once it
/// manages more threads than there are cores; an idle team on a thread that sleeps for ever makes it so.
void let_idle_threads_sleep() {
    using Parallel = void (*)(void (*)(void *), void *, unsigned, unsigned);
    auto parallel = reinterpret_cast<Parallel>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
    if (parallel == nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
    std::atomic<bool> is_ready{false};
    std::thread([parallel, &is_ready] {
        // Signals are for the threads that have something to stop.
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        parallel(nothing, nullptr, std::thread::hardware_concurrency() + 1, 0);
        is_ready = true;
        for (;;) pause();
    }).detach();
    while (!is_ready) std::this_thread::yield();
}
}  // namespace

int ct_set_threads(int32_t count) {
    return guarded([&] {
        static std::once_flag once;
        std::call_once(once, let_idle_threads_sleep);
        using SetThreads = void (*)(int);
        if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
        at::set_num_threads(count);
    });
}

int32_t ct_threads(void) { return at::get_num_threads(); }

int ct_seed(int64_t seed) {
    return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
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
/// Freed memory stays with the process, up to 2 GB at the heap's end: a training step frees and asks for the same
/// sizes again, and fetching pages anew from the system costs an eighth of the step. Before any thread starts, because
/// a thread keeps the arena that it began with.
__attribute__((constructor)) void keep_freed_memory() {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT32_MAX);
}

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

void ct_return_memory(void) { malloc_trim(0); }

void ct_check_allocations(int64_t (*available)(void), int64_t threshold) {
    available_memory = available;
    checked_from = threshold;
    (void)guarded([&] {
        static auto *allocator = new CheckedAllocator(c10::GetDefaultCPUAllocator());
        c10::SetCPUAllocator(allocator, /*priority=*/100);
    });
}
