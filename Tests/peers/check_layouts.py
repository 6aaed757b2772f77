"""Sets of cases as people have them: nnU-Net's dataset.json of both versions, labels with gaps,
under another name, or with another image's header."""
import json
import os

import h5py
import nibabel
import numpy as np

from kit import check, each, same

AFFINE = np.diag([1.0, 1.0, 3.0, 1])
SHAPE = (12, 14, 5)
TELL = """
use data
let set = read_experiment("set", test: 1)
let labels = set.labeled[0].labels.data
print(to_json({classes: set.classes, names: set.class_names, held: unique(labels), cases: len(set.labeled) + len(set.unlabeled) + len(set.test)}))
write_arrays({labels: labels}, "labels.npz")
"""


def save(array, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(array, AFFINE), path)


def organ():
    label = np.zeros(SHAPE, "u1")
    label[3:8, 4:9, 1:4] = 1
    return label


def cases(label, image_name="set/imagesTr/scan_{:03d}_0000.nii.gz", label_name="set/labelsTr/scan_{:03d}.nii.gz"):
    rng = np.random.default_rng(3)
    for n in range(1, 6):
        save((label.astype("f4") + rng.random(label.shape)).astype("f4"), image_name.format(n))
        save(label, label_name.format(n))


@each(listing=[
    ("nnU-Net 1, as its converters write it", {"0": "background", "1": "organ"}, "./imagesTr/scan_{:03d}.nii.gz", "./labelsTr/scan_{:03d}.nii.gz"),
    ("paths without a dot", {"0": "background", "1": "organ"}, "imagesTr/scan_{:03d}.nii.gz", "labelsTr/scan_{:03d}.nii.gz"),
    ("nnU-Net 2", {"background": 0, "organ": 1}, None, None),
])
def dataset_json_of_nnU_Net(kit, listing):
    _, labels, image, label = listing
    cases(organ())
    described = {"name": "one", "channel_names": {"0": "CT"}, "labels": labels, "numTraining": 5, "file_ending": ".nii.gz"}
    if image:
        described["training"] = [{"image": image.format(n), "label": label.format(n)} for n in range(1, 6)]
    json.dump(described, open("set/dataset.json", "w"))
    told, = kit.run(TELL)
    assert (told["classes"], told["names"], told["cases"]) == (2, ["background", "organ"], 5), told


@check
def what_nnU_Net_ignores_is_no_class(kit):
    label = organ()
    label[9:] = 2
    cases(label)
    json.dump({"channel_names": {"0": "CT"}, "labels": {"background": 0, "organ": 1, "ignore": 2}, "numTraining": 5, "file_ending": ".nii.gz"},
              open("set/dataset.json", "w"))
    told, = kit.run(TELL)
    assert (told["classes"], told["held"]) == (2, [-1, 0, 1]), told
    same(np.load("labels.npz")["labels"], np.where(label == 2, -1, label.astype(int)), 0, "the classes of a case")
    # Neither right nor wrong there counts: a network that knows the organ scores 1 whatever it says of the rest.
    scores = kit.run("""
use data
use evaluation
let set = read_experiment("set", test: 1)
let truth = set.test[0].labels
for answer in [0, 1] {
  let found = volume(where(truth.data < 0, answer, truth.data), like: truth)
  print(to_json([overall_mean(evaluate_labels([found], set.test, set.classes)).dice]))
}
""")
    assert scores == [[1.0], [1.0]], scores


BASE = np.zeros((48, 48, 4), int)
BASE[12:36, 12:36] = 1
BASE[16:32, 16:32] = 2
BASE[22:26, 22:26] = 3


@each(values=[
    ("0 and 255", [0, 255, 255, 255], "u1"), ("BraTS", [0, 1, 2, 4], "u1"), ("FreeSurfer", [0, 10, 49, 2035], "i2"),
    ("hundreds", [0, 200, 500, 600], "i2"), ("floats", [0, 1, 2, 4], "f4"), ("far apart", [0, 3, 70000, 2_000_000], "i4"),
])
def labels_with_gaps(kit, values):
    _, own, kind = values
    cases(np.choose(BASE, own).astype(kind), "set/images/c{}.nii.gz", "set/labels/c{}.nii.gz")
    told, = kit.run(TELL)
    occurring = sorted(set(own))
    assert told["classes"] == len(occurring) and told["held"] == list(range(len(occurring))), told
    same(np.load("labels.npz")["labels"], np.searchsorted(occurring, np.choose(BASE, own)), 0, "the classes of a case")
    kit.run('use data\nwrite_volume(read_experiment("set", test: 1).labeled[0].labels, "out.nii.gz")')
    same(np.asanyarray(nibabel.load("out.nii.gz").dataobj), np.choose(BASE, own), 0, "the file's own values, written")


@check
def labels_that_a_header_scaled(kit):
    # 12 classes that a float array and a uint8 header leave as 0.988, 1.976, …
    label = np.random.default_rng(4).integers(0, 13, (48, 48, 4)).astype("f8")
    for n in range(1, 4):
        save(label.astype("f4"), f"set/images/c{n}.nii.gz")
        made = nibabel.Nifti1Image(label, AFFINE)
        made.set_data_dtype("u1")
        os.makedirs("set/labels", exist_ok=True)
        nibabel.save(made, f"set/labels/c{n}.nii.gz")
    told, = kit.run(TELL)
    assert told["classes"] == 13, told
    same(np.load("labels.npz")["labels"], label.astype(int), 0, "the classes of a case")


@each(name=["mask", "seg", "gt"])
def labels_under_another_name_are_asked_for(kit, name):
    rng = np.random.default_rng(8)
    os.makedirs("set/data/slices")
    names = [f"p{n}_f1" for n in range(1, 5)]
    for case in names:
        image, label = rng.random((3, 12, 14)).astype("f4"), rng.integers(0, 4, (3, 12, 14)).astype("u1")
        with h5py.File(f"set/data/{case}.h5", "w") as file:
            file["image"], file[name] = image, label
        for z in range(3):
            with h5py.File(f"set/data/slices/{case}_slice_{z}.h5", "w") as file:
                file["image"], file[name] = image[z], label[z]
    with open("set/train_slices.list", "w") as file:
        file.write("".join(f"{case}_slice_{z}\n" for case in names[:3] for z in range(3)))
    with open("set/val.list", "w") as file:
        file.write(names[3] + "\n")
    problem, = kit.refusals('use data\nread_experiment("set", spacing: [10.0, 1.4, 1.4])')
    assert name in problem["message"] and ".h5" in problem["message"] and "label" in problem["message"], problem
    told, = kit.run(f'use data\nprint(to_json([read_experiment("set", spacing: [10.0, 1.4, 1.4], label_array: "{name}").classes]))')
    assert told == [4], told


@check
def labels_whose_origin_was_lost(kit):
    image, label = np.random.default_rng(7).random(SHAPE).astype("f4"), organ()
    affine = np.diag([1.25, 1.25, 8.0, 1])
    moved = affine.copy()
    moved[:3, 3] += [200, 0, 0]
    for folder in ("images", "labels"):
        os.makedirs(f"set/{folder}")
    for n in range(1, 4):
        nibabel.save(nibabel.Nifti1Image(image, affine), f"set/images/c{n}.nii.gz")
        nibabel.save(nibabel.Nifti1Image(label, moved), f"set/labels/c{n}.nii.gz")
    read = 'use data\nread_experiment("set", test: 1)'
    problem, = kit.refusals(read)
    assert problem["code"] == "grid" and "origin" in problem["message"] and "200" in problem["message"], problem
    # The call that the help names mends it, and keeps every voxel of the labels.
    for n in range(1, 4):
        call = [part for part in problem["help"].split("`") if "(" in part][0]
        kit.run(call.replace("c1", f"c{n}").replace("c2", f"c{n}").replace("c3", f"c{n}"))
        same(np.asanyarray(nibabel.load(f"set/labels/c{n}.nii.gz").dataobj), label, 0, "the labels, mended")
    assert kit.refusals(read) == [None]
