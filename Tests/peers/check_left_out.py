"""Numbers of kinds that RS4 has no tensors for, or that lie elsewhere: left out, and named with the reason when asked for."""
import json
import struct

import h5py
import numpy as np

import torch_archive
from kit import check, each, same

IMAGE = np.arange(6, dtype="f4").reshape(2, 3)


def safetensors(path):
    """The format by its description: no library here writes float8 from NumPy."""
    arrays = [("image", "F32", [2, 3], IMAGE.tobytes()), ("scale", "F8_E4M3", [2], b"\x38\x38"), ("kspace", "C64", [2], np.ones(2, "c8").tobytes())]
    header, at = {}, 0
    for name, kind, shape, data in arrays:
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(one[3] for one in arrays))


def npz(path):
    np.savez(path, image=IMAGE, kspace=np.ones(2, "c8"), long=np.ones(2, np.longdouble))


def hdf5(path):
    with h5py.File("other.h5", "w") as file:
        file["label"] = IMAGE
    with h5py.File(path, "w") as file:
        file["image"], file["kspace"] = IMAGE, np.ones(2, "c8")
        file["outside"] = h5py.ExternalLink("other.h5", "/label")
        layout = h5py.VirtualLayout((2, 3), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "label", (2, 3))
        file.create_virtual_dataset("virtual", layout)


def torch_file(path):
    torch_archive.save({
        "image": torch_archive.tensor(IMAGE), "scale": torch_archive.tensor_of_float8(b"\x38\x38"),
        "kspace": torch_archive.tensor(np.ones(2, "c8")), "spacing": np.array([10, 1.5, 1.25]),
        "sparse": torch_archive.sparse_tensor(np.array([[0, 1], [0, 1]]), np.ones(2, "f4"), (2, 2)),
    }, path)


@each(file=[
    ("in.safetensors", safetensors, {"scale": "f8", "kspace": "complex"}), ("in.npz", npz, {"kspace": "complex", "long": "float"}),
    ("in.pth", torch_file, {"scale": "float8", "kspace": "complex", "sparse": "sparse"}),
    ("in.h5", hdf5, {"kspace": "complex", "outside": "file", "virtual": "file"}),
])
def what_is_left_out_is_named(kit, file):
    path, write, wanted = file
    write(path)
    found = kit.run('let found = read_arrays("%s")\nprint(to_json(keys(found)))\nwrite_arrays({image: found.image}, "image.npz")' % path)[0]
    same(np.load("image.npz")["image"], IMAGE, 0, f"the image of {path}")
    # Every other name is an array, or asking for it says what it is.
    problems = kit.refusals(*[f'read_arrays("{path}").{name}' for name in wanted])
    for (name, word), problem in zip(wanted.items(), problems):
        if problem is None:
            assert name in found, f"{name} of {path} was neither read nor refused"
        else:
            assert problem["code"] == "file" and name in problem["message"] and word in problem["message"].lower(), (path, name, problem)


@check
def an_array_of_NumPy_among_tensors_is_read(kit):
    torch_file("in.pth")
    kit.run('let found = read_arrays("in.pth")\nwrite_arrays({image: found.image, spacing: found.spacing}, "out.npz")')
    found = np.load("out.npz")
    same(found["image"], IMAGE, 0, "the image")
    same(found["spacing"], [10, 1.5, 1.25], 0, "the spacing")


@check
def a_file_of_nothing_else_speaks_of_its_own_format(kit):
    hdf5("whole.h5")
    with h5py.File("in.h5", "w") as file:
        file["kspace"] = np.ones(2, "c8")
    problem, = kit.refusals('read_arrays("in.h5")')
    assert "complex" in problem["message"] and "torch" not in str(problem["help"]), problem
