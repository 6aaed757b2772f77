"""Distances in grids whose axes are not at right angles, by the affine, against every pair of surface voxels."""
import nibabel
import numpy as np
from scipy.ndimage import binary_erosion, generate_binary_structure

from check_metrics import SCORES, random_labels, write
from kit import each, same


def surface(mask, affine):
    inner = binary_erosion(mask, generate_binary_structure(3, 1), border_value=0)
    return np.argwhere(mask & ~inner) @ affine[:3, :3].T


def nearest(a, b):
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1)).min(1)


@each(shear=[
    ("none", 0, 0, 0), ("a little", 0.2, 0, 0), ("a tilted gantry", 0, 0, 0.6), ("of every axis", 0.3, -0.4, 0.5), ("half a voxel and more", 0.9, 0.2, -0.7),
])
def distances_in_sheared_grids(kit, shear):
    _, xy, xz, yz = shear
    affine = np.array([[1.5, xy, 3 * xz, 4], [0, 1.25, 3 * yz, -7], [0, 0, 3.0, 2], [0, 0, 0, 1]])
    rng = np.random.default_rng(31)
    truth = random_labels(rng, (18, 16, 9), 3)
    found = np.where(rng.random(truth.shape) < 0.05, random_labels(rng, truth.shape, 3), np.roll(truth, 1, axis=0))
    for name, labels in [("found", found), ("truth", truth)]:
        made = nibabel.Nifti1Image(labels, affine)
        made.set_sform(affine, 1)
        nibabel.save(made, f"{name}.nii.gz")
    affine = nibabel.load("truth.nii.gz").affine
    scores, _ = kit.run(SCORES)
    for label, _, _, hd95, asd, assd in scores:
        a, b = surface(found == label, affine), surface(truth == label, affine)
        there, back = nearest(a, b), nearest(b, a)
        theirs = [np.percentile(np.hstack([there, back]), 95), there.mean(), np.hstack([there, back]).mean()]
        same([hd95, asd, assd], theirs, 1e-4, f"HD95, ASD, ASSD of class {label}")
