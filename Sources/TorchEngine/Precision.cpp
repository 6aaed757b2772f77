// Autocast: matrix products and convolutions in a smaller dtype, what needs more digits in float32.

#include "Boundary.hpp"

#include <vector>

#include <ATen/autocast_mode.h>
#include <torch/csrc/api/include/torch/version.h>

using namespace ct;

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool is_enabled(at::DeviceType kind) { return at::autocast::is_autocast_enabled(kind); }
at::ScalarType dtype_of(at::DeviceType kind) { return at::autocast::get_autocast_dtype(kind); }
void set(at::DeviceType kind, bool enabled, at::ScalarType dtype) {
    at::autocast::set_autocast_enabled(kind, enabled);
    at::autocast::set_autocast_dtype(kind, dtype);
}
#else
bool is_enabled(at::DeviceType kind) { return kind == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled(); }
at::ScalarType dtype_of(at::DeviceType kind) {
    return kind == at::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
void set(at::DeviceType kind, bool enabled, at::ScalarType dtype) {
    if (kind == at::kCPU) {
        at::autocast::set_cpu_enabled(enabled);
        at::autocast::set_autocast_cpu_dtype(dtype);
    } else {
        at::autocast::set_enabled(enabled);
        at::autocast::set_autocast_gpu_dtype(dtype);
    }
}
#endif

constexpr at::DeviceType kinds[] = {at::kCPU, at::kCUDA};

struct Setting {
    bool enabled[2];
    at::ScalarType dtype[2];
};

/// How it was before each block that is open.
thread_local std::vector<Setting> outer;

}  // namespace

int ct_autocast_begin(int32_t dtype) {
    return guarded([&] {
        const auto asked = static_cast<at::ScalarType>(dtype);
        Setting before;
        for (int index = 0; index < 2; ++index) {
            before.enabled[index] = is_enabled(kinds[index]);
            before.dtype[index] = dtype_of(kinds[index]);
        }
        outer.push_back(before);
        at::autocast::increment_nesting();
        for (auto kind : kinds) {
            if (asked == at::kFloat) {
                set(kind, false, dtype_of(kind));
            } else {
                set(kind, true, asked);
            }
        }
    });
}

void ct_autocast_end(void) {
    (void)guarded([&] {
        TORCH_CHECK(!outer.empty(), "no block of autocast is open");
        for (int index = 0; index < 2; ++index) set(kinds[index], outer.back().enabled[index], outer.back().dtype[index]);
        outer.pop_back();
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    });
}
