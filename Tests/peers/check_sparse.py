"""Images of which most is background: what networks and registration see keeps apart what the scanner kept apart."""
import nibabel
import numpy as np

from kit import each, same

SHAPE, SPACING = (80, 80, 40), (1.5, 1.5, 2.0)


def organ(level=100.0, background=0.0, noise=8.0, hot=0):
    rng = np.random.default_rng(32)
    x = [(i - c) * s for i, c, s in zip(np.indices(SHAPE).astype(float), (40, 40, 20), SPACING)]
    label = np.zeros(SHAPE, "u1")
    label[(x[0] / 14) ** 2 + (x[1] / 11) ** 2 + (x[2] / 11) ** 2 < 1] = 1
    label[((x[0] - 4) / 5) ** 2 + (x[1] / 4) ** 2 + (x[2] / 6) ** 2 < 1] = 2
    image = background + np.choose(label, [0, level, 1.7 * level]) + (label > 0) * rng.normal(0, noise, SHAPE)
    image.reshape(-1)[rng.choice(image.size, hot, replace=False)] = 1e5
    return image.astype("f4"), label


@each(image=[
    ("zeros outside", {}), ("CT", {"background": -1024.0}), ("small numbers", {"level": 1e-3, "noise": 8e-5}),
    ("a few hot voxels", {"hot": 5}), ("no noise", {"noise": 0.0}),
])
def classes_stay_apart(kit, image):
    array, label = organ(**image[1])
    assert (label > 0).mean() < 0.01
    nibabel.save(nibabel.Nifti1Image(array, np.diag([*SPACING, 1])), "image.nii.gz")
    kit.run('use slices\nwrite_arrays({seen: normalized(read_volume("image.nii.gz").data)}, "out.npz")')
    seen = np.load("out.npz")["seen"]
    assert np.isfinite(seen).all() and seen.min() >= 0 and seen.max() <= 1, f"from {seen.min()} to {seen.max()}"
    means = [float(seen[label == c].mean()) for c in range(3)]
    assert means[1] - means[0] > 0.2 and means[2] - means[1] > 0.2, f"the classes' means are {means}"
    # At most a few hundredths of the organ's own values are cut off.
    inside = array[(label > 0) & (array < 1e4)]
    before, after = len(np.unique(inside)), len(np.unique(seen[(label > 0) & (array < 1e4)]))
    assert after > 0.9 * before, f"{before} different values became {after}"


@each(image=[("constant", np.full((6, 6, 4), 7.0, "f4")), ("two values", np.where(np.arange(144).reshape(6, 6, 4) == 5, 3.0, 1.0).astype("f4"))])
def flat_images(kit, image):
    name, array = image
    nibabel.save(nibabel.Nifti1Image(array, np.eye(4)), "image.nii.gz")
    kit.run('use slices\nwrite_arrays({seen: normalized(read_volume("image.nii.gz").data)}, "out.npz")')
    seen = np.load("out.npz")["seen"]
    assert np.isfinite(seen).all()
    same(len(np.unique(seen)), len(np.unique(array)), 0, f"how many values {name} has")
