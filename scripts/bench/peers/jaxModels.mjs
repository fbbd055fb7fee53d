/**
 * Twins of the networks in ../networks.ts for jax-js: each takes the weights in our order and the batch, and gives
 * logits. Every array is used up by the first function that takes it; `.ref` keeps it for another.
 */
import { lax, nn, numpy as np } from '@jax-js/jax';

export const models = {
  mlp:
    ({ sizes, activation }) =>
    (weights, x) => {
      let h = x;
      for (let l = 0; l < sizes.length - 1; l++) {
        h = linear(h, weights[2 * l], weights[2 * l + 1]);
        if (l < sizes.length - 2) h = activation === 'tanh' ? np.tanh(h) : nn.relu(h);
      }
      return h;
    },

  lenet: () => (weights, x) => {
    const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5] = weights;
    let h = maxPool(nn.relu(convolution(x, w1, b1, 2)));
    h = maxPool(nn.relu(convolution(h, w2, b2, 0)));
    h = nn.relu(linear(h.reshape([h.shape[0], -1]), w3, b3));
    return linear(nn.relu(linear(h, w4, b4)), w5, b5);
  },

  cnn: () => (weights, x) => {
    const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5] = weights;
    let h = nn.relu(convolution(x, w1, b1, 1));
    h = maxPool(nn.relu(convolution(h, w2, b2, 1)));
    h = maxPool(nn.relu(convolution(h, w3, b3, 1)));
    h = nn.relu(linear(h.reshape([h.shape[0], -1]), w4, b4));
    return linear(h, w5, b5);
  },

  gpt:
    ({ vocabulary, features, heads, blocks }) =>
    (weights, tokens) => {
      const left = [...weights];
      const take = () => left.shift();
      let x = np.dot(nn.oneHot(tokens, vocabulary), take()).add(take());
      const [batch, time] = x.shape;
      for (let i = 0; i < blocks; i++) {
        const normal = layerNorm(x.ref, take(), take());
        const [qkvWeight, mixWeight, qkvBias, mixBias] = [take(), take(), take(), take()];
        const projected = linear(normal, qkvWeight, qkvBias).reshape([batch, time, 3, heads, features / heads]);
        const [query, key, value] = np.split(projected, 3, 2).map((part) => part.reshape([batch, time, heads, features / heads]));
        const mixed = nn.dotProductAttention(query, key, value, { isCausal: true }).reshape([batch, time, features]);
        x = x.add(linear(mixed, mixWeight, mixBias));
        const hidden = nn.gelu(linear(layerNorm(x.ref, take(), take()), take(), take()), { approximate: false });
        x = x.add(linear(hidden, take(), take()));
      }
      return linear(layerNorm(x, take(), take()), take(), take());
    },
};

function linear(x, weight, bias) {
  return np.dot(x, weight.transpose()).add(bias);
}

function convolution(x, weight, bias, padding) {
  const sides = [
    [padding, padding],
    [padding, padding],
  ];
  return lax.convGeneralDilated(x, weight, [1, 1], sides).add(bias.reshape([-1, 1, 1]));
}

function maxPool(x) {
  const [batch, channels, height, width] = x.shape;
  return np.max(x.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
}

function layerNorm(x, weight, bias) {
  return nn.standardize(x, -1, { epsilon: 1e-5 }).mul(weight).add(bias);
}
