"""PyTorch on the CPU, as its users train: modules, autograd, its own optimizers. Arguments: task file, threads (0 = all)."""
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


class Mlp(nn.Sequential):
    def __init__(self, network):
        layers = [nn.Flatten()]
        sizes = network["sizes"]
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            if i < len(sizes) - 2:
                layers.append(nn.Tanh() if network["activation"] == "tanh" else nn.ReLU())
        super().__init__(*layers)


class LeNet(nn.Sequential):
    def __init__(self, network):
        super().__init__(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )


class Cnn(nn.Sequential):
    def __init__(self, network):
        super().__init__(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
        )


class Lstm(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.embedding = nn.Embedding(network["vocabulary"], network["features"])
        self.lstm = nn.LSTM(network["features"], network["units"], batch_first=True)
        self.head = nn.Linear(network["units"], network["vocabulary"])

    def forward(self, tokens):
        states, _ = self.lstm(self.embedding(tokens))
        return self.head(states)


class Attention(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        # In the order of the weights: both matrices, then both biases.
        self.in_weight = nn.Parameter(torch.empty(3 * features, features))
        self.out_weight = nn.Parameter(torch.empty(features, features))
        self.in_bias = nn.Parameter(torch.empty(3 * features))
        self.out_bias = nn.Parameter(torch.empty(features))

    def forward(self, x):
        batch, time_steps, features = x.shape
        projected = functional.linear(x, self.in_weight, self.in_bias)
        query, key, value = projected.view(batch, time_steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return functional.linear(mixed.transpose(1, 2).reshape(batch, time_steps, features), self.out_weight, self.out_bias)


class Block(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(features)
        self.attention = Attention(features, heads)
        self.norm2 = nn.LayerNorm(features)
        self.dense = nn.Sequential(nn.Linear(features, 4 * features), nn.GELU(), nn.Linear(4 * features, features))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.dense(self.norm2(x))


class Gpt(nn.Module):
    def __init__(self, network):
        super().__init__()
        features = network["features"]
        self.embedding = nn.Embedding(network["vocabulary"], features)
        self.positions = nn.Embedding(network["time"], features)
        self.blocks = nn.Sequential(*[Block(features, network["heads"]) for _ in range(network["blocks"])])
        self.norm = nn.LayerNorm(features)
        self.head = nn.Linear(features, network["vocabulary"])

    def forward(self, tokens):
        return self.head(self.norm(self.blocks(self.embedding(tokens) + self.positions.weight)))


families = {"mlp": Mlp, "lenet": LeNet, "cnn": Cnn, "lstm": Lstm, "gpt": Gpt}


def cross_entropy(prediction, target):
    """Classes in the last axis; every time step counts alike."""
    return functional.cross_entropy(prediction.flatten(0, -2), target.flatten())


def answer(value):
    print(json.dumps(value), flush=True)


def training(task):
    data = numpy.fromfile(task["binary"], dtype=numpy.uint8)

    def read(place):
        length = int(numpy.prod(place["shape"], dtype=numpy.int64))
        kind = numpy.int32 if place["dtype"] == "i32" else numpy.float32
        values = numpy.frombuffer(data, dtype=kind, count=length, offset=place["offset"])
        return torch.from_numpy(values.copy()).reshape(place["shape"])

    inputs, targets = read(task["inputs"]), read(task["targets"])
    if inputs.dtype == torch.int32:
        inputs = inputs.long()
    if targets.dtype == torch.int32:
        targets = targets.long()
    weights = [read(place) for place in task["weights"]]
    size = task["batchSize"]
    batches = [(inputs[i * size : (i + 1) * size].clone(), targets[i * size : (i + 1) * size].clone()) for i in range(task["batchCount"])]
    model = families[task["network"]["family"]](task["network"])
    criterion = functional.mse_loss if task["loss"] == "mse" else cross_entropy
    config = task["optimizer"]

    def make_optimizer():
        rate = config["learningRate"]
        if config["type"] == "sgd":
            return torch.optim.SGD(model.parameters(), lr=rate, momentum=config["momentum"])
        kind = torch.optim.AdamW if config["type"] == "adamw" else torch.optim.Adam
        betas = (config["beta1"], config["beta2"])
        return kind(model.parameters(), lr=rate, betas=betas, eps=config["epsilon"], weight_decay=config["weightDecay"])

    def run(steps):
        parameters = list(model.parameters())
        assert [tuple(p.shape) for p in parameters] == [tuple(w.shape) for w in weights], "the weights do not fit this model"
        with torch.no_grad():
            for parameter, weight in zip(parameters, weights):
                parameter.copy_(weight)
        optimizer = make_optimizer()
        loss = None
        start = time.perf_counter()
        for i in range(steps):
            x, y = batches[i % len(batches)]
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        return {"elapsedUs": (time.perf_counter() - start) * 1e6, "loss": loss.item()}

    return run


def matmul(task):
    size = task["size"]

    def matrix(seed):
        index = numpy.arange(size * size, dtype=numpy.float64)
        mixed = numpy.mod(index * 2654435761 + seed, 2.0**32).astype(numpy.int64) >> 8
        return torch.from_numpy(((mixed % 1000) / 1000 - 0.5).astype(numpy.float32)).reshape(size, size)

    a, b = matrix(1), matrix(2)

    def run(steps):
        out = torch.empty(size, size)
        start = time.perf_counter()
        for _ in range(steps):
            torch.matmul(a, b, out=out)
        return {"elapsedUs": (time.perf_counter() - start) * 1e6, "loss": out[1, 1].item()}

    return run


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    if int(sys.argv[2]) > 0:
        torch.set_num_threads(int(sys.argv[2]))
    run = matmul(task) if task["kind"] == "matmul" else training(task)
    answer({"ready": f"PyTorch {torch.__version__}"})
    for line in sys.stdin:
        answer(run(json.loads(line)["steps"]))


try:
    main()
except Exception as error:  # The parent prints it.
    answer({"refused": f"{type(error).__name__}: {error}"})
