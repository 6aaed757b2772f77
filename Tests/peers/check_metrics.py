"""Dice, HD95 and average distances beside MedPy's, as SSL4MIS calls it."""
import math

import nibabel
import numpy as np
from medpy.metric import binary
from scipy.ndimage import gaussian_filter

from kit import check, each, same

SCORES = """
let found = read_labels("found.nii.gz")
let truth = read_labels("truth.nii.gz")
print(to_json(map(segmentation_scores(found, truth), s => [s.label, s.dice, s.jaccard, s.hd95, s.asd, s.assd])))
print(to_json([dice(found, truth, label: 1), hd95(found, truth, label: 1), asd(found, truth, label: 1)]))
"""


def random_labels(rng, shape, classes=4):
    """Blobs of every size, with holes, islands and voxels at the border."""
    fields = np.stack([gaussian_filter(rng.normal(size=shape), 1.5) for _ in range(classes)])
    return np.argmax(fields, axis=0).astype("u1")


def write(name, labels, affine):
    nibabel.save(nibabel.Nifti1Image(labels, affine), f"{name}.nii.gz")


@each(grid=[
    ("cubes", (24, 22, 20), (1.0, 1.0, 1.0)), ("thick slices", (30, 28, 8), (1.25, 1.25, 10.0)), ("one slice", (40, 36, 1), (0.7, 0.9, 5.0)),
    ("three spacings", (12, 26, 17), (3.0, 0.6, 1.7)), ("slices first", (6, 30, 32), (8.0, 1.5, 1.4)),
])
def scores_are_those_of_MedPy(kit, grid):
    _, shape, spacing = grid
    spacing = np.array(spacing, "f4").astype("f8")  # as a NIfTI header holds them
    rng = np.random.default_rng(sum(shape))
    for _ in range(2):
        truth = random_labels(rng, shape)
        # The same labels, a part of them moved and a part replaced, so that every class overlaps in part.
        found = np.where(rng.random(shape) < 0.04, random_labels(rng, shape), np.roll(truth, 1, axis=1))
        write("found", found, np.diag([*spacing, 1]))
        write("truth", truth, np.diag([*spacing, 1]))
        scores, alone = kit.run(SCORES)
        assert [row[0] for row in scores] == [1, 2, 3]
        for label, *numbers in scores:
            a, b = found == label, truth == label
            theirs = [binary.dc(a, b), binary.jc(a, b), binary.hd95(a, b, spacing), binary.asd(a, b, spacing), binary.assd(a, b, spacing)]
            same(numbers, theirs, 1e-9, f"Dice, Jaccard, HD95, ASD, ASSD of class {label}")
        same(alone, [scores[0][1], scores[0][3], scores[0][4]], 0, "the functions by themselves")


@check
def a_class_that_one_side_lacks_has_no_distance(kit):
    truth = np.zeros((6, 6, 6), "u1")
    truth[1:3, 1:3, 1:3], truth[4, 4, 4] = 1, 2
    found = np.where(truth == 2, 0, truth)
    write("found", found, np.eye(4))
    write("truth", truth, np.eye(4))
    scores, _ = kit.run(SCORES)
    # JSON has no NaN: it stands as null.
    assert scores == [[1, 1.0, 1.0, 0.0, 0.0, 0.0], [2, 0.0, 0.0, None, None, None]], scores
    assert math.isclose(binary.dc(found == 2, truth == 2), 0)
