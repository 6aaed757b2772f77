import torch

print(f"{float(torch.tensor([1.0, 2.0, 3.0, 4.0]).sum()):.0f}")
