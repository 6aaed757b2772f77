#!/usr/bin/env python3
"""Registers the same pairs with RS4 and with other tools, and prints one table.

    scripts/bench/compare_registration.py --data ../shared/data/hippocampus --pairs 40
    scripts/bench/compare_registration.py --data ../shared/data/acdc --pairs 12 --tools rs4,convexadam,greedy

The pairs are those of registration.rs4, which also writes them for the others. The other tools are Python wheels, each
optional; one that is missing is named:

    python3 -m venv /tmp/tools && /tmp/tools/bin/pip install antspyx picsl-greedy convexadam
    /tmp/tools/bin/python scripts/bench/compare_registration.py ...

Seconds are of the registration alone, images in memory; CPU seconds, of all threads, tell more on a busy machine (they
include reading and applying the result). Folding is of the displacement, without the affine part.
"""
import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIELD = re.compile(r"(\S+) onto (\S+): ([\d.]+) to ([\d.]+) in ([\d.]+) s, folding ([\d.]+)%")


def run_rs4(arguments, folder):
    """Registers with RS4 and writes the pairs into `folder`; rows of (before, after, seconds, folding, CPU seconds)."""
    command = [str(ROOT / ".build/release/rs4"), "run", str(ROOT / "scripts/bench/registration.rs4")]
    for name in ("data", "pairs", "shift"):
        command += ["--set", f"{name}={getattr(arguments, name)}"]
    command += ["--set", "verbose=true", "--set", f"save={folder}"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [FIELD.match(line) for line in output.splitlines()]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (used.ru_utime + used.ru_stime) / arguments.pairs
    return [tuple(float(row[n]) / (100 if n == 6 else 1) for n in (3, 4, 5, 6)) + (cpu,) for row in rows if row]


def dice(found, truth):
    import numpy as np

    scores = []
    for label in np.unique(truth[truth > 0]):
        a, b = found == label, truth == label
        scores.append(2 * (a & b).sum() / (a.sum() + b.sum()))
    return float(np.mean(scores))


def folding(vectors):
    """Fraction of voxels with a determinant of 0 or less; vectors [X, Y, Z, 3] in voxels along the array's axes."""
    import numpy as np

    slopes = np.stack([np.stack(np.gradient(vectors[..., n]), -1) for n in range(3)], -2) + np.eye(3)
    return float((np.linalg.det(slopes) <= 0).mean())


def voxel_vectors(field):
    """A SimpleITK displacement field in mm as [X, Y, Z, 3] in voxels."""
    import numpy as np
    import SimpleITK

    vectors = SimpleITK.GetArrayFromImage(field).transpose(2, 1, 0, 3).astype(float)
    direction = np.array(field.GetDirection()).reshape(3, 3)
    return vectors @ direction / np.array(field.GetSpacing())


class Greedy:
    """Affine from the centres, then log-Demons with NCC, as in its manual."""

    def __init__(self, threads):
        from picsl_greedy import Greedy3D

        self.make, self.threads = Greedy3D, threads

    def __call__(self, fixed, moving, labels):
        import SimpleITK

        still, other = (SimpleITK.ReadImage(str(p), SimpleITK.sitkFloat32) for p in (fixed, moving))
        tool = self.make()
        common = f"-d 3 -threads {self.threads} -m NCC 2x2x2 -n 100x50x20 -V 0"
        start = time.perf_counter()
        tool.execute(f"-i fixed moving -a -ia-image-centers -dof 12 -o affine {common}", fixed=still, moving=other, affine=None)
        tool.execute(f"-i fixed moving -it affine -o warp -sv -s 1.5vox 0.5vox {common}", warp=None)
        seconds = time.perf_counter() - start
        # Its label interpolation writes files only.
        result = fixed.with_name("carried.nii.gz")
        tool.execute(
            f"-d 3 -threads {self.threads} -rf fixed -ri LABEL 0.2vox -rm {labels} {result} -r warp affine -V 0")
        carried = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(result))).transpose(2, 1, 0)
        return carried, seconds, folding(voxel_vectors(tool["warp"]))


class Ants:
    def __init__(self, threads, kind):
        import ants

        self.ants, self.kind = ants, kind

    def __call__(self, fixed, moving, labels):
        import SimpleITK

        still, other, segments = (self.ants.image_read(str(p)) for p in (fixed, moving, labels))
        start = time.perf_counter()
        found = self.ants.registration(still, other, type_of_transform=self.kind)
        seconds = time.perf_counter() - start
        carried = self.ants.apply_transforms(still, segments, found["fwdtransforms"], interpolator="genericLabel")
        warp = SimpleITK.ReadImage(found["fwdtransforms"][0])
        for path in set(found["fwdtransforms"] + found["invtransforms"]):
            os.unlink(path)
        return carried.numpy().round(), seconds, folding(voxel_vectors(warp))


class ConvexAdam:
    """Its default settings, after the moving image is brought onto the fixed grid with the centres laid over each other."""

    def __init__(self, threads):
        import torch
        from convexAdam.convex_adam_MIND import convex_adam_pt

        torch.set_num_threads(threads)
        self.register, self.torch = convex_adam_pt, torch

    def __call__(self, fixed, moving, labels):
        import numpy as np
        import SimpleITK
        from scipy.ndimage import map_coordinates

        still, other, segments = (SimpleITK.ReadImage(str(p), SimpleITK.sitkFloat32) for p in (fixed, moving, labels))
        start = time.perf_counter()
        centred = SimpleITK.CenteredTransformInitializer(
            still, other, SimpleITK.Euler3DTransform(),
            SimpleITK.CenteredTransformInitializerFilter.GEOMETRY)
        placed = SimpleITK.Resample(other, still, centred, SimpleITK.sitkLinear)
        a, b = (SimpleITK.GetArrayFromImage(image).transpose(2, 1, 0).copy() for image in (still, placed))
        low, high = zip(*(np.percentile(image, [1, 99]) for image in (a, b)))
        a, b = ((image - x) / (y - x) for image, x, y in zip((a, b), low, high))
        vectors = self.register(a, b, dtype=self.torch.float32, device=self.torch.device("cpu"))
        seconds = time.perf_counter() - start
        held = SimpleITK.GetArrayFromImage(
            SimpleITK.Resample(segments, still, centred, SimpleITK.sitkNearestNeighbor)).transpose(2, 1, 0)
        places = np.indices(held.shape) + vectors.transpose(3, 0, 1, 2)
        return map_coordinates(held, places, order=0), seconds, folding(vectors)


TOOLS = {
    "greedy": (lambda threads: Greedy(threads), "pip install picsl-greedy"),
    "ants-quick": (lambda threads: Ants(threads, "antsRegistrationSyNQuick[s]"), "pip install antspyx"),
    "ants-syn": (lambda threads: Ants(threads, "SyN"), "pip install antspyx"),
    "convexadam": (lambda threads: ConvexAdam(threads), "pip install convexadam"),
}


def show(name, rows, failed=0):
    before, after, seconds, folds, cpu = zip(*rows)
    print(
        f"{name:<12} {len(rows):>5} {failed:>6} {statistics.mean(before):>8.3f} {statistics.mean(after):>8.3f} "
        f"{min(after):>8.3f} {statistics.median(seconds):>8.2f} {statistics.median(cpu):>6.2f} {statistics.mean(folds):>9.3%}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data/hippocampus"))
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--shift", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tools", default="rs4," + ",".join(TOOLS))
    arguments = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
        os.environ[name] = str(arguments.threads)
    wanted = arguments.tools.split(",")
    if unknown := [name for name in wanted if name not in ("rs4", *TOOLS)]:
        sys.exit(f"--tools must be of rs4, {', '.join(TOOLS)}, but names {', '.join(unknown)}")

    with tempfile.TemporaryDirectory() as folder:
        ours = run_rs4(arguments, folder)
        print(f"{arguments.data}: {arguments.pairs} pairs, {arguments.threads} threads of {os.cpu_count()} cores")
        print(f"{'tool':<12} {'pairs':>5} {'failed':>6} {'before':>8} {'Dice':>8} {'worst':>8} {'seconds':>8} {'CPU':>6} {'folding':>9}")
        if "rs4" in wanted:
            show("rs4", ours)
        missing = []
        for name in (name for name in wanted if name != "rs4"):
            make, remedy = TOOLS[name]
            try:
                tool = make(arguments.threads)
            except ImportError as problem:
                missing.append(f"{name} is not here ({problem}): {remedy}")
                continue
            show_tool(name, tool, Path(folder), ours)
        for line in missing:
            print(line)


def show_tool(name, tool, folder, ours):
    """A pair that a tool gives up on is left out and counted as failed."""
    import SimpleITK

    rows, problems = [], []
    for number, (before, *_) in enumerate(ours):
        paths = [folder / f"{number:03}_{part}.nii.gz" for part in ("fixed", "moving", "moving_labels")]
        truth = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(folder / f"{number:03}_fixed_labels.nii.gz")))
        try:
            began = time.process_time()
            carried, seconds, folds = tool(*paths)
            cpu = time.process_time() - began
            rows.append((before, dice(carried, truth.transpose(2, 1, 0)), seconds, folds, cpu))
        except Exception as problem:
            problems.append(str(problem).strip().splitlines()[-1])
    if rows:
        show(name, rows, len(problems))
    if problems:
        print(f"{'':<12} {name} stopped on {len(problems)} pairs, which are left out: {problems[0]}")


if __name__ == "__main__":
    main()
