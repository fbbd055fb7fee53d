/** The part of an exported model that people call: from a row, pixels or a text to an answer in their own words. */
import type { ModelDescription } from './describeModel.ts';

export function interfaceText(description: ModelDescription): string {
  const { input, answer } = description;
  const parts = [
    ...(description.columns === undefined ? [] : [encodeText]),
    ...(description.image === undefined ? [] : [pixelsText]),
    answerTexts[answer],
    predictTexts[input],
  ];
  return parts.map((part) => part.trim()).join('\n\n');
}

/** The same preparation as in training (core/data/encoding.ts). */
const encodeText = `
const isGap = (cell) => cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell)) || cell === '';

/** Writes the features of a row, an object by column, from \`from\` on. */
function encode(row, out, from) {
  for (const { name, at, encoding } of model.columns) {
    const cell = row[name];
    if (encoding.kind === 'number') {
      const { shift, scale, fill, gapFeature } = encoding;
      const value = isGap(cell) ? NaN : Number(cell);
      const gap = Number.isNaN(value);
      out[from + at] = scale === 0 ? 0 : ((gap ? fill : value) - shift) * (1 / scale);
      if (gapFeature) out[from + at + 1] = gap ? 1 : 0;
    } else if (encoding.kind === 'category') {
      const { categories, seen, gapAt, width } = encoding;
      const code = isGap(cell) ? -1 : categories.indexOf(String(cell));
      // A category that training never saw is all zeros.
      if (isGap(cell)) {
        if (gapAt >= 0 && gapAt < width) out[from + at + gapAt] = 1;
      } else if (code >= 0 && seen[code]) out[from + at + code] = 1;
    } else out.set(cell, from + at);
  }
}

function featuresOf(row) {
  const out = new Float32Array(model.width);
  encode(row, out, 0);
  return out;
}
`;

const pixelsText = `
function scaled(pixels) {
  const { multiply, add, shape } = model.image;
  if (pixels.length !== count(shape)) throw new Error('Expected ' + shape.join(' × ') + ' pixels, got ' + pixels.length + '.');
  return Float32Array.from(pixels, (pixel) => pixel * multiply + add);
}
`;

/** \`answer(values, at)\`: what people read of the numbers from \`at\` on. */
const answerTexts: { readonly [K in ModelDescription['answer']]: string } = {
  classes: `
function answer(values, at) {
  let best = 0;
  for (let k = 1; k < model.names.length; k++) if (values[at + k] > values[at + best]) best = k;
  const probabilities = Object.fromEntries(model.names.map((name, k) => [name, values[at + k]]));
  return { prediction: model.names[best], probability: values[at + best], probabilities };
}
`,
  labels: `
function answer(values, at) {
  const probabilities = Object.fromEntries(model.names.map((name, k) => [name, values[at + k]]));
  return { prediction: model.names.filter((name, k) => values[at + k] >= 0.5), probabilities };
}
`,
  numbers: `
function answer(values, at) {
  const { shift, scale, unit } = model.targetScale ?? { shift: 0, scale: 1 };
  const own = Array.from(values.subarray(at), (value) => value * scale + shift);
  return { prediction: own.length === 1 ? own[0] : own, ...(unit === undefined ? {} : { unit }) };
}
`,
  values: `
function answer(values) {
  return { prediction: Array.from(values) };
}
`,
};

const predictTexts: { readonly [K in ModelDescription['input']]: string } = {
  row: `
function predict(row) {
  return answer(compute({ features: featuresOf(row) }), 0);
}
`,
  pixels: `
function predict(pixels) {
  return answer(compute({ image: scaled(pixels) }), 0);
}
`,
  rowAndPixels: `
function predict(row, pixels) {
  return answer(compute({ features: featuresOf(row), image: scaled(pixels) }), 0);
}
`,
  rows: `
function predict(rows) {
  if (rows.length !== model.steps) throw new Error('Expected ' + model.steps + ' rows, got ' + rows.length + '.');
  const out = new Float32Array(model.steps * model.width);
  rows.forEach((row, i) => encode(row, out, i * model.width));
  const values = compute({ [model.role]: out });
  if (model.answers === 1) return answer(values, 0);
  return Array.from({ length: model.answers }, (_, i) => answer(values, i * model.names.length));
}
`,
  tokens: `
/** Of a text or of codes; only the last tokens that fit are read. */
function predict(text) {
  const codes = Array.from(text, (token) => (typeof token === 'number' ? token : model.tokens.indexOf(token)));
  const unknown = codes.findIndex((code) => !(code >= 0 && code < model.tokens.length));
  if (unknown >= 0) throw new Error('Token ' + JSON.stringify(text[unknown]) + ' is not one of the ' + model.tokens.length + ' the network knows.');
  if (codes.length === 0) throw new Error('Expected at least one token.');
  const last = codes.slice(-model.steps);
  const window = new Int32Array(model.steps);
  window.set(last);
  return answer(compute({ [model.role]: window }), (last.length - 1) * model.names.length);
}
`,
};
