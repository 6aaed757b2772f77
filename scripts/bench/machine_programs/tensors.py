import torch


def main():
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    for i in range(200_000):
        x = x + 1
    return x.sum()


print(f"{float(main()):.0f}")
