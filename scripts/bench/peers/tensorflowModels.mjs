/**
 * Twins of the networks in ../networks.ts for TensorFlow.js. Each family has `start`, which lays out our weights as its
 * users have them (dense (inputs, units), filters (height, width, inputs, units), images with the channel last), and
 * `predict(weights, x)`, which gives logits.
 */
import * as tf from '@tensorflow/tfjs-core';

export const families = {
  mlp: ({ sizes, activation }) => ({
    start: (weights) => weights.map(denseOrVector),
    predict: (weights, x) => {
      let h = tf.reshape(x, [x.shape[0], sizes[0]]);
      for (let l = 0; l < sizes.length - 1; l++) {
        h = linear(h, weights[2 * l], weights[2 * l + 1]);
        if (l < sizes.length - 2) h = activation === 'tanh' ? tf.tanh(h) : tf.relu(h);
      }
      return h;
    },
  }),

  lenet: () => ({
    start: ([w1, b1, w2, b2, w3, ...rest]) => [
      ...[w1, b1, w2, b2].map(filterOrVector),
      channelsLast(w3, 16, 5, 5),
      ...rest.map(denseOrVector),
    ],
    predict: ([w1, b1, w2, b2, w3, b3, w4, b4, w5, b5], x) => {
      let h = tf.maxPool(tf.relu(convolution(image(x), w1, b1, 'same')), 2, 2, 'valid');
      h = tf.maxPool(tf.relu(convolution(h, w2, b2, 'valid')), 2, 2, 'valid');
      h = tf.relu(linear(tf.reshape(h, [h.shape[0], -1]), w3, b3));
      return linear(tf.relu(linear(h, w4, b4)), w5, b5);
    },
  }),

  cnn: () => ({
    start: ([w1, b1, w2, b2, w3, b3, w4, ...rest]) => [
      ...[w1, b1, w2, b2, w3, b3].map(filterOrVector),
      channelsLast(w4, 64, 7, 7),
      ...rest.map(denseOrVector),
    ],
    predict: ([w1, b1, w2, b2, w3, b3, w4, b4, w5, b5], x) => {
      let h = tf.relu(convolution(image(x), w1, b1, 'same'));
      h = tf.maxPool(tf.relu(convolution(h, w2, b2, 'same')), 2, 2, 'valid');
      h = tf.maxPool(tf.relu(convolution(h, w3, b3, 'same')), 2, 2, 'valid');
      h = tf.relu(linear(tf.reshape(h, [h.shape[0], -1]), w4, b4));
      return linear(h, w5, b5);
    },
  }),

  gpt: ({ heads, blocks, time, features }) => {
    const mask = tf.tensor2d(
      Float32Array.from({ length: time * time }, (_, i) => (i % time > Math.floor(i / time) ? -1e9 : 0)),
      [time, time],
    );
    const headsFirst = (part, batch) => tf.transpose(tf.reshape(part, [batch, time, heads, features / heads]), [0, 2, 1, 3]);

    function attention(x, [qkvWeight, mixWeight, qkvBias, mixBias]) {
      const [batch] = x.shape; // x (B, T, C)
      const [query, key, value] = tf.split(linear(x, qkvWeight, qkvBias), 3, 2).map((part) => headsFirst(part, batch));
      const scores = tf.mul(tf.matMul(query, key, false, true), (features / heads) ** -0.5); // (B, H, T, T)
      const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), value);
      return linear(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, time, features]), mixWeight, mixBias);
    }

    return {
      // The two tables stay as they are, (rows, features).
      start: ([tokens, positions, ...rest]) => [tokens, positions, ...rest.map(denseOrVector)],
      predict: (weights, tokens) => {
        const left = [...weights];
        const take = () => left.shift();
        let x = tf.add(tf.gather(take(), tokens), take());
        for (let i = 0; i < blocks; i++) {
          x = tf.add(x, attention(layerNorm(x, take(), take()), [take(), take(), take(), take()]));
          const hidden = gelu(linear(layerNorm(x, take(), take()), take(), take()));
          x = tf.add(x, linear(hidden, take(), take()));
        }
        return linear(layerNorm(x, take(), take()), take(), take());
      },
    };
  },
};

/** (..., inputs) to (..., units); the leading axes become one, as in the library's own dense layer. */
function linear(x, weight, bias) {
  const [inputs, units] = weight.shape;
  const flat = tf.add(tf.matMul(tf.reshape(x, [-1, inputs]), weight), bias);
  return tf.reshape(flat, [...x.shape.slice(0, -1), units]);
}

function convolution(x, filter, bias, padding) {
  return tf.add(tf.conv2d(x, filter, 1, padding), bias);
}

function layerNorm(x, weight, bias) {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), weight), bias);
}

function gelu(x) {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** One channel: (B, 1, H, W) and (B, H, W, 1) are the same numbers in the same order. */
function image(x) {
  const [batch, , height, width] = x.shape;
  return tf.reshape(x, [batch, height, width, 1]);
}

function denseOrVector({ values, shape }) {
  return shape.length === 1 ? { values, shape } : permuted({ values, shape }, [1, 0]);
}

function filterOrVector({ values, shape }) {
  return shape.length === 1 ? { values, shape } : permuted({ values, shape }, [2, 3, 1, 0]);
}

/** A dense layer after flattened images: its inputs from (C, H, W) order into (H, W, C) order. */
function channelsLast({ values, shape: [units] }, channels, height, width) {
  const { values: reordered } = permuted({ values, shape: [units, channels, height, width] }, [2, 3, 1, 0]);
  return { values: reordered, shape: [height * width * channels, units] };
}

function permuted({ values, shape }, axes) {
  const outShape = axes.map((axis) => shape[axis]);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const out = new Float32Array(values.length);
  const place = new Array(shape.length).fill(0);
  for (let i = 0; i < out.length; i++) {
    out[i] = values[place.reduce((sum, at, k) => sum + at * strides[axes[k]], 0)];
    for (let k = place.length - 1; k >= 0 && ++place[k] === outShape[k]; k--) place[k] = 0;
  }
  return { values: out, shape: outShape };
}
