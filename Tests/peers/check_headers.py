"""NIfTI headers as nibabel reads them, and what RS4 writes as nibabel and ITK read it."""
import itertools

import nibabel
import numpy as np
import SimpleITK as sitk

from kit import check, each, same

# Every image of the folder: as stored, and turned to RAS.
READ = """
for name in list_files(".", "in_*") {
  let stored = read_volume(name, orientation: nil, dtype: nil)
  let turned = read_volume(name)
  write_arrays(replace(name, "in_", "read_") + ".npz", {
    stored: stored.data, turned: turned.data, stored_affine: stored.affine, turned_affine: turned.affine,
  })
}
"""
# What is read is written again: in the file's own order, and in another.
WRITE = """
for name in list_files(".", "in_*") {
  let image = read_volume(name, dtype: nil)
  write_volume(image, replace(name, "in_", "out_"))
  write_volume(image, replace(name, "in_", "turned_"), orientation: "PSL")
}
"""


def affine_of(codes, spacing, shape, turn=(0, 0, 0), at=(0, 0, 0)):
    """An affine whose axes run along `codes`, turned by angles about x, y and z, with the image's middle `at`."""
    axes = np.zeros((3, 3))
    for column, (axis, sign) in enumerate(nibabel.orientations.axcodes2ornt(codes)):
        axes[int(axis), column] = sign
    for axis, angle in enumerate(turn):
        c, s = np.cos(angle), np.sin(angle)
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        rotation = np.eye(3)
        rotation[i, i], rotation[i, j], rotation[j, i], rotation[j, j] = c, -s, s, c
        axes = rotation @ axes
    affine = np.eye(4)
    affine[:3, :3] = axes * np.asarray(spacing)
    affine[:3, 3] = np.asarray(at) - affine[:3, :3] @ ((np.asarray(shape) - 1) / 2)
    return affine


SHAPE = (7, 6, 5)
AFFINE = affine_of("LAS", (1.5, 2.0, 3.0), SHAPE, (0.1, -0.2, 0.3), (5, -8, 20))
MOVED = affine_of("LAS", (1.5, 2.0, 3.0), SHAPE, (0.1, -0.2, 0.3), (12, -8, 20))


def image(array, affine=AFFINE, kind=nibabel.Nifti1Image):
    return kind(array, affine, dtype=array.dtype)  # said, because nibabel takes no int64 unasked


def held_to_nibabel(kit, names):
    """RS4's reading of every file against nibabel's."""
    kit.run(READ)
    for name in names:
        theirs, ours = nibabel.load(f"in_{name}"), np.load(f"read_{name}.npz")
        turned = nibabel.as_closest_canonical(theirs)
        largest = max(1.0, float(np.abs(theirs.get_fdata()).max()))
        same(ours["stored"].reshape(theirs.shape), np.asanyarray(theirs.dataobj), 2e-7 * largest, f"{name} as stored")
        same(ours["turned"].reshape(turned.shape), turned.get_fdata(), 2e-7 * largest, f"{name} turned to RAS")
        same(ours["stored_affine"], theirs.affine, 1e-4, f"the affine of {name}")
        same(ours["turned_affine"], turned.affine, 1e-4, f"the affine of {name}, turned")


@check
def every_kind_of_number(kit):
    rng = np.random.default_rng(1)
    names = []
    for kind in ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "f4", "f8"]:
        low, high = (0, 200) if kind[0] == "u" else (-100, 100)
        nibabel.save(image(rng.uniform(low, high, SHAPE).astype(kind)), f"in_{kind}.nii.gz")
        nibabel.save(image(rng.uniform(low, high, SHAPE).astype(kind), kind=nibabel.Nifti2Image), f"in_{kind}_2.nii")
        names += [f"{kind}.nii.gz", f"{kind}_2.nii"]
    held_to_nibabel(kit, names)


@check
def slopes_and_intercepts(kit):
    rng = np.random.default_rng(2)
    names = []
    for kind, (slope, inter) in itertools.product(["u1", "i2", "f4"], [(1, 0), (2, 0), (0.5, -1024), (-1, 10), (0, 7), (np.nan, np.nan), (3e-5, 1)]):
        made = image(rng.integers(0, 100, SHAPE).astype(kind))
        name = f"{kind}_{slope}_{inter}.nii"
        nibabel.save(made, f"in_{name}")
        # Put where it stands in the file: nibabel would scale the numbers for it.
        with open(f"in_{name}", "r+b") as file:
            file.seek(112)
            file.write(np.array([slope, inter], "<f4").tobytes())
        names.append(name)
    held_to_nibabel(kit, names)


@check
def both_byte_orders_and_pairs_of_files(kit):
    array = np.random.default_rng(3).integers(-500, 500, SHAPE).astype("i2")
    names = []
    for order in "<>":
        header = nibabel.Nifti1Header(endianness=order)
        header.set_data_dtype(np.dtype("i2").newbyteorder(order))
        nibabel.save(nibabel.Nifti1Image(array, AFFINE, header), f"in_order{ord(order)}.nii.gz")
        names.append(f"order{ord(order)}.nii.gz")
    nibabel.save(nibabel.Nifti1Pair(array, AFFINE), "in_pair.img")
    held_to_nibabel(kit, names)
    kit.run('write_arrays("pair.npz", {stored: read_volume("in_pair.hdr", orientation: nil).data})')
    same(np.load("pair.npz")["stored"], array, 0, "a pair of .hdr and .img")


@check
def places_by_every_pair_of_codes(kit):
    array = np.random.default_rng(4).random(SHAPE).astype("f4")
    names = []
    for q, s in itertools.product(range(5), range(5)):
        made = image(array)
        made.set_qform(AFFINE, q)
        made.set_sform(MOVED, s)
        nibabel.save(made, f"in_q{q}_s{s}.nii.gz")
        names.append(f"q{q}_s{s}.nii.gz")
    # A mirrored quaternion (qfac -1) without an sform, and a grid that has no place at all.
    for codes in ["LAS", "RAS", "LPI", "ASL", "SRP"]:
        affine = affine_of(codes, (1, 2, 3), SHAPE, (0.2, 0.1, 0))
        made = image(array, affine)
        made.set_qform(affine, 1)
        made.set_sform(None, 0)
        nibabel.save(made, f"in_{codes}.nii.gz")
        names.append(f"{codes}.nii.gz")
    held_to_nibabel(kit, names)


@check
def axes_along_and_across(kit):
    rng = np.random.default_rng(5)
    names = []
    for order in itertools.permutations([("R", "L"), ("A", "P"), ("S", "I")]):
        for codes in itertools.product(*order):
            name = "".join(codes)
            shape = rng.integers(3, 9, 3)
            affine = affine_of(name, rng.uniform(0.5, 4, 3), shape, rng.uniform(-0.3, 0.3, 3), rng.uniform(-90, 90, 3))
            nibabel.save(image(rng.random(shape).astype("f4"), affine), f"in_{name}.nii.gz")
            names.append(f"{name}.nii.gz")
    assert len(names) == 48
    held_to_nibabel(kit, names)


@check
def what_is_written_is_what_nibabel_and_ITK_read(kit):
    rng = np.random.default_rng(6)
    names = []
    for number, codes in enumerate(["RAS", "LPS", "LAS", "ASL", "PIR", "SAL"]):
        shape = rng.integers(4, 9, 3)
        affine = affine_of(codes, rng.uniform(0.5, 4, 3), shape, rng.uniform(-0.3, 0.3, 3), rng.uniform(-90, 90, 3))
        kind = ["u1", "i2", "f4", "f8", "i4", "u2"][number]
        made = image((rng.random(shape) * 100).astype(kind), affine)
        made.set_qform(affine, 1)
        nibabel.save(made, f"in_{codes}.nii.gz")
        names.append(codes)
    kit.run(WRITE)
    for codes in names:
        theirs, ours = nibabel.load(f"in_{codes}.nii.gz"), nibabel.load(f"out_{codes}.nii.gz")
        same(np.asanyarray(ours.dataobj), np.asanyarray(theirs.dataobj), 0, f"{codes} written again")
        same(ours.affine, theirs.affine, 1e-4, f"the affine of {codes}")
        turned = nibabel.load(f"turned_{codes}.nii.gz")
        assert nibabel.aff2axcodes(turned.affine) == tuple("PSL")
        same(nibabel.as_closest_canonical(turned).get_fdata(), nibabel.as_closest_canonical(theirs).get_fdata(), 0, f"{codes} turned")
        a, b = sitk.ReadImage(f"in_{codes}.nii.gz"), sitk.ReadImage(f"out_{codes}.nii.gz")
        same(sitk.GetArrayFromImage(b), sitk.GetArrayFromImage(a), 0, f"{codes} as ITK reads it")
        for of in ("GetOrigin", "GetSpacing", "GetDirection"):
            same(getattr(b, of)(), getattr(a, of)(), 1e-4, f"{of} of {codes}")


@each(extent=[("a plane", (9, 7)), ("one slice", (9, 7, 1)), ("times", (5, 4, 3, 6)), ("one time", (5, 4, 3, 1)), ("one voxel", (1, 1, 1))])
def flat_and_long_images(kit, extent):
    name, shape = extent
    array = np.random.default_rng(7).random(shape).astype("f4")
    nibabel.save(image(array), "in_a.nii")
    kit.run(READ)
    ours = np.load("read_a.nii.npz")
    expected = array.reshape(shape if len(shape) > 2 else (*shape, 1))
    expected = expected if expected.shape[3:] != (1,) else expected[..., 0]
    same(ours["stored"].reshape(expected.shape), expected, 0, name)
    same(ours["stored_affine"], AFFINE, 1e-4, f"the affine of {name}")
