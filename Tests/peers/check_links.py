"""HDF5 files of newer versions, truth values beside images, and arrays that are reached by links or under two names."""
import h5py
import numpy as np

from kit import check, each, same

LABEL = np.zeros((4, 8, 10), "u1")
LABEL[1:3, 2:5, 3:7] = 1
IMAGE = (LABEL * 100.0).astype("f4")
READ = """
use volume_files
let found = read_arrays("in.h5")
write_arrays({image: found.image, label: found.label}, "out.npz")
let case = whole_case("a", "in.h5", [10.0, 1.4, 1.4])
"""


def held(kit):
    kit.run(READ)
    found = np.load("out.npz")
    same(found["image"], IMAGE, 0, "the image")
    same(found["label"], LABEL, 0, "the labels")


@each(version=["earliest", "v108", "v110", "v112", "latest"])
def files_of_every_version(kit, version):
    with h5py.File("in.h5", "w", libver=(version, "latest" if version in ("earliest", "latest") else version)) as file:
        file["image"], file["label"], file["mask"] = IMAGE, LABEL, LABEL > 0
    with h5py.File("in.h5") as file:
        same(file["image"][()], IMAGE, 0, "h5py's image")
    held(kit)


@each(kind=["soft", "hard", "deep"])
def arrays_by_links(kit, kind):
    with h5py.File("in.h5", "w") as file:
        file["data/img"], file["data/seg"] = IMAGE, LABEL
        if kind == "soft":
            file["image"], file["label"] = h5py.SoftLink("/data/img"), h5py.SoftLink("/data/seg")
        elif kind == "hard":
            file["image"], file["label"] = file["data/img"], file["data/seg"]
        else:
            file["other"] = h5py.SoftLink("/data")
            file["image"], file["label"] = h5py.SoftLink("/other/img"), h5py.SoftLink("/other/seg")
            # A circle and a link to nothing are no reason to refuse the rest.
            file["data/around"], file["nowhere"] = h5py.SoftLink("/data"), h5py.SoftLink("/nothing")
    held(kit)


@check
def links_through_another_file(kit):
    """Objects of two files lie at the same places in them; one is not taken for the other."""
    with h5py.File("other.h5", "w") as file:
        file["image"] = IMAGE + 1
    with h5py.File("in.h5", "w") as file:
        file["image"], file["ext"] = IMAGE, h5py.ExternalLink("other.h5", "/")
        file["far"], file["group"] = h5py.SoftLink("/ext/image"), h5py.SoftLink("/ext")
    kit.run('let found = read_arrays("in.h5")\nwrite_arrays({near: found.image, far: found.far, inner: found["group/image"]}, "out.npz")')
    found = np.load("out.npz")
    same(found["near"], IMAGE, 0, "the image")
    same(found["far"], IMAGE + 1, 0, "the other file's")
    same(found["inner"], IMAGE + 1, 0, "the other file's through its group")
