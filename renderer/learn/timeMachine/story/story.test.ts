import { describe, expect, it } from 'vitest';
import type { LayerStage, Stage, TensorRef } from '../../../../core/explain/stages.ts';
import { momentsOf } from '../moments.ts';
import { strongest } from '../tensorPlane.ts';
import { tourOf } from '../tour/captions.ts';
import { readLink, writeLink, type MachineLink } from './links.ts';
import { drawPicture, type Picture } from './picture.ts';
import { stoppedProblem } from './stopped.ts';

describe('a link', () => {
  const link: MachineLink = {
    of: { run: 12 },
    row: 3,
    at: 5,
    number: { value: 12, element: 7 },
    earlier: [],
    edits: [
      { value: 12, at: { element: 7 }, to: -0.5 },
      { value: 4, at: { axis: 1, index: 2 }, to: 1e-7 },
    ],
  };

  it('brings back what it was written from', () => {
    expect(writeLink(link)).toBe('#learn=run.12&row=3&at=5&number=12.7&edit=12.7:-0.5&edit=4.1.2:1e-7');
    expect(readLink(`http://127.0.0.1:8080/${writeLink(link)}`)).toEqual(link);
    const plain: MachineLink = { of: { network: 'a b/ü' }, row: 0, at: 0, earlier: [], edits: [] };
    expect(readLink(writeLink(plain))).toEqual(plain);
  });

  it('names the steps of training before it, with what was changed in them', () => {
    const far: MachineLink = { ...link, earlier: [[], link.edits.slice(0, 1), []] };
    expect(writeLink(far)).toBe('#learn=run.12&row=3&at=5&number=12.7&steps=3&edit=12.7:-0.5@2&edit=12.7:-0.5&edit=4.1.2:1e-7');
    expect(readLink(writeLink(far))).toEqual(far);
  });

  it.each([
    ['https://example.org/', 'it does not lead to the time machine'],
    ['#learn=', 'it names neither a run nor a network'],
    ['#learn=run.x&row=1&at=1', 'it names neither a run nor a network'],
    ['#learn=network.%E0%A4%A&row=1&at=1', 'it names neither a run nor a network'],
    ['#learn=run.1&at=1', 'its “row” is not a whole number from 0 on'],
    ['#learn=run.1&row=1&at=-1', 'its “at” is not a whole number from 0 on'],
    ['#learn=run.1&row=1&at=1&number=3', 'its “number” is not written value.element'],
    ['#learn=run.1&row=1&at=1&edit=3.4:NaN', 'a change in it is no number'],
    ['#learn=run.1&row=1&at=1&edit=3:1', 'a change in it is no number'],
    ['#learn=run.1&row=1&at=1&steps=1001', 'it takes more than 1000 steps of training'],
    ['#learn=run.1&row=1&at=1&steps=2&edit=1.1:1@3', 'a change in it belongs to no step'],
    ['#learn=run.1&row=1&at=1&script=1', 'it says “script”, which nothing here is called'],
    [`#learn=run.1&row=1&at=1${'&edit=1.1:1'.repeat(201)}`, 'it changes more than 200 numbers'],
  ])('%.60s is refused in one sentence', (text, why) => {
    expect(() => readLink(text)).toThrow(`This link cannot be opened: ${why}.`);
  });
});

describe('a link whose steps cannot all be taken again', () => {
  const stopped = (done: number, cause: string | undefined, isElsewhere = false) => stoppedProblem({ done, total: 5, cause, isElsewhere });

  it.each([
    [stopped(2, 'This value has no element 9.'), 'step 3 could not be taken again: This value has no element 9.', 'behind step 2'],
    [stopped(0, 'This network has no value 12.'), 'step 1 could not be taken again: This network has no value 12.', 'at its first step'],
    [stopped(1, undefined), 'step 2 could not be taken again: another step or change came in between.', 'Open the link again'],
    [stopped(1, undefined, true), 'step 2 could not be taken again: something else was opened meanwhile.', 'Open the link again'],
  ])('says how far it came, why, and what to do: %#', ({ message, hint }, words, way) => {
    expect(message).toBe(`This link leads over 5 steps of training; ${words}`);
    expect(hint).toContain(way);
  });
});

describe('a picture', () => {
  const colours = { paper: '#fff', ink: '#000', dim: '#666', high: '#00f', low: '#f80' };
  const picture: Picture = {
    title: 'dense <1> & more',
    rule: 'z = W·x + b',
    notes: ['net', 'row 3'],
    panels: [{ title: 'weights W', shape: [2, 2], numbers: Float32Array.of(0.5, -1, 0, 0.25) }],
    lines: ['gradient 0.5'],
    colours,
  };

  it('is drawn from the numbers, with title, rule and story', () => {
    const svg = drawPicture(picture);
    expect(svg).toContain('<title>dense &lt;1&gt; &amp; more</title>');
    expect(svg).toContain('z = W·x + b');
    expect([...svg.matchAll(/data-number="([^"]+)"/g)].map(([, number]) => Number(number))).toEqual([0.5, -1, 0, 0.25]);
    expect(svg).toContain('>gradient 0.5</text>');
    expect(svg).not.toMatch(/foreignObject|<image/);
  });

  const covered = (svg: string): number => [...svg.matchAll(/M\d+ \d+h(\d+)v1/g)].reduce((sum, [, length]) => sum + Number(length), 0);

  it('draws every number of a large matrix, as paths', () => {
    const svg = drawPicture({
      ...picture,
      panels: [{ title: 'W', shape: [300, 784], numbers: new Float32Array(300 * 784).map((_, i) => (i % 7) - 3.5) }],
    });
    expect(svg).toContain('>W  300 × 784</text>');
    expect(covered(svg)).toBe(300 * 784);
    expect(svg).not.toContain('data-number');
  });

  it('draws the planes of an image side by side', () => {
    const planes = (count: number) =>
      drawPicture({ ...picture, panels: [{ title: 'y', shape: [1, count, 28, 28], numbers: new Float32Array(count * 784).fill(1) }] });
    expect([...planes(6).matchAll(/data-number="1"/g)]).toHaveLength(6 * 784);
    expect(covered(planes(32))).toBe(32 * 784);
    expect(planes(100)).toContain('1 × 100 × 28 × 28, the first 64 of 100 planes');
  });

  it('cuts what is too large, and says so', () => {
    const svg = drawPicture({ ...picture, panels: [{ title: 'W', shape: [2000, 1000], numbers: new Float32Array(2_000_000).fill(-1) }] });
    expect(svg).toContain('the first 250 × 1000 of 2000 × 1000');
    expect(covered(svg)).toBe(250_000);
  });
});

describe('the tour', () => {
  let id = 0;
  const ref = (name: string, shape: readonly number[] = [1, 2], dtype: 'f32' | 'i32' = 'f32'): TensorRef => ({
    id: ++id,
    name,
    shape,
    dtype,
    gradient: ++id,
  });
  const layer = (node: string, type: string, inputs: readonly TensorRef[], inside: readonly TensorRef[], weights: readonly TensorRef[]): LayerStage => ({
    node, name: node, type, params: {}, inputNodes: [], inputs, inside, output: ref('output'), weights: weights.map((own) => ({ ...own, slot: `${node}/weight` })),
  }); // prettier-ignore
  const input = layer('x', 'input', [], [], []);
  const dense = layer('dense_1', 'dense', [input.output], [ref('preActivation')], [ref('weight', [2, 2])]);
  const weight = dense.weights[0]!;
  const parameter = { slot: weight.slot, name: 'weight', node: 'dense_1', shape: [2, 2], value: weight.id, gradient: weight.gradient!, states: [], after: ++id }; // prettier-ignore
  const loss: Stage = { phase: 'loss', type: 'crossEntropy', prediction: dense.output, readable: ref('probabilities'), target: ref('target', [1, 1], 'i32'), sampleLoss: ref('sampleLoss', [1]), loss: ref('loss', []) }; // prettier-ignore
  const stages: Stage[] = [
    { phase: 'forward', ...input },
    { phase: 'forward', ...dense },
    loss,
    { phase: 'backward', ...dense },
    { phase: 'update', node: 'dense_1', name: 'dense_1', type: 'dense', optimizer: 'sgd', parameters: [parameter] },
  ];
  const moments = momentsOf(stages);

  it('goes through the step in its order, each caption at its moment, with the numbers it is given', () => {
    const captions = tourOf({ stages, rows: [3], classNames: ['cat', 'dog'] }, moments);
    expect(captions.map((caption) => caption.id)).toEqual([
      'sample', 'weights', 'sum', 'gives', 'prediction', 'loss', 'turn', 'arrives back', 'gradient', 'update', 'end',
    ]); // prettier-ignore
    expect(captions.map(({ at }) => at)).toEqual(captions.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(captions.map(({ at }) => moments[at]!.kind).slice(0, 5)).toEqual(['gives', 'arrives', 'inside', 'gives', 'loss']);
    const say = (name: string, ...numbers: number[][]) =>
      captions.find((caption) => caption.id === name)!.say(numbers.map((own) => Float32Array.from(own)));
    expect(say('sample', [1, -2.5])).toBe('This is row 3 of the data: 2 numbers go in, the strongest is -2.5.');
    expect(say('prediction', [0.25, 0.75], [0])).toBe('At the end the network says dog with 75.0 %; it is cat, which got 25.0 %.');
    const quoteOf = (name: string, ...numbers: number[][]) =>
      captions.find((caption) => caption.id === name)!.quote?.(numbers.map((own) => Float32Array.from(own)));
    expect(quoteOf('sample', [1, -2.5])).toEqual({ value: input.output.id, element: 1, role: 'value' });
    expect(quoteOf('gradient', [0.1, -0.2, 0, 0])).toEqual({ value: weight.id, element: 1, role: 'gradient' });
    expect(quoteOf('update', [0.1, -0.2, 0, 0])).toEqual({ value: weight.id, element: 1, role: 'after' });
    expect(quoteOf('gives', [1, 0])).toBeUndefined();
    expect(say('update', [0.1, -0.2, 0, 0], [1, 2, 3, 4], [0.5, 2.5, 3, 4])).toContain('weight 1 goes from 2 to 2.5');
  });

  it('finds the strongest number, whatever its sign', () => {
    expect(strongest([1, -3, 2])).toBe(1);
  });
});
