#!/usr/bin/env bash
# Found 2026-11-30 with timm 1.0.31 (torch 2.15.0, numpy 2.4.6), Python 3.11.
#
# Two layouts of the same Swin Transformer use the same words for different weights. In the checkpoints of Swin's authors
# (and in Swin-Unet, which starts from them) the merging of patches closes a stage: layers.0.downsample to
# layers.2.downsample. In timm it opens the next one: layers.1.downsample to layers.3.downsample, in the same shapes
# shifted by one. A loader that goes by names and leaves out what does not fit in shape, as Swin-Unet's own does, fills the
# rest of the encoder from a timm checkpoint, and all three patch mergings keep their random values.
#
# Seen:
#   timm: layers.1 (192, 384), layers.2 (384, 768), layers.3 (768, 1536)
#   the authors' names: layers.0 (192, 384), layers.1 (384, 768), layers.2 (768, 1536); same name and shape in both: none
#
# Installs torch (some gigabytes). Exits 1 if the behaviour has changed.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" -q install timm==1.0.31 torch==2.15.0 numpy==2.4.6
"$folder/python/bin/python" - <<'PYTHON'
import sys

import timm

net = timm.create_model("swin_tiny_patch4_window7_224", pretrained=False)
ending = ".downsample.reduction.weight"
timms = {name[: -len(ending)]: tuple(weight.shape) for name, weight in net.state_dict().items() if name.endswith(ending)}
# A stage with C channels is closed by a merging from 4 C to 2 C; Swin-T begins with 96.
authors = {f"layers.{stage}": (2 * width, 4 * width) for stage, width in enumerate([96, 192, 384])}
same = [name for name, shape in authors.items() if timms.get(name) == shape]


def listed(found):
    return ", ".join(f"{name} {shape}" for name, shape in found.items())


print("timm:", listed(timms))
print(f"the authors' names: {listed(authors)}; same name and shape in both: {', '.join(same) or 'none'}")
expected = {"layers.1": (192, 384), "layers.2": (384, 768), "layers.3": (768, 1536)}
sys.exit(0 if timms == expected and not same else 1)
PYTHON
