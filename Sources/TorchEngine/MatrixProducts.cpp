// Float32 matrix products by oneDNN. Debian's libtorch calls `sgemm_` of whichever BLAS the system has; this library
// stands before that one when the name is looked up, and hands large products to oneDNN, which libtorch brings for its
// convolutions: it is quicker than OpenBLAS above all on the tall and narrow matrices of networks, and its threads are
// those of libtorch's other operators. Left out beside a libtorch of one's own (TORCH_HOME), which has its BLAS within,
// and on other processors than x86's, where oneDNN has no quick products.

#if defined(RS4_PRODUCTS_BY_ONEDNN) && defined(__x86_64__)

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "Processor.hpp"

#include <oneapi/dnnl/dnnl.h>

namespace {

/// As Fortran passes them: matrices by columns, everything by address.
using Product = void (*)(const char *, const char *, const int *, const int *, const int *, const float *, const float *,
                         const int *, const float *, const int *, const float *, float *, const int *);

Product blas() {
    static const auto found = reinterpret_cast<Product>(dlsym(RTLD_NEXT, "sgemm_"));
    return found;
}

/// Below this many multiplications oneDNN's way in costs more than it saves.
constexpr int64_t worth_it = 100'000;

/// OpenBLAS chooses its kernels by a list of processors; Debian's (0.3.21) falls back to those of 2004 on any younger
/// Intel, several times slower. What a processor can do says more than its name.
[[maybe_unused]] const bool chosen = [] {
    const auto name = reinterpret_cast<char *(*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
    const auto leave = reinterpret_cast<void (*)()>(dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit"));
    const auto choose = reinterpret_cast<void (*)()>(dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init"));
    if (name == nullptr || leave == nullptr || choose == nullptr || std::getenv("OPENBLAS_CORETYPE") != nullptr) return false;
    if (std::strcmp(name(), "Prescott") != 0 || !ct::has_avx2()) return false;
    setenv("OPENBLAS_CORETYPE", ct::has_avx512() ? "SkylakeX" : "Haswell", 1);
    leave();
    choose();
    return true;
}();

}  // namespace

extern "C" __attribute__((visibility("default"))) void sgemm_(
    const char *transposed_a, const char *transposed_b, const int *m, const int *n, const int *k, const float *alpha,
    const float *a, const int *lda, const float *b, const int *ldb, const float *beta, float *c, const int *ldc) {
    static const bool helps = ct::has_avx2();
    if (helps && *m > 0 && *n > 0 && *k > 0 && static_cast<int64_t>(*m) * *n * *k >= worth_it) {
        // oneDNN's matrices lie by rows: what is A·B by columns is Bᵀ·Aᵀ by rows.
        const dnnl_status_t status =
            dnnl_sgemm(*transposed_b, *transposed_a, *n, *m, *k, *alpha, b, *ldb, a, *lda, *beta, c, *ldc);
        if (status == dnnl_success) return;
        // What memory ran out for may be half done.
        if (status != dnnl_invalid_arguments && status != dnnl_unimplemented && *beta != 0) throw std::bad_alloc();
    }
    blas()(transposed_a, transposed_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

#endif
