#pragma once
// Work beside other work, on threads of our own: `at::parallel_for` runs on one thread in a library that is compiled
// without OpenMP.

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>

namespace ct {

/// How many threads share `items` pieces of work: as many as libtorch may use, and no more than there are pieces.
inline int64_t shares_of(int64_t items) { return std::max<int64_t>(1, std::min<int64_t>(at::get_num_threads(), items)); }

/// Calls work(first, last, share) for every share of 0..<items, each on a thread, and waits for all. The work must not
/// throw. Where the system gives no further threads, this one does their shares.
template <class Work>
void in_shares(int64_t items, Work &&work) {
    const int64_t count = shares_of(items);
    const auto do_share = [&](int64_t share) { work(items * share / count, items * (share + 1) / count, share); };
    std::vector<std::thread> threads;
    threads.reserve(count);
    int64_t started = 1;
    try {
        for (; started < count; ++started) threads.emplace_back(do_share, started);
    } catch (const std::system_error &) {
    }
    do_share(0);
    for (int64_t share = started; share < count; ++share) do_share(share);
    for (std::thread &thread : threads) thread.join();
}

}  // namespace ct
