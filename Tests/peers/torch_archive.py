"""Files as torch.save writes them, without torch: a zip archive of a pickle and of the storages that it points at."""
import collections
import io
import pickle
import sys
import types
import zipfile

STORAGES = {"f4": "FloatStorage", "f8": "DoubleStorage", "i8": "LongStorage", "c8": "ComplexFloatStorage"}


def named(module, name):
    """Something that a pickle holds by its name alone."""
    if module not in sys.modules:
        sys.modules[module] = types.ModuleType(module)
    if not hasattr(sys.modules[module], name):
        setattr(sys.modules[module], name, type(name, (), {"__module__": module, "__qualname__": name}))
    return getattr(sys.modules[module], name)


class Storage:
    def __init__(self, kind, data, count):
        self.kind, self.data, self.count = kind, data, count


class Reduced:
    """What a pickle calls when it is read: a name and its arguments."""

    def __init__(self, module, name, *arguments):
        self.call, self.arguments = named(module, name), arguments

    def __reduce__(self):
        return self.call, self.arguments


def tensor(array):
    """As a tensor of NumPy's type is saved."""
    strides = tuple(s // array.itemsize for s in array.strides)
    storage = Storage(named("torch", STORAGES[array.dtype.str[1:]]), array.tobytes(), array.size)
    return Reduced("torch._utils", "_rebuild_tensor_v2", storage, 0, array.shape, strides, False, collections.OrderedDict())


def tensor_of_float8(data):
    storage = Storage(named("torch.storage", "UntypedStorage"), data, len(data))
    return Reduced(
        "torch._utils", "_rebuild_tensor_v3", storage, 0, (len(data),), (1,), False, collections.OrderedDict(), named("torch", "float8_e4m3fn"))


def sparse_tensor(indices, values, shape):
    layout = Reduced("torch.serialization", "_get_layout", "torch.sparse_coo")
    return Reduced("torch._utils", "_rebuild_sparse_tensor", layout, (tensor(indices), tensor(values), Reduced("torch", "Size", shape), True))


def save(state, path):
    storages, stream = [], io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=2)

    def place(item):
        if not isinstance(item, Storage):
            return None
        storages.append(item)
        return "storage", item.kind, str(len(storages) - 1), "cpu", item.count

    pickler.persistent_id = place
    pickler.dump(state)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", stream.getvalue())
        file.writestr("archive/byteorder", "little")
        for number, storage in enumerate(storages):
            file.writestr(f"archive/data/{number}", storage.data)
        file.writestr("archive/version", "3\n")
