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

static const rs4_library_file files[] = {
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

size_t rs4_library_count(void) { return sizeof files / sizeof files[0]; }
rs4_library_file rs4_library_file_at(size_t number) { return files[number]; }
