"""What RS4 writes lies voxel by voxel on the file it was brought onto, as loaders see it that take arrays as they come."""
import nibabel
import numpy as np

from check_headers import affine_of
from kit import each, same

SPOT = np.array([9, 7, -2])


def write(name, affine, shape, at=(0, 0, 0)):
    """An organ with a spot in it that tells every axis and direction from the others, and labels of the spot."""
    rng = np.random.default_rng(39)
    world = (affine[:3, :3] @ np.indices(shape).reshape(3, -1)).T + affine[:3, 3] - at
    organ = (world[:, 0] / 16) ** 2 + (world[:, 1] / 12) ** 2 + (world[:, 2] / 14) ** 2
    spot = ((world - SPOT) ** 2).sum(1) < 36
    for ending, array in [("", (100 * np.exp(-organ) + 60 * spot + rng.normal(0, 1, organ.shape)).astype("f4")), ("_label", spot.astype("u1"))]:
        nibabel.save(nibabel.Nifti1Image(array.reshape(shape), affine), f"{name}{ending}.nii.gz")


CARRY = """
let [atlas, labels, target] = [read_volume("atlas.nii.gz"), read_labels("atlas_label.nii.gz"), read_volume("target.nii.gz")]
let there = register(atlas, onto: target, kind: "rigid")
warp_labels(labels, there) |> write_volume("out_carried_labels.nii.gz")
warp(atlas, there) |> write_volume("out_carried.nii.gz")
warp(atlas, there, mode: "nearest") |> write_volume("out_nearest.nii.gz")
resample(labels, like: target) |> write_volume("out_resampled_labels.nii.gz")
resample(atlas, like: target) |> write_volume("out_resampled.nii.gz")
(resample(atlas, like: target) * 2) |> write_volume("out_doubled.nii.gz")
normalize_intensity(warp(atlas, there)) |> write_volume("out_normalized.nii.gz")
(warp(atlas, there) > 100) |> write_volume("out_compared.nii.gz")
volume(warp(atlas, there).data + 1, like: target) |> write_volume("out_array.nii.gz")
volume(zeros(target.shape, dtype: "int64"), like: target) |> write_volume("out_made.nii.gz")
jacobian(there) |> write_volume("out_jacobian.nii.gz")
"""


@each(order=[
    ("RAS", (0, 0, 0)), ("LPS", (0, 0, 0)), ("LAS", (0, 0, 0)), ("ASL", (0, 0, 0)), ("PIR", (0, 0, 0)),
    ("LPS, oblique", (0.2, -0.3, 0.25)), ("SAR, oblique", (-0.25, 0.2, 0.3)),
])
def carried_volumes_lie_on_their_target(kit, order):
    name, turn = order
    shape = (42, 40, 24)
    affine = affine_of(name[:3], (1.5, 1.5, 2.5), shape, turn)
    write("target", affine, shape)
    write("atlas", affine_of("ASL", (1.4, 2.0, 1.8), (40, 34, 36)), (40, 34, 36), (4, -3, 2))
    kit.run(CARRY)
    target = nibabel.load("target.nii.gz")
    written = ["carried_labels", "carried", "nearest", "resampled_labels", "resampled", "doubled", "normalized", "compared", "array", "made", "jacobian"]
    for part in written:
        ours = nibabel.load(f"out_{part}.nii.gz")
        assert ours.shape == target.shape, f"{part} has shape {ours.shape}"
        same(ours.affine, target.affine, 1e-4, f"the affine of {part}")
    truth = np.asanyarray(nibabel.load("target_label.nii.gz").dataobj) > 0
    found = np.asanyarray(nibabel.load("out_carried_labels.nii.gz").dataobj) > 0
    dice = 2 * (truth & found).sum() / (truth.sum() + found.sum())
    assert dice > 0.8, f"Dice voxel by voxel is {dice:.3f}"
    image = np.asanyarray(target.dataobj)
    carried = np.asanyarray(nibabel.load("out_carried.nii.gz").dataobj)
    likeness = np.corrcoef(image.ravel(), carried.ravel())[0, 1]
    assert likeness > 0.95, f"the images' correlation voxel by voxel is {likeness:.3f}"
