"""Volumes on other grids as SimpleITK brings them there, and what NumPy makes of intensities."""
import nibabel
import numpy as np
import SimpleITK as sitk

from check_headers import affine_of
from check_transforms import scene
from kit import check, each, same

VALUES = np.array([0, 10, 49, 2035])
RESAMPLE = """
let target = read_volume("target.nii.gz")
write_volume(resample(read_volume("image.nii.gz"), like: target), "ours.nii.gz")
write_volume(resample(read_labels("labels.nii.gz"), like: target), "ours_labels.nii.gz")
"""


def write(name, array, affine):
    made = nibabel.Nifti1Image(array, affine)
    made.set_qform(affine, 1)
    made.set_sform(affine, 1)
    nibabel.save(made, name)


def as_file(path, like):
    """The array of a file, its axes in the order of another file's."""
    ours, theirs = nibabel.load(path), nibabel.load(like)
    turn = nibabel.orientations.ornt_transform(nibabel.io_orientation(ours.affine), nibabel.io_orientation(theirs.affine))
    return np.asanyarray(ours.as_reoriented(turn).dataobj)


@each(target=[
    ("the same axes", "LPS", (2.0, 1.0, 3.0), (0, 0, 0)), ("other axes", "ASL", (1.25, 1.75, 2.25), (0, 0, 0)),
    ("oblique", "RAS", (1.5, 1.5, 1.5), (0.3, -0.2, 0.4)), ("coarse", "PIR", (5.0, 4.0, 6.0), (0.1, 0, 0)), ("fine", "RAS", (0.5, 0.75, 1.0), (0, 0.1, 0)),
])
def other_grids_as_SimpleITK_fills_them(kit, target):
    _, codes, spacing, turn = target
    shape = (30, 26, 20)
    affine = affine_of("LPS", (1.5, 1.25, 2.0), shape, (0.05, 0, -0.1), (3, 1, -4))
    rng = np.random.default_rng(41)
    write("image.nii.gz", scene(shape, affine), affine)
    coarse = VALUES[rng.integers(0, 4, (8, 7, 5))].astype("i2")
    write("labels.nii.gz", np.kron(coarse, np.ones((4, 4, 4), "i2"))[:shape[0], :shape[1], :shape[2]], affine)
    size = [int(38 / s) for s in spacing]
    write("target.nii.gz", np.zeros(size, "u1"), affine_of(codes, spacing, size, turn))
    kit.run(RESAMPLE)
    grid = sitk.ReadImage("target.nii.gz")
    image = sitk.GetArrayFromImage(sitk.Resample(sitk.ReadImage("image.nii.gz"), grid, sitk.Transform(), sitk.sitkLinear)).T
    # Beyond the outer voxels' centres ITK repeats them and RS4 fades them out.
    to_image = np.linalg.inv(affine) @ nibabel.load("target.nii.gz").affine
    places = np.einsum("ab,bxyz->axyz", to_image[:3, :3], np.indices(size)) + to_image[:3, 3].reshape(3, 1, 1, 1)
    inside = np.all([(p > 0.01) & (p < n - 1.01) for p, n in zip(places, shape)], axis=0)
    assert inside.sum() > 50, f"only {inside.sum()} voxels are inside"
    same(as_file("ours.nii.gz", "target.nii.gz")[inside], image[inside], 0.02, "the image")
    labels = as_file("ours_labels.nii.gz", "target.nii.gz")
    assert set(np.unique(labels)) <= set(VALUES), f"numbers that are no labels: {np.unique(labels)}"
    theirs = sitk.GetArrayFromImage(sitk.Resample(sitk.ReadImage("labels.nii.gz"), grid, sitk.Transform(), sitk.sitkNearestNeighbor)).T
    # Halfway between two voxels each may take another one.
    assert (labels[inside] == theirs[inside]).mean() > 0.97, f"labels agree at {(labels[inside] == theirs[inside]).mean():.3f} of the voxels"


@check
def determinants_as_SimpleITK_has_them(kit):
    shape = (26, 24, 20)
    affine = affine_of("LPS", (1.5, 1.25, 2.0), shape)
    write("image.nii.gz", scene(shape, affine), affine)
    image = sitk.ReadImage("image.nii.gz")
    rng = np.random.default_rng(42)
    field = sitk.SmoothingRecursiveGaussian(sitk.GetImageFromArray(rng.normal(0, 60, (20, 24, 26, 3)), isVector=True), 4.0)
    field.CopyInformation(image)
    sitk.WriteImage(field, "field.nii.gz")
    kit.run("""
let image = read_volume("image.nii.gz")
write_volume(jacobian(read_transform("field.nii.gz", moving: image)), "ours.nii.gz")
""")
    theirs = sitk.GetArrayFromImage(sitk.DisplacementFieldJacobianDeterminant(field)).T
    inner = (slice(2, -2),) * 3
    assert theirs[inner].std() > 0.05
    same(as_file("ours.nii.gz", "image.nii.gz")[inner], theirs[inner], 2e-3, "the determinants")


@each(levels=[("0.5 and 99.5", 0.5, 99.5), ("1 and 99", 1, 99), ("0 and 100", 0, 100), ("10 and 60", 10, 60)])
def percentiles_as_NumPy_has_them(kit, levels):
    _, low, high = levels
    array = np.random.default_rng(43).gamma(2, 50, (9, 8, 7)).astype("f4")
    nibabel.save(nibabel.Nifti1Image(array, np.eye(4)), "image.nii.gz")
    kit.run(f"""
write_arrays({{seen: normalize_intensity(read_volume("image.nii.gz"), {low:.1f}, {high:.1f}).data}}, "out.npz")
""")
    a, b = np.percentile(array, [low, high])
    same(np.load("out.npz")["seen"], np.clip((array - a) / (b - a), 0, 1), 1e-5, "the intensities")
