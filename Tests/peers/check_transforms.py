"""ITK's transforms applied to images as SimpleITK applies them, and RS4's applied by SimpleITK."""
import h5py
import nibabel
import numpy as np
import SimpleITK as sitk

from check_headers import affine_of
from kit import check, each, same

CARRY = """
let [moving, fixed] = [read_volume("moving.nii.gz"), read_volume("fixed.nii.gz")]
for name in list_files(".", "theirs_*") {
  let transform = read_transform(name, moving: moving, onto: fixed)
  write_volume(warp(moving, transform), replace(name, "theirs", "ours") + ".nii.gz")
}
"""


def scene(shape, affine):
    """An image that is smooth, and so is read alike between voxels by every linear interpolation."""
    places = (affine[:3, :3] @ np.indices(shape).reshape(3, -1)).T + affine[:3, 3]
    middle = affine[:3, :3] @ ((np.array(shape) - 1) / 2) + affine[:3, 3]
    x, y, z = (places - middle).T
    return (100 + 60 * np.sin(x / 7) * np.cos(y / 9 + 1) + 30 * np.cos(z / 11 + x / 15)).reshape(shape).astype("f4")


def write(name, shape, affine):
    made = nibabel.Nifti1Image(scene(shape, affine), affine)
    made.set_qform(affine, 1)
    made.set_sform(affine, 1)
    nibabel.save(made, name)


def pair(codes):
    """Two images on grids of their own, turned against each other."""
    write("fixed.nii.gz", (30, 26, 20), affine_of(codes, (1.5, 1.25, 2.0), (30, 26, 20), (0.1, -0.15, 0.2), (4, -6, 10)))
    write("moving.nii.gz", (28, 30, 22), affine_of("RAS", (1.5, 1.5, 1.75), (28, 30, 22), (-0.1, 0.05, -0.1), (2, -3, 12)))
    return sitk.ReadImage("fixed.nii.gz"), sitk.ReadImage("moving.nii.gz")


def transforms(fixed):
    """One of every kind that SimpleITK writes into .tfm; those that MATLAB's form knows too."""
    centre = fixed.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in fixed.GetSize()])
    made = {"translation.tfm": sitk.TranslationTransform(3, (2.5, -1.0, 3.0))}
    for ending in ["tfm", "mat"]:
        made[f"affine.{ending}"] = sitk.AffineTransform([1.05, 0.1, -0.04, -0.08, 0.97, 0.06, 0.03, -0.05, 1.02], [1.5, -2, 0.7], centre)
        made[f"euler.{ending}"] = sitk.Euler3DTransform(centre, 0.1, -0.15, 0.2, (1, 2, -1))
    for name, one in {"versor": sitk.VersorRigid3DTransform(), "similarity": sitk.Similarity3DTransform()}.items():
        one.SetCenter(centre)
        one.SetRotation((0.3, -0.2, 0.9), 0.25)
        one.SetTranslation((1, -1, 2))
        made[f"{name}.tfm"] = one
    made["similarity.tfm"].SetScale(1.06)
    made["composite.tfm"] = sitk.CompositeTransform([made["affine.tfm"], made["euler.tfm"], made["translation.tfm"]])
    return made


def carried(transform, fixed, moving):
    return sitk.GetArrayFromImage(sitk.Resample(moving, fixed, transform, sitk.sitkLinear, 0.0)).T


def inner(ours, theirs, name):
    """Agreement where both look into the image: at its border one takes half of it, the other none."""
    assert ours.shape == theirs.shape, f"{name} has shape {ours.shape}, not {theirs.shape}"
    inside = theirs > 0
    for axis in range(3):
        inside &= np.roll(inside, 1, axis) & np.roll(inside, -1, axis)
    assert inside.mean() > 0.2, f"{name}: only {inside.mean():.2f} of the voxels are inside"
    same(ours[inside], theirs[inside], 0.05, name)


@each(codes=["RAS", "LPS", "ASL"])
def transforms_of_SimpleITK_carry_as_it_carries(kit, codes):
    fixed, moving = pair(codes)
    made = transforms(fixed)
    for name, one in made.items():
        sitk.WriteTransform(one, f"theirs_{name}")
    kit.run(CARRY)
    for name, one in made.items():
        ours = nibabel.load(f"ours_{name}.nii.gz")
        # Turned to the order of the fixed image's file, whatever the order written.
        back = nibabel.orientations.ornt_transform(nibabel.io_orientation(ours.affine), nibabel.io_orientation(nibabel.load("fixed.nii.gz").affine))
        inner(np.asanyarray(ours.as_reoriented(back).dataobj), carried(one, fixed, moving), name)


@each(codes=["RAS", "LPS", "ASL"])
def fields_of_SimpleITK_carry_as_it_carries(kit, codes):
    fixed, moving = pair(codes)
    rng = np.random.default_rng(21)
    smooth = sitk.SmoothingRecursiveGaussian(sitk.GetImageFromArray(rng.normal(0, 40, (20, 26, 30, 3)), isVector=True), 4.0)
    smooth.CopyInformation(fixed)
    sitk.WriteImage(smooth, "theirs_field.nii.gz")
    kit.run(CARRY)
    ours = nibabel.load("ours_field.nii.gz.nii.gz")
    back = nibabel.orientations.ornt_transform(nibabel.io_orientation(ours.affine), nibabel.io_orientation(nibabel.load("fixed.nii.gz").affine))
    field = sitk.DisplacementFieldTransform(sitk.Cast(smooth, sitk.sitkVectorFloat64))
    inner(np.asanyarray(ours.as_reoriented(back).dataobj), carried(field, fixed, moving), "the field")


@each(codes=["RAS", "LPS", "ASL"])
def what_RS4_writes_SimpleITK_carries_alike(kit, codes):
    fixed, moving = pair(codes)
    sitk.WriteTransform(transforms(fixed)["composite.tfm"], "theirs_composite.tfm")
    kit.run(CARRY + """
let transform = read_transform("theirs_composite.tfm", moving: moving, onto: fixed)
write_transform(transform, "affine.tfm")
write_transform(transform, "affine.mat")
write_transform(transform, "field.nii.gz")
""")
    theirs = carried(transforms(fixed)["composite.tfm"], fixed, moving)
    for name in ["affine.tfm", "affine.mat"]:
        inner(carried(sitk.ReadTransform(name), fixed, moving), theirs, name)
    field = sitk.DisplacementFieldTransform(sitk.ReadImage("field.nii.gz", sitk.sitkVectorFloat64))
    inner(carried(field, fixed, moving), theirs, "field.nii.gz")


@check
def points_go_where_SimpleITK_sends_them(kit):
    fixed, _ = pair("LPS")
    made = transforms(fixed)
    for name, one in made.items():
        sitk.WriteTransform(one, f"theirs_{name}")
    points = np.random.default_rng(22).uniform(-20, 20, (12, 3))
    np.savez("points.npz", points=points)
    kit.run("""
let [moving, fixed] = [read_volume("moving.nii.gz"), read_volume("fixed.nii.gz")]
let points = read_arrays("points.npz").points
let found = {}
for name in list_files(".", "theirs_*") {
  let there = read_transform(name, moving: moving, onto: fixed)
  found[replace(replace(name, "./", ""), ".", "_")] = transform_points(points, there)
  found[replace(replace(name, "./", ""), ".", "_") + "_back"] = transform_points(transform_points(points, there), inverse(there))
}
write_arrays(found, "out.npz")
""")
    found = np.load("out.npz")
    flip = np.array([-1, -1, 1])  # ITK's millimetres run to the left and to the back
    for name, one in made.items():
        theirs = np.array([one.TransformPoint((point * flip).tolist()) for point in points]) * flip
        key = f"theirs_{name}".replace(".", "_")
        same(found[key], theirs, 1e-4, f"points by {name}")
        same(found[key + "_back"], points, 1e-4, f"points by {name}, there and back")


@each(lost=["TransformType", "TransformParameters", "TransformFixedParameters"])
def composites_that_lost_something(kit, lost):
    """ITK refuses them; half of a composite, or a map without its centre, is another map."""
    turn = sitk.Euler3DTransform()
    turn.SetCenter((30, 20, 10))
    turn.SetRotation(0.1, 0.2, 0.3)
    sitk.WriteTransform(sitk.CompositeTransform([sitk.TranslationTransform(3, (1, 2, 3)), turn]), "whole.h5")
    with h5py.File("whole.h5", "a") as file:
        del file[f"TransformGroup/2/{lost}"]
    (found,) = kit.refusals('read_transform("whole.h5", moving: volume(zeros(4, 4, 4)), onto: volume(zeros(4, 4, 4)))')
    assert found and found["code"] == "file" and lost in found["message"], found
