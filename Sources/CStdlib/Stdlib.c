// Written by scripts/embed-stdlib.
#include "CStdlib.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char text_augmentation[] = {
#embed "../../stdlib/augmentation.rs4" suffix(,)
    0};
static const char text_contrast[] = {
#embed "../../stdlib/contrast.rs4" suffix(,)
    0};
static const char text_cross_teaching[] = {
#embed "../../stdlib/cross_teaching.rs4" suffix(,)
    0};
static const char text_data[] = {
#embed "../../stdlib/data.rs4" suffix(,)
    0};
static const char text_evaluation[] = {
#embed "../../stdlib/evaluation.rs4" suffix(,)
    0};
static const char text_layers[] = {
#embed "../../stdlib/layers.rs4" suffix(,)
    0};
static const char text_losses[] = {
#embed "../../stdlib/losses.rs4" suffix(,)
    0};
static const char text_phantom[] = {
#embed "../../stdlib/phantom.rs4" suffix(,)
    0};
static const char text_places[] = {
#embed "../../stdlib/places.rs4" suffix(,)
    0};
static const char text_pseudo_labels[] = {
#embed "../../stdlib/pseudo_labels.rs4" suffix(,)
    0};
static const char text_schedules[] = {
#embed "../../stdlib/schedules.rs4" suffix(,)
    0};
static const char text_slices[] = {
#embed "../../stdlib/slices.rs4" suffix(,)
    0};
static const char text_supervised[] = {
#embed "../../stdlib/supervised.rs4" suffix(,)
    0};
static const char text_swin_unet[] = {
#embed "../../stdlib/swin_unet.rs4" suffix(,)
    0};
static const char text_unet[] = {
#embed "../../stdlib/unet.rs4" suffix(,)
    0};

static const rs4_library_file text_table[] = {
    {"augmentation", text_augmentation, sizeof text_augmentation - 1},
    {"contrast", text_contrast, sizeof text_contrast - 1},
    {"cross_teaching", text_cross_teaching, sizeof text_cross_teaching - 1},
    {"data", text_data, sizeof text_data - 1},
    {"evaluation", text_evaluation, sizeof text_evaluation - 1},
    {"layers", text_layers, sizeof text_layers - 1},
    {"losses", text_losses, sizeof text_losses - 1},
    {"phantom", text_phantom, sizeof text_phantom - 1},
    {"places", text_places, sizeof text_places - 1},
    {"pseudo_labels", text_pseudo_labels, sizeof text_pseudo_labels - 1},
    {"schedules", text_schedules, sizeof text_schedules - 1},
    {"slices", text_slices, sizeof text_slices - 1},
    {"supervised", text_supervised, sizeof text_supervised - 1},
    {"swin_unet", text_swin_unet, sizeof text_swin_unet - 1},
    {"unet", text_unet, sizeof text_unet - 1},
};

size_t rs4_library_file_count(void) { return sizeof text_table / sizeof text_table[0]; }
rs4_library_file rs4_library_file_at(size_t number) { return text_table[number]; }

static const char page_argument[] = {
#embed "../../docs/errors/argument.md" suffix(,)
    0};
static const char page_assert[] = {
#embed "../../docs/errors/assert.md" suffix(,)
    0};
static const char page_device[] = {
#embed "../../docs/errors/device.md" suffix(,)
    0};
static const char page_duplicate[] = {
#embed "../../docs/errors/duplicate.md" suffix(,)
    0};
static const char page_engine[] = {
#embed "../../docs/errors/engine.md" suffix(,)
    0};
static const char page_field[] = {
#embed "../../docs/errors/field.md" suffix(,)
    0};
static const char page_file[] = {
#embed "../../docs/errors/file.md" suffix(,)
    0};
static const char page_format[] = {
#embed "../../docs/errors/format.md" suffix(,)
    0};
static const char page_gradient[] = {
#embed "../../docs/errors/gradient.md" suffix(,)
    0};
static const char page_grid[] = {
#embed "../../docs/errors/grid.md" suffix(,)
    0};
static const char page_index[] = {
#embed "../../docs/errors/index.md" suffix(,)
    0};
static const char page_internal[] = {
#embed "../../docs/errors/internal.md" suffix(,)
    0};
static const char page_interrupted[] = {
#embed "../../docs/errors/interrupted.md" suffix(,)
    0};
static const char page_key[] = {
#embed "../../docs/errors/key.md" suffix(,)
    0};
static const char page_match[] = {
#embed "../../docs/errors/match.md" suffix(,)
    0};
static const char page_memory[] = {
#embed "../../docs/errors/memory.md" suffix(,)
    0};
static const char page_module[] = {
#embed "../../docs/errors/module.md" suffix(,)
    0};
static const char page_name[] = {
#embed "../../docs/errors/name.md" suffix(,)
    0};
static const char page_overflow[] = {
#embed "../../docs/errors/overflow.md" suffix(,)
    0};
static const char page_param[] = {
#embed "../../docs/errors/param.md" suffix(,)
    0};
static const char page_plot[] = {
#embed "../../docs/errors/plot.md" suffix(,)
    0};
static const char page_raised[] = {
#embed "../../docs/errors/raised.md" suffix(,)
    0};
static const char page_recursion[] = {
#embed "../../docs/errors/recursion.md" suffix(,)
    0};
static const char page_shape[] = {
#embed "../../docs/errors/shape.md" suffix(,)
    0};
static const char page_size[] = {
#embed "../../docs/errors/size.md" suffix(,)
    0};
static const char page_syntax[] = {
#embed "../../docs/errors/syntax.md" suffix(,)
    0};
static const char page_type[] = {
#embed "../../docs/errors/type.md" suffix(,)
    0};
static const char page_unreachable[] = {
#embed "../../docs/errors/unreachable.md" suffix(,)
    0};
static const char page_unused[] = {
#embed "../../docs/errors/unused.md" suffix(,)
    0};
static const char page_value[] = {
#embed "../../docs/errors/value.md" suffix(,)
    0};

static const rs4_library_file page_table[] = {
    {"argument", page_argument, sizeof page_argument - 1},
    {"assert", page_assert, sizeof page_assert - 1},
    {"device", page_device, sizeof page_device - 1},
    {"duplicate", page_duplicate, sizeof page_duplicate - 1},
    {"engine", page_engine, sizeof page_engine - 1},
    {"field", page_field, sizeof page_field - 1},
    {"file", page_file, sizeof page_file - 1},
    {"format", page_format, sizeof page_format - 1},
    {"gradient", page_gradient, sizeof page_gradient - 1},
    {"grid", page_grid, sizeof page_grid - 1},
    {"index", page_index, sizeof page_index - 1},
    {"internal", page_internal, sizeof page_internal - 1},
    {"interrupted", page_interrupted, sizeof page_interrupted - 1},
    {"key", page_key, sizeof page_key - 1},
    {"match", page_match, sizeof page_match - 1},
    {"memory", page_memory, sizeof page_memory - 1},
    {"module", page_module, sizeof page_module - 1},
    {"name", page_name, sizeof page_name - 1},
    {"overflow", page_overflow, sizeof page_overflow - 1},
    {"param", page_param, sizeof page_param - 1},
    {"plot", page_plot, sizeof page_plot - 1},
    {"raised", page_raised, sizeof page_raised - 1},
    {"recursion", page_recursion, sizeof page_recursion - 1},
    {"shape", page_shape, sizeof page_shape - 1},
    {"size", page_size, sizeof page_size - 1},
    {"syntax", page_syntax, sizeof page_syntax - 1},
    {"type", page_type, sizeof page_type - 1},
    {"unreachable", page_unreachable, sizeof page_unreachable - 1},
    {"unused", page_unused, sizeof page_unused - 1},
    {"value", page_value, sizeof page_value - 1},
};

size_t rs4_error_page_count(void) { return sizeof page_table / sizeof page_table[0]; }
rs4_library_file rs4_error_page_at(size_t number) { return page_table[number]; }
