"""Stacks of few thick slices, moved and turned in the slice plane: nothing stretches across what no slice shows."""
import nibabel
import numpy as np

from kit import check, each

SPACING = (1.0, 1.0, 10.0)


def scene(shape, move, turn, rng):
    x = [(i - (n - 1) / 2) * s - m for i, n, s, m in zip(np.indices(shape).astype(float), shape, SPACING, move)]
    a = np.deg2rad(turn)
    u, v = np.cos(a) * x[0] + np.sin(a) * x[1], -np.sin(a) * x[0] + np.cos(a) * x[1]
    label = np.zeros(shape, "u1")
    label[(u / 30) ** 2 + (v / 22) ** 2 + (x[2] / 40) ** 2 < 1] = 1
    label[((u - 8) / 10) ** 2 + ((v + 4) / 7) ** 2 + (x[2] / 25) ** 2 < 1] = 2
    label[((u + 14) / 5) ** 2 + ((v - 6) / 6) ** 2 + (x[2] / 20) ** 2 < 1] = 3
    return (np.choose(label, [20, 90, 160, 60]) + rng.normal(0, 6, shape)).astype("f4"), label


def dice(a, b):
    return float(np.mean([2 * ((a == c) & (b == c)).sum() / max(1, (a == c).sum() + (b == c).sum()) for c in (1, 2, 3) if (b == c).any()]))


CARRY = """
let [fixed, moving, labels] = [read_volume("fixed.nii.gz"), read_volume("moving.nii.gz"), read_labels("moving_label.nii.gz")]
for kind in ["rigid", "affine", "deformable"] {
  let there = register(moving, onto: fixed, kind: kind)
  print(to_json([there.affine]))
  write_volume(warp_labels(labels, there), "{kind}.nii.gz")
}
"""


@each(slices=[(f"{n} slices", n) for n in (1, 2, 3, 4, 6)])
def stacks_of_few_slices(kit, slices):
    count = slices[1]
    shape = (96, 88, count)
    scores = {"rigid": [], "affine": [], "deformable": []}
    affine = np.diag([*SPACING, 1.0])
    affine[:3, 3] = [-(n - 1) / 2 * s for n, s in zip(shape, SPACING)]
    for case, (turn, move) in enumerate([(8, (6, -4, 0)), (-12, (-5, 7, 0))]):
        rng = np.random.default_rng(100 * count + case)
        fixed, truth = scene(shape, (0, 0, 0), 0, rng)
        moving, labels = scene(shape, move, turn, rng)
        for name, array in {"fixed": fixed, "moving": moving, "moving_label": labels}.items():
            nibabel.save(nibabel.Nifti1Image(array, affine), f"{name}.nii.gz")
        maps = kit.run(CARRY)
        for kind, (found,) in zip(scores, maps):
            along = np.linalg.norm(np.array(found)[:3, 2])
            assert 0.85 < along < 1.18, f"the {kind} map stretches across the slices by {along:.2f}"
            carried = np.asanyarray(nibabel.load(f"{kind}.nii.gz").dataobj)
            kept = (carried > 0).sum((0, 1)) / (truth > 0).sum((0, 1))
            assert kept.min() > 0.8, f"of the labels of slice {int(kept.argmin())} {kept.min():.2f} are left by the {kind} map"
            scores[kind].append(dice(carried, truth))
    means = {kind: float(np.mean(found)) for kind, found in scores.items()}
    assert means["rigid"] > 0.85 and means["affine"] > 0.8 and means["deformable"] >= means["rigid"] - 0.005, means
