"""What RS4 brings onto an image lies voxel by voxel on that image's file, for whoever takes arrays as they come."""
import nibabel
import numpy as np

from check_headers import affine_of
from kit import each, same

SHAPE = (20, 18, 12)
SPACING = (1.5, 2.0, 2.5)
TURNS = {"": (), " oblique": (0.25, -0.4, 0.5), " near 45 degrees": (0.7, 0.1, 0.75)}
ORDERS = [(order + name, order, turn) for order in ["RAS", "LPS", "LAS", "ASL", "PIR"] for name, turn in TURNS.items()]


def scene(codes, turn, shape=SHAPE, at=(0, 0, 0)):
    """An image of two blobs and its labels, as a file with axes along `codes` shows them."""
    spacing = [SPACING[int(axis)] for axis, _ in nibabel.orientations.axcodes2ornt(codes)]
    shape = [shape[int(axis)] for axis, _ in nibabel.orientations.axcodes2ornt(codes)]
    affine = affine_of(codes, spacing, shape, turn or (0, 0, 0), at)
    # Where the voxels lie beside the axes along which the scene is built.
    axes = affine_of("RAS", (1, 1, 1), (1, 1, 1), turn or (0, 0, 0))[:3, :3]
    world = nibabel.affines.apply_affine(affine, np.moveaxis(np.indices(shape), 0, -1)) - np.asarray(at)
    place = world @ axes
    first = (place / [9, 8, 7]) ** 2
    second = ((place - [7, 5, -3]) / 5) ** 2
    image = 100 * np.exp(-first.sum(-1)) + 60 * (second.sum(-1) < 1)
    labels = np.where(second.sum(-1) < 1, 60, np.where(first.sum(-1) < 1, 7, 0))
    return image.astype("f4"), labels, affine


def save(name, array, affine, kind=nibabel.Nifti1Image):
    nibabel.save(kind(array, affine, dtype=array.dtype), name)


def lies_on(name, target):
    """The array of a file that has the target's shape, axes and place."""
    found, wanted = nibabel.load(name), nibabel.load(target)
    assert found.shape[:3] == wanted.shape[:3], f"{name} has shape {found.shape}, not {wanted.shape}"
    same(found.affine, wanted.affine, 1e-3, f"the affine of {name}")
    return np.asanyarray(found.dataobj)


CARRY = """
use pseudo_labels
use cases
let atlas = read_volume("atlas.nii.gz")
let labels = read_labels("atlas_label.nii.gz")
let target = read_volume("target.nii.gz")
let there = register(atlas, onto: target, kind: "rigid")
let back = register(target, onto: atlas, kind: "rigid")
let classes = class_labels(labels, [0, 7, 60], names: ["background", "body", "spot"])
let carried = warp_labels(classes, there)
write_transform(there, "there.npz")
let again = read_transform("there.npz", moving: atlas)
let one = carry_by(there, back, Case("a", atlas, classes), Case("b", target), 3)
let all = register_all([atlas], [target], cache: "kept", kind: "rigid", progress: false)
let labelled = {
  carried: carried, plain: warp_labels(labels, there), turned_back: warp_labels(classes, inverse(inverse(there))),
  composed: warp_labels(classes, compose(compose(there, back), there)), read: warp_labels(classes, again),
  kept: warp_labels(classes, all[0, 0]), merged: merge_labels([one]).labels, like: volume(carried.data, like: target),
  network: labels_like(axial(carried), target, Experiment([], [], [], 3, class_values: [0, 7, 60])),
  masked: labels_of(volume(where(target.data > 1, carried.data, 0), like: target)),
}
for [name, found] in items(labelled) { write_volume(found, "label_{name}.nii.gz") }
let images = {
  warped: warp(atlas, there), nearest: warp(atlas, there, mode: "nearest"), resampled: resample(atlas, like: target),
  scaled: normalize_intensity(target), doubled: target * 2, mask: target > 20, stretch: jacobian(there),
  confidence: merge_labels([one]).confidence, whole: pad_volume(target, [2, 0, 1])[2:-2, :, 1:-1],
}
for [name, found] in items(images) { write_volume(found, "image_{name}.nii.gz") }
print(to_json(keys(labelled)))
print(to_json(keys(images)))
"""


@each(order=ORDERS)
def what_is_carried_lies_on_its_target(kit, order):
    _, codes, turn = order
    image, labels, affine = scene(codes, turn)
    save("target.nii.gz", image, affine)
    save("target_label.nii.gz", labels.astype("i2"), affine)
    image_there, labels_there, affine_there = scene("SLA" if codes == "ASL" else "ASL", turn, at=(2.4, -1.7, 1.1))
    save("atlas.nii.gz", image_there, affine_there)
    save("atlas_label.nii.gz", labels_there.astype("i1"), affine_there)
    labelled, images = kit.run(CARRY)
    for name in labelled:
        found = lies_on(f"label_{name}.nii.gz", "target.nii.gz")
        # `like` an image are class numbers without values; all others are the file's own.
        values = [1, 2] if name in ["like", "masked"] else [7, 60]
        assert set(np.unique(found)) == {0, *values}, f"{name} holds {np.unique(found)}"
        for value, truth in zip(values, [7, 60]):
            a, b = found == value, labels == truth
            dice = 2 * (a & b).sum() / (a.sum() + b.sum())
            assert dice > 0.85, f"class {truth} of {name} has Dice {dice:.3f}"
    for name in images:
        found = lies_on(f"image_{name}.nii.gz", "target.nii.gz").astype("f8")
        if name in ["warped", "nearest"]:
            assert np.corrcoef(found.ravel(), image.ravel())[0, 1] > 0.9, name
    same(lies_on("image_doubled.nii.gz", "target.nii.gz"), 2 * image, 1e-3, "doubled")
    same(lies_on("image_mask.nii.gz", "target.nii.gz") > 0, image > 20, 0, "mask")
    same(lies_on("image_whole.nii.gz", "target.nii.gz"), image, 0, "whole")


@each(order=ORDERS)
def labels_of_every_kind_are_resampled_onto_a_file(kit, order):
    """Labels of 8 bits in NIfTI-2, onto one slice and onto four times, keep their numbers and the file's order."""
    _, codes, turn = order
    image, labels, affine = scene(codes, turn)
    save("times.nii.gz", np.stack([image] * 4, -1), affine)
    through = [int(axis) for axis, _ in nibabel.orientations.axcodes2ornt(codes)].index(2)
    one = np.take(image, [5], through)
    start = affine.copy()
    start[:3, 3] += 5 * affine[:3, through]
    save("slice.nii", one, start)
    _, stored, affine_there = scene("PSL" if codes == "PIR" else "PIR", turn)
    save("labels.nii", stored.astype("i1"), affine_there, nibabel.Nifti2Image)
    kit.run("""
let labels = read_labels("labels.nii")
for target in ["times.nii.gz", "slice.nii"] { labels |> resample(like: read_volume(target)) |> write_volume("on_" + target) }
""")
    same(lies_on("on_times.nii.gz", "times.nii.gz"), labels, 0, "four times")
    same(lies_on("on_slice.nii", "slice.nii"), np.take(labels, [5], through), 0, "one slice")
