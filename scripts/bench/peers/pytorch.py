"""PyTorch on the CPU, as its users train: modules, autograd, its own optimizers. Arguments: task file, threads (0 = all)."""
import json
import math
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
    def __init__(self, features, heads, causal=True):
        super().__init__()
        self.heads = heads
        self.causal = causal
        # In the order of the weights: both matrices, then both biases.
        self.in_weight = nn.Parameter(torch.empty(3 * features, features))
        self.out_weight = nn.Parameter(torch.empty(features, features))
        self.in_bias = nn.Parameter(torch.empty(3 * features))
        self.out_bias = nn.Parameter(torch.empty(features))

    def forward(self, x):
        batch, time_steps, features = x.shape
        projected = functional.linear(x, self.in_weight, self.in_bias)
        query, key, value = projected.view(batch, time_steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
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


# Branches are registered layer by layer: the order in which our layers have their weights.
class BasicBlock(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, padding=1, bias=False)
        projects = stride > 1
        self.projection = nn.Conv2d(channels, filters, 1, stride, bias=False) if projects else nn.Identity()
        self.norm1 = nn.BatchNorm2d(filters)
        self.projection_norm = nn.BatchNorm2d(filters) if projects else nn.Identity()
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)

    def forward(self, x):
        y = functional.relu(self.norm1(self.conv1(x)))
        return functional.relu(self.norm2(self.conv2(y)) + self.projection_norm(self.projection(x)))


class ResNet20(nn.Sequential):
    def __init__(self, network):
        layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        for channels, filters in ((16, 16), (16, 32), (32, 64)):
            layers += [BasicBlock(channels, filters, filters // channels), BasicBlock(filters, filters, 1), BasicBlock(filters, filters, 1)]
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class NoisyResidual(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, channels)
        self.shortcut = nn.Identity() if channels == filters else nn.Conv2d(channels, filters, 1)
        self.shift = nn.Linear(128, filters)
        self.conv1 = nn.Conv2d(channels, filters, 3, padding=1)
        self.norm2 = nn.GroupNorm(8, filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1)

    def forward(self, x, level):
        y = self.conv1(functional.silu(self.norm1(x))) + self.shift(level)[:, :, None, None]
        return self.conv2(functional.silu(self.norm2(y))) + self.shortcut(x)


class ImageAttention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.attention = Attention(channels, 4, causal=False)

    def forward(self, x):
        return x + self.attention(self.norm(x).flatten(2).transpose(1, 2)).transpose(1, 2).reshape(x.shape)


class Ddpm28(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.first = nn.Conv2d(1, 32, 3, padding=1)
        self.level = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU())
        self.down_fine = NoisyResidual(32, 32)
        self.halve_fine = nn.Conv2d(32, 32, 3, 2, padding=1)
        self.down_middle = NoisyResidual(32, 48)
        self.halve_middle = nn.Conv2d(48, 48, 3, 2, padding=1)
        self.coarse_before = NoisyResidual(48, 96)
        self.attention = ImageAttention(96)
        self.coarse_after = NoisyResidual(96, 96)
        self.reduce_middle = nn.Conv2d(96, 48, 1)
        self.up_middle = NoisyResidual(96, 48)
        self.reduce_fine = nn.Conv2d(48, 32, 1)
        self.up_fine = NoisyResidual(64, 32)
        self.norm = nn.GroupNorm(8, 32)
        self.last = nn.Conv2d(32, 1, 3, padding=1)
        self.register_buffer("frequencies", torch.exp(torch.arange(32) * (-math.log(10000) / 31)), persistent=False)

    def forward(self, image, step):
        angle = step * self.frequencies
        level = self.level(torch.cat([angle.sin(), angle.cos()], dim=1))
        fine = self.down_fine(self.first(image), level)
        middle = self.down_middle(self.halve_fine(fine), level)
        coarse = self.coarse_before(self.halve_middle(middle), level)
        coarse = self.coarse_after(self.attention(coarse), level)
        up = functional.interpolate(self.reduce_middle(coarse), scale_factor=2)
        up = self.up_middle(torch.cat([up, middle], dim=1), level)
        up = functional.interpolate(self.reduce_fine(up), scale_factor=2)
        up = self.up_fine(torch.cat([up, fine], dim=1), level)
        return self.last(functional.silu(self.norm(up))).flatten(1)


class Gcn(nn.Module):
    """Kipf and Welling's, with the normalised adjacency prepared once as a sparse matrix: faster than index_add on each edge."""

    def __init__(self, network):
        super().__init__()
        self.weight1, self.bias1 = nn.Parameter(torch.empty(16, 1433)), nn.Parameter(torch.empty(16))
        self.weight2, self.bias2 = nn.Parameter(torch.empty(7, 16)), nn.Parameter(torch.empty(7))
        self.adjacency = None

    def prepare(self, nodes, edges):
        loops = torch.arange(nodes)
        source, target = torch.cat([edges[:, 0], loops]), torch.cat([edges[:, 1], loops])
        root = torch.bincount(target, minlength=nodes).float().rsqrt()
        values = root[source] * root[target]
        return torch.sparse_coo_tensor(torch.stack([target, source]), values, (nodes, nodes)).coalesce().to_sparse_csr()

    def forward(self, x, edges):
        if self.adjacency is None:
            self.adjacency = self.prepare(len(x), edges)
        hidden = functional.relu(self.adjacency @ (x @ self.weight1.T) + self.bias1)
        return self.adjacency @ (hidden @ self.weight2.T) + self.bias2


families = {"mlp": Mlp, "lenet": LeNet, "cnn": Cnn, "lstm": Lstm, "gpt": Gpt, "resnet20": ResNet20, "ddpm28": Ddpm28, "gcn": Gcn}


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

    def read_data(place):
        values = read(place)
        return values.long() if values.dtype == torch.int32 else values

    arrays = [read_data(place) for place in (task["inputs"], *task["furtherInputs"], task["targets"])]
    weights = [read(place) for place in task["weights"]]
    size = task["batchSize"]
    count = task["batchCount"]
    batches = [arrays] if count == 1 else [[values[i * size : (i + 1) * size].clone() for values in arrays] for i in range(count)]
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
            *x, y = batches[i % len(batches)]
            optimizer.zero_grad()
            loss = criterion(model(*x), y)
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
