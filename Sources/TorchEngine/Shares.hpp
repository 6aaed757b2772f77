#pragma once
// Work beside other work, on threads of our own: `at::parallel_for` runs on one thread in a library that is compiled
// without OpenMP.

#include <algorithm>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>

namespace ct {

/// How many threads share `items` pieces of work: as many as libtorch may use, and no more than there are pieces.
inline int64_t shares_of(int64_t items) { return std::max<int64_t>(1, std::min<int64_t>(at::get_num_threads(), items)); }

/// Calls work(first, last, share) for each of `count` shares of 0..<items, each on a thread, waits for all, and throws
/// what the first of them threw. Where the system gives no further threads, this one does their shares.
template <class Work>
void in_shares(int64_t items, int64_t count, Work &&work) {
    std::vector<std::exception_ptr> failures(count);
    const auto do_share = [&](int64_t share) noexcept {
        try {
            work(items * share / count, items * (share + 1) / count, share);
        } catch (...) {
            failures[share] = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    threads.reserve(count);
    int64_t started = 1;
    try {
        for (; started < count; ++started) threads.emplace_back(do_share, started);
    } catch (const std::exception &) {
    }
    do_share(0);
    for (int64_t share = started; share < count; ++share) do_share(share);
    for (std::thread &thread : threads) thread.join();
    for (const std::exception_ptr &failure : failures)
        if (failure) std::rethrow_exception(failure);
}

template <class Work>
void in_shares(int64_t items, Work &&work) {
    in_shares(items, shares_of(items), work);
}

}  // namespace ct
