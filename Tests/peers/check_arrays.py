"""Array files both ways: what NumPy, h5py and safetensors write RS4 reads, and what RS4 writes they read."""
import h5py
import numpy as np
import safetensors.numpy

from kit import check, each, same

KINDS = ["u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "?"]


def arrays(kinds=KINDS):
    """One array of every kind, of every number of dimensions, laid out in either order, and extreme numbers."""
    rng = np.random.default_rng(11)
    made = {}
    for number, kind in enumerate(kinds):
        shape = [(), (7,), (3, 5), (2, 3, 4), (2, 1, 3, 2)][number % 5]
        array = np.asarray(rng.integers(0, 2 if kind == "?" else 100, shape)).astype(kind)
        made[f"{array.dtype.name}_{array.ndim}"] = np.asfortranarray(array) if number % 2 else array
    made["long"] = np.arange(5000, dtype="f4").reshape(50, 100)
    made["extremes"] = np.array([np.inf, -np.inf, np.nan, 0.0, np.finfo("f4").tiny, np.finfo("f4").max], "f4")
    made["nothing"] = np.zeros((0, 3), "f4")
    return made


COPY = """
let found = read_arrays("in.%s")
print(to_json(map(items(found), pair => [pair[0], pair[1].dtype])))
write_arrays(found, "back.%s")
write_arrays(found, "small.%s", compressed: true)
"""


def read(path):
    if path.endswith(".npz"):
        return dict(np.load(path))
    if path.endswith(".safetensors"):
        return safetensors.numpy.load_file(path)
    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: found.__setitem__(name, item[()]) if isinstance(item, h5py.Dataset) else None)
    return found


def write(path, made):
    if path.endswith(".npz"):
        np.savez(path, **made)
    elif path.endswith(".safetensors"):
        safetensors.numpy.save_file({name: np.ascontiguousarray(array).reshape(array.shape) for name, array in made.items()}, path)
    else:
        with h5py.File(path, "w") as file:
            for name, array in made.items():
                file[name] = array


@each(ending=["npz", "safetensors", "h5"])
def numbers_go_there_and_back(kit, ending):
    made = arrays()
    write(f"in.{ending}", made)
    kit.run(COPY % (ending, ending, ending))
    for copy in [f"back.{ending}", f"small.{ending}"]:
        found = read(copy)
        assert sorted(found) == sorted(made), f"{copy} holds {sorted(found)}"
        for name, array in made.items():
            kind = array.dtype
            if kind == "f2" and ending != "safetensors":
                kind = np.dtype("f4")  # half floats of data are widened, because few operations take them
            assert found[name].dtype == kind or kind == bool, f"{name} in {copy} is {found[name].dtype}"
            same(found[name], array, 0, f"{name} in {copy}")


@each(ending=["npz", "h5"])
def unsigned_numbers_keep_their_values(kit, ending):
    made = {kind: np.array([0, 1, np.iinfo(kind).max // (2 if kind == "u8" else 1)], kind) for kind in ["u1", "u2", "u4", "u8"]}
    write(f"in.{ending}", made)
    kit.run(f'write_arrays(read_arrays("in.{ending}"), "back.{ending}")')
    found = read(f"back.{ending}")
    for kind, array in made.items():
        same(found[kind].astype("u8"), array.astype("u8"), 0, kind)


@check
def npy_files_of_every_version_and_order(kit):
    array = np.arange(24, dtype="f4").reshape(2, 3, 4)
    made = {"c": array, "fortran": np.asfortranarray(array), "big": array.astype(">f4"), "scalar": np.float64(2.5), "flags": array > 5}
    for name, one in made.items():
        for version in [(1, 0), (2, 0), (3, 0)]:
            with open(f"{name}_{version[0]}.npy", "wb") as file:
                np.lib.format.write_array(file, np.asanyarray(one), version=version)
    kit.run("""
let all = {}
for path in list_files(".", "*.npy") { all[replace(replace(path, "./", ""), ".npy", "")] = list(values(read_arrays(path)))[0] }
write_arrays(all, "all.npz")
""")
    found = dict(np.load("all.npz"))
    assert len(found) == 15, sorted(found)
    for name, one in found.items():
        same(one, np.asarray(made[name.split("_")[0]]), 0, name)


@check
def compressed_and_chunked_arrays(kit):
    array = np.random.default_rng(12).integers(0, 50, (20, 30, 7)).astype("i2")
    with h5py.File("in.h5", "w") as file:
        for name, options in {"gzip": {"compression": "gzip"}, "shuffled": {"compression": "gzip", "shuffle": True},
                              "checked": {"fletcher32": True, "chunks": (5, 30, 7)}, "chunked": {"chunks": (3, 7, 2)},
                              "growing": {"maxshape": (None, 30, 7)}, "deep/below/it": {"compression": 9}}.items():
            file.create_dataset(name, data=array, **options)
        file["big"] = array.astype(">i2")
    np.savez_compressed("in.npz", array=array)
    kit.run('write_arrays(read_arrays("in.h5"), "h5.npz")\nwrite_arrays(read_arrays("in.npz"), "npz.npz")')
    found = dict(np.load("h5.npz"))
    assert len(found) == 7, sorted(found)
    for name, one in {**found, **np.load("npz.npz")}.items():
        same(one, array, 0, name)
