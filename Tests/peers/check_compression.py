"""HDF5 arrays that other filters than HDF5's own have compressed, and arrays of which one cannot be read."""
import h5py
import hdf5plugin
import numpy as np

from kit import check, each, same

LABEL = np.zeros((6, 16, 20), "u1")
LABEL[2:4, 5:9, 6:12] = 1
IMAGE = LABEL * 100.0 + np.arange(20)
COPY = 'let found = read_arrays("in.h5")\nprint(to_json(keys(found)))\nwrite_arrays(found, "out.npz")\n'


@each(filter=[
    ("LZF", {"compression": "lzf"}), ("LZF, shuffled", {"compression": "lzf", "shuffle": True}),
    ("Blosc", hdf5plugin.Blosc(cname="blosclz")), ("Blosc with LZ4", hdf5plugin.Blosc(cname="lz4", shuffle=hdf5plugin.Blosc.BITSHUFFLE)),
    ("Blosc with zlib", hdf5plugin.Blosc(cname="zlib")),
])
def compressed_cases_are_read(kit, filter):
    with h5py.File("in.h5", "w") as file:
        for name, array in [("image", IMAGE), ("label", LABEL)]:
            file.create_dataset(name, data=array, chunks=(3, 8, 10), **filter[1])
    kit.run(COPY)
    found = np.load("out.npz")
    same(found["image"], IMAGE, 0, "the image")
    same(found["label"], LABEL, 0, "the labels")


@each(filter=[("Zstandard", hdf5plugin.Zstd()), ("ZFP", hdf5plugin.Zfp(reversible=True)), ("Blosc2", hdf5plugin.Blosc2())])
def an_array_that_cannot_be_read_takes_no_other_with_it(kit, filter):
    with h5py.File("in.h5", "w") as file:
        file["image"], file["label"] = IMAGE, LABEL
        file.create_dataset("uncertainty", data=LABEL * 0.5, **filter[1])
    assert sorted(kit.run(COPY)[0]) == ["image", "label"]
    same(np.load("out.npz")["label"], LABEL, 0, "the labels")
    problem, = kit.refusals('read_arrays("in.h5").uncertainty')
    assert problem["code"] == "file" and "`uncertainty` of in.h5" in problem["message"], problem
    assert filter[0].lower() in problem["message"].lower() and "damaged" not in problem["message"], problem
