#pragma once
// What this processor can do.

/// Before a function of plain loops: compiled for wide registers too, and chosen by the processor.
#ifdef __x86_64__
#define FOR_EVERY_PROCESSOR __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define FOR_EVERY_PROCESSOR
#endif

namespace ct {

/// Registers of 8 floats, multiplied and added at once.
inline bool has_avx2() {
#ifdef __x86_64__
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

/// Registers of 16 floats.
inline bool has_avx512() {
#ifdef __x86_64__
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#else
    return false;
#endif
}

}  // namespace ct
