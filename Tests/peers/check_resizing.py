"""Resized slices by pixel centres, against NumPy's own arithmetic: nothing moves, and a network that is right scores so."""
import numpy as np

from kit import check, each, same

SIZES = [(216, 256), (512, 512), (128, 128), (256, 216), (224, 224), (100, 300), (97, 131), (320, 260), (448, 448), (181, 217)]
DISCS = """
use slices
let pairs = read_arrays("in.npz")
let out = {}
for name in keys(pairs) {
  let size = map(split(name, "_"), int)
  let [h, w] = pairs[name].shape
  let labels = unsqueeze(to(pairs[name], "int64"), 0)
  let there = resize_labels(labels, [size[0], size[1]])
  out["{name}_there"] = there[0]
  out["{name}_back"] = resize_labels(there, [h, w])[0]
}
for name in keys(pairs) { if split(name, "_")[0] == "224" { out["{name}_image"] = resize_images(unsqueeze(to(pairs[name], "float32"), 0), 224)[0, 0] } }
write_arrays(out, "out.npz")
"""


def disc(h, w, share=0.25):
    y, x = np.indices((h, w))
    return (((y - (h - 1) / 2) / (share * h)) ** 2 + ((x - (w - 1) / 2) / (share * w)) ** 2 <= 1).astype("u1")


def centre(plane):
    """Where the mass lies, in shares of the plane from its middle: a place that no size changes."""
    return [float((axis * plane).sum() / plane.sum() - (n - 1) / 2) for axis, n in zip(np.indices(plane.shape), plane.shape)]


def shares(labels, size):
    """How much of each pixel belongs to each label, [C, H, W], resized linearly between the centres of pixels."""
    found = np.stack([labels == label for label in np.unique(labels)]).astype("f8")
    for axis, n in enumerate(size, start=1):
        count = found.shape[axis]
        place = np.clip((np.arange(n) + 0.5) * count / n - 0.5, 0, count - 1)
        first = np.floor(place).astype(int)
        part = (place - first).reshape([-1 if dimension == axis else 1 for dimension in range(3)])
        found = np.take(found, first, axis) * (1 - part) + np.take(found, np.minimum(first + 1, count - 1), axis) * part
    return found


@each(sizes=[(f"{a} to {b}", a, b) for a, b in [((33, 47), (64, 64)), ((64, 64), (33, 47)), ((50, 50), (25, 100)), ((7, 9), (224, 224)), ((256, 216), (224, 224))]])
def labels_take_the_class_with_the_largest_share(kit, sizes):
    _, before, after = sizes
    rng = np.random.default_rng(25)
    coarse = rng.integers(0, 4, (before[0] // 3 + 1, before[1] // 3 + 1)) * 5
    labels = np.kron(coarse, np.ones((3, 3), int))[:before[0], :before[1]]
    np.savez("in.npz", labels=labels)
    kit.run(f"""
use slices
write_arrays({{labels: resize_labels(unsqueeze(read_arrays("in.npz").labels, 0), [{after[0]}, {after[1]}])[0]}}, "out.npz")
""")
    found = np.load("out.npz")["labels"]
    assert found.shape == after and set(np.unique(found)) <= set(np.unique(labels))
    theirs = shares(labels, after)
    ordered = np.sort(theirs, axis=0)
    # Where two classes have equal shares either is right.
    is_clear = ordered[-1] - ordered[-2] > 1e-4
    assert is_clear.mean() > 0.7
    same(found[is_clear], np.unique(labels)[theirs.argmax(0)][is_clear], 0, "the labels")


@each(target=[(f"to {h} x {w}", h, w) for h, w in [(224, 224), (192, 256)]])
def a_disc_in_the_middle_stays_there(kit, target):
    _, h, w = target
    made = {f"{h}_{w}_{n}": disc(*size) for n, size in enumerate(SIZES)}
    np.savez("in.npz", **made)
    kit.run(DISCS)
    found = np.load("out.npz")
    for name, before in made.items():
        there, back = found[f"{name}_there"], found[f"{name}_back"]
        assert there.shape == (h, w) and back.shape == before.shape
        for part, plane in [("there", there), ("and back", back)] + ([("as an image", found[f"{name}_image"])] if f"{name}_image" in found else []):
            same(centre(plane), [0, 0], 0.01, f"the middle of {before.shape} {part}")
        dice = 2 * (back & before).sum() / (int(back.sum()) + int(before.sum()))
        shrinks = min(h / before.shape[0], w / before.shape[1])
        assert dice > (0.999 if shrinks >= 1 else 0.985), f"Dice of {before.shape} there and back is {dice:.4f}"


PERFECT = """
use data
use evaluation
use slices
let truth = volume(zeros([216, 256, 8], dtype: "int64"), spacing: [1.5625, 1.5625, 10.0])
let [i, j] = meshgrid(arange(216), arange(256))
for z in 0..<8 {
  let r = sqrt((i - 108.0) ** 2 + (j - 128.0) ** 2)
  truth.data[:, :, z] = where(r < 14.0 - z, full([216, 256], 3), where(r < 20.0 - z, full([216, 256], 2), full([216, 256], 0)))
}
let case = Case("a", volume(to(truth.data, "float32"), like: truth), truth)
let answer = resize_labels(axial(truth), [SIZE, SIZE])
let place = [0]
let oracle = images => {
  let part = answer[place[0]:place[0] + images.shape[0]]
  place[0] = place[0] + images.shape[0]
  to(permute(one_hot(part, 4), [0, 3, 1, 2]), "float32")
}
for row in evaluate(oracle, [case], 4, SIZE).rows { if row.true_voxels > 0 { print(to_json([row.class, row.dice, row.hd95, row.asd])) } }
"""


@each(size=["224", "256", "288"])
def a_perfect_network_scores_so(kit, size):
    rows = kit.run(PERFECT.replace("SIZE", size))
    assert [row[0] for row in rows] == [2, 3], rows
    for label, dice, hd95, asd in rows:
        assert dice >= 0.985 and hd95 <= 1.5626 and asd < 0.1, f"class {label}: Dice {dice:.4f}, HD95 {hd95:.3f}, ASD {asd:.3f}"
