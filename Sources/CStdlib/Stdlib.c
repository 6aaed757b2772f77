// Written by scripts/embed-stdlib.
#include "CStdlib.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char text_data_cases[] = {
#embed "../../stdlib/data/cases.rs4" suffix(,)
    0};
static const char text_data_data[] = {
#embed "../../stdlib/data/data.rs4" suffix(,)
    0};
static const char text_data_decathlon[] = {
#embed "../../stdlib/data/decathlon.rs4" suffix(,)
    0};
static const char text_data_experiments[] = {
#embed "../../stdlib/data/experiments.rs4" suffix(,)
    0};
static const char text_data_label_values[] = {
#embed "../../stdlib/data/label_values.rs4" suffix(,)
    0};
static const char text_data_layouts[] = {
#embed "../../stdlib/data/layouts.rs4" suffix(,)
    0};
static const char text_data_phantom[] = {
#embed "../../stdlib/data/phantom.rs4" suffix(,)
    0};
static const char text_data_places[] = {
#embed "../../stdlib/data/places.rs4" suffix(,)
    0};
static const char text_data_resampling[] = {
#embed "../../stdlib/data/resampling.rs4" suffix(,)
    0};
static const char text_data_slice_lists[] = {
#embed "../../stdlib/data/slice_lists.rs4" suffix(,)
    0};
static const char text_data_slices[] = {
#embed "../../stdlib/data/slices.rs4" suffix(,)
    0};
static const char text_data_slicing[] = {
#embed "../../stdlib/data/slicing.rs4" suffix(,)
    0};
static const char text_data_splits[] = {
#embed "../../stdlib/data/splits.rs4" suffix(,)
    0};
static const char text_data_ssl4mis[] = {
#embed "../../stdlib/data/ssl4mis.rs4" suffix(,)
    0};
static const char text_data_synapse[] = {
#embed "../../stdlib/data/synapse.rs4" suffix(,)
    0};
static const char text_data_volume_files[] = {
#embed "../../stdlib/data/volume_files.rs4" suffix(,)
    0};
static const char text_data_volume_folders[] = {
#embed "../../stdlib/data/volume_folders.rs4" suffix(,)
    0};
static const char text_evaluation_evaluation[] = {
#embed "../../stdlib/evaluation/evaluation.rs4" suffix(,)
    0};
static const char text_evaluation_score_tables[] = {
#embed "../../stdlib/evaluation/score_tables.rs4" suffix(,)
    0};
static const char text_evaluation_statistics[] = {
#embed "../../stdlib/evaluation/statistics.rs4" suffix(,)
    0};
static const char text_experiment_class_tables[] = {
#embed "../../stdlib/experiment/class_tables.rs4" suffix(,)
    0};
static const char text_experiment_family[] = {
#embed "../../stdlib/experiment/family.rs4" suffix(,)
    0};
static const char text_experiment_result_rows[] = {
#embed "../../stdlib/experiment/result_rows.rs4" suffix(,)
    0};
static const char text_experiment_study[] = {
#embed "../../stdlib/experiment/study.rs4" suffix(,)
    0};
static const char text_experiment_volume_study[] = {
#embed "../../stdlib/experiment/volume_study.rs4" suffix(,)
    0};
static const char text_labels_carried_slices[] = {
#embed "../../stdlib/labels/carried_slices.rs4" suffix(,)
    0};
static const char text_labels_components[] = {
#embed "../../stdlib/labels/components.rs4" suffix(,)
    0};
static const char text_labels_pseudo_labels[] = {
#embed "../../stdlib/labels/pseudo_labels.rs4" suffix(,)
    0};
static const char text_labels_registration_alone[] = {
#embed "../../stdlib/labels/registration_alone.rs4" suffix(,)
    0};
static const char text_labels_votes[] = {
#embed "../../stdlib/labels/votes.rs4" suffix(,)
    0};
static const char text_learning_augmentation[] = {
#embed "../../stdlib/learning/augmentation.rs4" suffix(,)
    0};
static const char text_learning_contrast[] = {
#embed "../../stdlib/learning/contrast.rs4" suffix(,)
    0};
static const char text_learning_gradients[] = {
#embed "../../stdlib/learning/gradients.rs4" suffix(,)
    0};
static const char text_learning_lessons[] = {
#embed "../../stdlib/learning/lessons.rs4" suffix(,)
    0};
static const char text_learning_losses[] = {
#embed "../../stdlib/learning/losses.rs4" suffix(,)
    0};
static const char text_learning_runs[] = {
#embed "../../stdlib/learning/runs.rs4" suffix(,)
    0};
static const char text_learning_schedules[] = {
#embed "../../stdlib/learning/schedules.rs4" suffix(,)
    0};
static const char text_learning_training[] = {
#embed "../../stdlib/learning/training.rs4" suffix(,)
    0};
static const char text_learning_views[] = {
#embed "../../stdlib/learning/views.rs4" suffix(,)
    0};
static const char text_learning_windows[] = {
#embed "../../stdlib/learning/windows.rs4" suffix(,)
    0};
static const char text_methods_cross_teaching[] = {
#embed "../../stdlib/methods/cross_teaching.rs4" suffix(,)
    0};
static const char text_methods_mean_teacher[] = {
#embed "../../stdlib/methods/mean_teacher.rs4" suffix(,)
    0};
static const char text_methods_self_training[] = {
#embed "../../stdlib/methods/self_training.rs4" suffix(,)
    0};
static const char text_methods_supervised[] = {
#embed "../../stdlib/methods/supervised.rs4" suffix(,)
    0};
static const char text_methods_volume_student[] = {
#embed "../../stdlib/methods/volume_student.rs4" suffix(,)
    0};
static const char text_networks_layers[] = {
#embed "../../stdlib/networks/layers.rs4" suffix(,)
    0};
static const char text_networks_small_networks[] = {
#embed "../../stdlib/networks/small_networks.rs4" suffix(,)
    0};
static const char text_networks_swin_unet[] = {
#embed "../../stdlib/networks/swin_unet.rs4" suffix(,)
    0};
static const char text_networks_swin_weights[] = {
#embed "../../stdlib/networks/swin_weights.rs4" suffix(,)
    0};
static const char text_networks_unet[] = {
#embed "../../stdlib/networks/unet.rs4" suffix(,)
    0};
static const char text_networks_unet_3d[] = {
#embed "../../stdlib/networks/unet_3d.rs4" suffix(,)
    0};
static const char text_report_pilot[] = {
#embed "../../stdlib/report/pilot.rs4" suffix(,)
    0};
static const char text_report_pilot_doubt[] = {
#embed "../../stdlib/report/pilot_doubt.rs4" suffix(,)
    0};
static const char text_report_pilot_expectation[] = {
#embed "../../stdlib/report/pilot_expectation.rs4" suffix(,)
    0};
static const char text_report_report[] = {
#embed "../../stdlib/report/report.rs4" suffix(,)
    0};
static const char text_report_report_cases[] = {
#embed "../../stdlib/report/report_cases.rs4" suffix(,)
    0};
static const char text_report_report_quality[] = {
#embed "../../stdlib/report/report_quality.rs4" suffix(,)
    0};
static const char text_text_pages[] = {
#embed "../../stdlib/text/pages.rs4" suffix(,)
    0};
static const char text_text_tables[] = {
#embed "../../stdlib/text/tables.rs4" suffix(,)
    0};
static const char text_workshop_exercises[] = {
#embed "../../stdlib/workshop/exercises.rs4" suffix(,)
    0};
static const char text_workshop_workshop[] = {
#embed "../../stdlib/workshop/workshop.rs4" suffix(,)
    0};

static const rs4_library_file text_table[] = {
    {"data/cases", text_data_cases, sizeof text_data_cases - 1},
    {"data/data", text_data_data, sizeof text_data_data - 1},
    {"data/decathlon", text_data_decathlon, sizeof text_data_decathlon - 1},
    {"data/experiments", text_data_experiments, sizeof text_data_experiments - 1},
    {"data/label_values", text_data_label_values, sizeof text_data_label_values - 1},
    {"data/layouts", text_data_layouts, sizeof text_data_layouts - 1},
    {"data/phantom", text_data_phantom, sizeof text_data_phantom - 1},
    {"data/places", text_data_places, sizeof text_data_places - 1},
    {"data/resampling", text_data_resampling, sizeof text_data_resampling - 1},
    {"data/slice_lists", text_data_slice_lists, sizeof text_data_slice_lists - 1},
    {"data/slices", text_data_slices, sizeof text_data_slices - 1},
    {"data/slicing", text_data_slicing, sizeof text_data_slicing - 1},
    {"data/splits", text_data_splits, sizeof text_data_splits - 1},
    {"data/ssl4mis", text_data_ssl4mis, sizeof text_data_ssl4mis - 1},
    {"data/synapse", text_data_synapse, sizeof text_data_synapse - 1},
    {"data/volume_files", text_data_volume_files, sizeof text_data_volume_files - 1},
    {"data/volume_folders", text_data_volume_folders, sizeof text_data_volume_folders - 1},
    {"evaluation/evaluation", text_evaluation_evaluation, sizeof text_evaluation_evaluation - 1},
    {"evaluation/score_tables", text_evaluation_score_tables, sizeof text_evaluation_score_tables - 1},
    {"evaluation/statistics", text_evaluation_statistics, sizeof text_evaluation_statistics - 1},
    {"experiment/class_tables", text_experiment_class_tables, sizeof text_experiment_class_tables - 1},
    {"experiment/family", text_experiment_family, sizeof text_experiment_family - 1},
    {"experiment/result_rows", text_experiment_result_rows, sizeof text_experiment_result_rows - 1},
    {"experiment/study", text_experiment_study, sizeof text_experiment_study - 1},
    {"experiment/volume_study", text_experiment_volume_study, sizeof text_experiment_volume_study - 1},
    {"labels/carried_slices", text_labels_carried_slices, sizeof text_labels_carried_slices - 1},
    {"labels/components", text_labels_components, sizeof text_labels_components - 1},
    {"labels/pseudo_labels", text_labels_pseudo_labels, sizeof text_labels_pseudo_labels - 1},
    {"labels/registration_alone", text_labels_registration_alone, sizeof text_labels_registration_alone - 1},
    {"labels/votes", text_labels_votes, sizeof text_labels_votes - 1},
    {"learning/augmentation", text_learning_augmentation, sizeof text_learning_augmentation - 1},
    {"learning/contrast", text_learning_contrast, sizeof text_learning_contrast - 1},
    {"learning/gradients", text_learning_gradients, sizeof text_learning_gradients - 1},
    {"learning/lessons", text_learning_lessons, sizeof text_learning_lessons - 1},
    {"learning/losses", text_learning_losses, sizeof text_learning_losses - 1},
    {"learning/runs", text_learning_runs, sizeof text_learning_runs - 1},
    {"learning/schedules", text_learning_schedules, sizeof text_learning_schedules - 1},
    {"learning/training", text_learning_training, sizeof text_learning_training - 1},
    {"learning/views", text_learning_views, sizeof text_learning_views - 1},
    {"learning/windows", text_learning_windows, sizeof text_learning_windows - 1},
    {"methods/cross_teaching", text_methods_cross_teaching, sizeof text_methods_cross_teaching - 1},
    {"methods/mean_teacher", text_methods_mean_teacher, sizeof text_methods_mean_teacher - 1},
    {"methods/self_training", text_methods_self_training, sizeof text_methods_self_training - 1},
    {"methods/supervised", text_methods_supervised, sizeof text_methods_supervised - 1},
    {"methods/volume_student", text_methods_volume_student, sizeof text_methods_volume_student - 1},
    {"networks/layers", text_networks_layers, sizeof text_networks_layers - 1},
    {"networks/small_networks", text_networks_small_networks, sizeof text_networks_small_networks - 1},
    {"networks/swin_unet", text_networks_swin_unet, sizeof text_networks_swin_unet - 1},
    {"networks/swin_weights", text_networks_swin_weights, sizeof text_networks_swin_weights - 1},
    {"networks/unet", text_networks_unet, sizeof text_networks_unet - 1},
    {"networks/unet_3d", text_networks_unet_3d, sizeof text_networks_unet_3d - 1},
    {"report/pilot", text_report_pilot, sizeof text_report_pilot - 1},
    {"report/pilot_doubt", text_report_pilot_doubt, sizeof text_report_pilot_doubt - 1},
    {"report/pilot_expectation", text_report_pilot_expectation, sizeof text_report_pilot_expectation - 1},
    {"report/report", text_report_report, sizeof text_report_report - 1},
    {"report/report_cases", text_report_report_cases, sizeof text_report_report_cases - 1},
    {"report/report_quality", text_report_report_quality, sizeof text_report_report_quality - 1},
    {"text/pages", text_text_pages, sizeof text_text_pages - 1},
    {"text/tables", text_text_tables, sizeof text_text_tables - 1},
    {"workshop/exercises", text_workshop_exercises, sizeof text_workshop_exercises - 1},
    {"workshop/workshop", text_workshop_workshop, sizeof text_workshop_workshop - 1},
};

size_t rs4_library_file_count(void) { return sizeof text_table / sizeof text_table[0]; }
rs4_library_file rs4_library_file_at(size_t number) { return text_table[number]; }

static const char page_architecture[] = {
#embed "../../docs/architecture.md" suffix(,)
    0};
static const char page_changes[] = {
#embed "../../docs/changes.md" suffix(,)
    0};
static const char page_check[] = {
#embed "../../docs/check.md" suffix(,)
    0};
static const char page_data[] = {
#embed "../../docs/data.md" suffix(,)
    0};
static const char page_errors_README[] = {
#embed "../../docs/errors/README.md" suffix(,)
    0};
static const char page_errors_argument[] = {
#embed "../../docs/errors/argument.md" suffix(,)
    0};
static const char page_errors_assert[] = {
#embed "../../docs/errors/assert.md" suffix(,)
    0};
static const char page_errors_device[] = {
#embed "../../docs/errors/device.md" suffix(,)
    0};
static const char page_errors_duplicate[] = {
#embed "../../docs/errors/duplicate.md" suffix(,)
    0};
static const char page_errors_engine[] = {
#embed "../../docs/errors/engine.md" suffix(,)
    0};
static const char page_errors_field[] = {
#embed "../../docs/errors/field.md" suffix(,)
    0};
static const char page_errors_file[] = {
#embed "../../docs/errors/file.md" suffix(,)
    0};
static const char page_errors_finite[] = {
#embed "../../docs/errors/finite.md" suffix(,)
    0};
static const char page_errors_format[] = {
#embed "../../docs/errors/format.md" suffix(,)
    0};
static const char page_errors_gradient[] = {
#embed "../../docs/errors/gradient.md" suffix(,)
    0};
static const char page_errors_grid[] = {
#embed "../../docs/errors/grid.md" suffix(,)
    0};
static const char page_errors_index[] = {
#embed "../../docs/errors/index.md" suffix(,)
    0};
static const char page_errors_internal[] = {
#embed "../../docs/errors/internal.md" suffix(,)
    0};
static const char page_errors_interrupted[] = {
#embed "../../docs/errors/interrupted.md" suffix(,)
    0};
static const char page_errors_key[] = {
#embed "../../docs/errors/key.md" suffix(,)
    0};
static const char page_errors_match[] = {
#embed "../../docs/errors/match.md" suffix(,)
    0};
static const char page_errors_memory[] = {
#embed "../../docs/errors/memory.md" suffix(,)
    0};
static const char page_errors_module[] = {
#embed "../../docs/errors/module.md" suffix(,)
    0};
static const char page_errors_name[] = {
#embed "../../docs/errors/name.md" suffix(,)
    0};
static const char page_errors_overflow[] = {
#embed "../../docs/errors/overflow.md" suffix(,)
    0};
static const char page_errors_param[] = {
#embed "../../docs/errors/param.md" suffix(,)
    0};
static const char page_errors_plot[] = {
#embed "../../docs/errors/plot.md" suffix(,)
    0};
static const char page_errors_raised[] = {
#embed "../../docs/errors/raised.md" suffix(,)
    0};
static const char page_errors_recursion[] = {
#embed "../../docs/errors/recursion.md" suffix(,)
    0};
static const char page_errors_shape[] = {
#embed "../../docs/errors/shape.md" suffix(,)
    0};
static const char page_errors_size[] = {
#embed "../../docs/errors/size.md" suffix(,)
    0};
static const char page_errors_syntax[] = {
#embed "../../docs/errors/syntax.md" suffix(,)
    0};
static const char page_errors_timeout[] = {
#embed "../../docs/errors/timeout.md" suffix(,)
    0};
static const char page_errors_type[] = {
#embed "../../docs/errors/type.md" suffix(,)
    0};
static const char page_errors_unreachable[] = {
#embed "../../docs/errors/unreachable.md" suffix(,)
    0};
static const char page_errors_unused[] = {
#embed "../../docs/errors/unused.md" suffix(,)
    0};
static const char page_errors_value[] = {
#embed "../../docs/errors/value.md" suffix(,)
    0};
static const char page_evaluation[] = {
#embed "../../docs/evaluation.md" suffix(,)
    0};
static const char page_figures[] = {
#embed "../../docs/figures.md" suffix(,)
    0};
static const char page_first_light[] = {
#embed "../../docs/first_light.md" suffix(,)
    0};
static const char page_install[] = {
#embed "../../docs/install.md" suffix(,)
    0};
static const char page_jupyter[] = {
#embed "../../docs/jupyter.md" suffix(,)
    0};
static const char page_language_README[] = {
#embed "../../docs/language/README.md" suffix(,)
    0};
static const char page_language_cells[] = {
#embed "../../docs/language/cells.md" suffix(,)
    0};
static const char page_language_closures[] = {
#embed "../../docs/language/closures.md" suffix(,)
    0};
static const char page_language_coming_from[] = {
#embed "../../docs/language/coming_from.md" suffix(,)
    0};
static const char page_language_contracts[] = {
#embed "../../docs/language/contracts.md" suffix(,)
    0};
static const char page_language_control[] = {
#embed "../../docs/language/control.md" suffix(,)
    0};
static const char page_language_errors[] = {
#embed "../../docs/language/errors.md" suffix(,)
    0};
static const char page_language_functions[] = {
#embed "../../docs/language/functions.md" suffix(,)
    0};
static const char page_language_grammar[] = {
#embed "../../docs/language/grammar.md" suffix(,)
    0};
static const char page_language_library[] = {
#embed "../../docs/language/library.md" suffix(,)
    0};
static const char page_language_lists[] = {
#embed "../../docs/language/lists.md" suffix(,)
    0};
static const char page_language_maps[] = {
#embed "../../docs/language/maps.md" suffix(,)
    0};
static const char page_language_models[] = {
#embed "../../docs/language/models.md" suffix(,)
    0};
static const char page_language_modules[] = {
#embed "../../docs/language/modules.md" suffix(,)
    0};
static const char page_language_numbers[] = {
#embed "../../docs/language/numbers.md" suffix(,)
    0};
static const char page_language_operators[] = {
#embed "../../docs/language/operators.md" suffix(,)
    0};
static const char page_language_patterns[] = {
#embed "../../docs/language/patterns.md" suffix(,)
    0};
static const char page_language_refusals[] = {
#embed "../../docs/language/refusals.md" suffix(,)
    0};
static const char page_language_tensors[] = {
#embed "../../docs/language/tensors.md" suffix(,)
    0};
static const char page_language_text[] = {
#embed "../../docs/language/text.md" suffix(,)
    0};
static const char page_language_values[] = {
#embed "../../docs/language/values.md" suffix(,)
    0};
static const char page_language_volumes[] = {
#embed "../../docs/language/volumes.md" suffix(,)
    0};
static const char page_methods[] = {
#embed "../../docs/methods.md" suffix(,)
    0};
static const char page_notebook[] = {
#embed "../../docs/notebook.md" suffix(,)
    0};
static const char page_prompt[] = {
#embed "../../docs/prompt.md" suffix(,)
    0};
static const char page_registration[] = {
#embed "../../docs/registration.md" suffix(,)
    0};
static const char page_report[] = {
#embed "../../docs/report.md" suffix(,)
    0};
static const char page_results[] = {
#embed "../../docs/results.md" suffix(,)
    0};
static const char page_runs[] = {
#embed "../../docs/runs.md" suffix(,)
    0};
static const char page_speed[] = {
#embed "../../docs/speed.md" suffix(,)
    0};
static const char page_transforms[] = {
#embed "../../docs/transforms.md" suffix(,)
    0};
static const char page_workshop_en_solutions[] = {
#embed "../../docs/workshop/en/solutions.md" suffix(,)
    0};
static const char page_workshop_en_teacher[] = {
#embed "../../docs/workshop/en/teacher.md" suffix(,)
    0};
static const char page_workshop_ja_solutions[] = {
#embed "../../docs/workshop/ja/solutions.md" suffix(,)
    0};
static const char page_workshop_ja_teacher[] = {
#embed "../../docs/workshop/ja/teacher.md" suffix(,)
    0};

static const rs4_library_file page_table[] = {
    {"architecture", page_architecture, sizeof page_architecture - 1},
    {"changes", page_changes, sizeof page_changes - 1},
    {"check", page_check, sizeof page_check - 1},
    {"data", page_data, sizeof page_data - 1},
    {"errors/README", page_errors_README, sizeof page_errors_README - 1},
    {"errors/argument", page_errors_argument, sizeof page_errors_argument - 1},
    {"errors/assert", page_errors_assert, sizeof page_errors_assert - 1},
    {"errors/device", page_errors_device, sizeof page_errors_device - 1},
    {"errors/duplicate", page_errors_duplicate, sizeof page_errors_duplicate - 1},
    {"errors/engine", page_errors_engine, sizeof page_errors_engine - 1},
    {"errors/field", page_errors_field, sizeof page_errors_field - 1},
    {"errors/file", page_errors_file, sizeof page_errors_file - 1},
    {"errors/finite", page_errors_finite, sizeof page_errors_finite - 1},
    {"errors/format", page_errors_format, sizeof page_errors_format - 1},
    {"errors/gradient", page_errors_gradient, sizeof page_errors_gradient - 1},
    {"errors/grid", page_errors_grid, sizeof page_errors_grid - 1},
    {"errors/index", page_errors_index, sizeof page_errors_index - 1},
    {"errors/internal", page_errors_internal, sizeof page_errors_internal - 1},
    {"errors/interrupted", page_errors_interrupted, sizeof page_errors_interrupted - 1},
    {"errors/key", page_errors_key, sizeof page_errors_key - 1},
    {"errors/match", page_errors_match, sizeof page_errors_match - 1},
    {"errors/memory", page_errors_memory, sizeof page_errors_memory - 1},
    {"errors/module", page_errors_module, sizeof page_errors_module - 1},
    {"errors/name", page_errors_name, sizeof page_errors_name - 1},
    {"errors/overflow", page_errors_overflow, sizeof page_errors_overflow - 1},
    {"errors/param", page_errors_param, sizeof page_errors_param - 1},
    {"errors/plot", page_errors_plot, sizeof page_errors_plot - 1},
    {"errors/raised", page_errors_raised, sizeof page_errors_raised - 1},
    {"errors/recursion", page_errors_recursion, sizeof page_errors_recursion - 1},
    {"errors/shape", page_errors_shape, sizeof page_errors_shape - 1},
    {"errors/size", page_errors_size, sizeof page_errors_size - 1},
    {"errors/syntax", page_errors_syntax, sizeof page_errors_syntax - 1},
    {"errors/timeout", page_errors_timeout, sizeof page_errors_timeout - 1},
    {"errors/type", page_errors_type, sizeof page_errors_type - 1},
    {"errors/unreachable", page_errors_unreachable, sizeof page_errors_unreachable - 1},
    {"errors/unused", page_errors_unused, sizeof page_errors_unused - 1},
    {"errors/value", page_errors_value, sizeof page_errors_value - 1},
    {"evaluation", page_evaluation, sizeof page_evaluation - 1},
    {"figures", page_figures, sizeof page_figures - 1},
    {"first_light", page_first_light, sizeof page_first_light - 1},
    {"install", page_install, sizeof page_install - 1},
    {"jupyter", page_jupyter, sizeof page_jupyter - 1},
    {"language/README", page_language_README, sizeof page_language_README - 1},
    {"language/cells", page_language_cells, sizeof page_language_cells - 1},
    {"language/closures", page_language_closures, sizeof page_language_closures - 1},
    {"language/coming_from", page_language_coming_from, sizeof page_language_coming_from - 1},
    {"language/contracts", page_language_contracts, sizeof page_language_contracts - 1},
    {"language/control", page_language_control, sizeof page_language_control - 1},
    {"language/errors", page_language_errors, sizeof page_language_errors - 1},
    {"language/functions", page_language_functions, sizeof page_language_functions - 1},
    {"language/grammar", page_language_grammar, sizeof page_language_grammar - 1},
    {"language/library", page_language_library, sizeof page_language_library - 1},
    {"language/lists", page_language_lists, sizeof page_language_lists - 1},
    {"language/maps", page_language_maps, sizeof page_language_maps - 1},
    {"language/models", page_language_models, sizeof page_language_models - 1},
    {"language/modules", page_language_modules, sizeof page_language_modules - 1},
    {"language/numbers", page_language_numbers, sizeof page_language_numbers - 1},
    {"language/operators", page_language_operators, sizeof page_language_operators - 1},
    {"language/patterns", page_language_patterns, sizeof page_language_patterns - 1},
    {"language/refusals", page_language_refusals, sizeof page_language_refusals - 1},
    {"language/tensors", page_language_tensors, sizeof page_language_tensors - 1},
    {"language/text", page_language_text, sizeof page_language_text - 1},
    {"language/values", page_language_values, sizeof page_language_values - 1},
    {"language/volumes", page_language_volumes, sizeof page_language_volumes - 1},
    {"methods", page_methods, sizeof page_methods - 1},
    {"notebook", page_notebook, sizeof page_notebook - 1},
    {"prompt", page_prompt, sizeof page_prompt - 1},
    {"registration", page_registration, sizeof page_registration - 1},
    {"report", page_report, sizeof page_report - 1},
    {"results", page_results, sizeof page_results - 1},
    {"runs", page_runs, sizeof page_runs - 1},
    {"speed", page_speed, sizeof page_speed - 1},
    {"transforms", page_transforms, sizeof page_transforms - 1},
    {"workshop/en/solutions", page_workshop_en_solutions, sizeof page_workshop_en_solutions - 1},
    {"workshop/en/teacher", page_workshop_en_teacher, sizeof page_workshop_en_teacher - 1},
    {"workshop/ja/solutions", page_workshop_ja_solutions, sizeof page_workshop_ja_solutions - 1},
    {"workshop/ja/teacher", page_workshop_ja_teacher, sizeof page_workshop_ja_teacher - 1},
};

size_t rs4_page_count(void) { return sizeof page_table / sizeof page_table[0]; }
rs4_library_file rs4_page_at(size_t number) { return page_table[number]; }
