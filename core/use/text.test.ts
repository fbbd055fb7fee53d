import { describe, expect, it } from 'vitest';
import type { Column } from '../data/dataSet.ts';
import { textColumn } from '../data/text.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createRandom } from '../random/philox.ts';
import { draw } from '../testing/documents.ts';
import { dataSetOf, trainedRun } from '../testing/trainedRuns.ts';
import { drawToken, readPrompt } from './text.ts';
import { createUseSession, type OnProgress } from './useSession.ts';

const quiet: OnProgress = async () => undefined;

/** Row t of the table: logits of what follows token t. */
const follows = (size: number, next: (token: number) => number, logit: number): number[] =>
  Array.from({ length: size * size }, (_, i) => (i % size === next(Math.floor(i / size)) ? logit : 0));

function writer(logit: number) {
  const column = textColumn('abcd\n'.repeat(20), 't.txt');
  const document = draw('in:input e:embedding out:output', 'in>e e>out', {
    in: { role: 'character' },
    e: { vocabulary: 5, features: 5 },
    out: { role: 'character' },
  });
  // \n a b c d → each the next one in this order.
  const trained = trainedRun(document, dataSetOf([column], 100, { kind: 'text', defaultTarget: 'character' }), {
    target: 'character',
    task: { type: 'nextToken', steps: 3, stride: 0 },
    weights: { 'e/weight': follows(5, (token) => (token + 1) % 5, logit) },
  });
  return createUseSession(createReferenceEngine(), trained, () => 0);
}

describe('a continued text', () => {
  it('goes on from the last token, beyond the window too', async () => {
    const session = writer(50);
    const options = { tokens: 7, temperature: 1, topK: 0, seed: 1 };
    expect(await session.generate('ab', options, quiet)).toEqual({ prompt: 'ab', text: 'cd\nabcd' });
    expect(await session.generate('xdxcx', { ...options, tokens: 2 }, quiet)).toEqual({ prompt: 'dc', text: 'd\n' });
    expect((await session.generate('', options, quiet)).text).toBe('abcd\nab');
    expect(session.abilities.generate).toMatchObject({ window: 3, alphabet: ['\n', 'a', 'b', 'c', 'd'] });
  });

  it('is the same for a seed and another for another', async () => {
    const session = writer(1);
    const ask = async (seed: number) => (await session.generate('a', { tokens: 40, temperature: 1, topK: 0, seed }, quiet)).text;
    expect(await ask(1)).toBe(await ask(1));
    expect(await ask(2)).not.toBe(await ask(1));
  });

  it('says every token, and ends where the listener throws', async () => {
    const said: string[] = [];
    const listen: OnProgress = async ({ done, text = '' }) => {
      said.push(text);
      if (done === 3) throw new Error('enough');
    };
    await expect(writer(50).generate('a', { tokens: 9, temperature: 0, topK: 0, seed: 1 }, listen)).rejects.toThrow('enough');
    expect(said).toEqual(['b', 'bc', 'bcd']);
  });
});

describe('a drawn token', () => {
  const share = (temperature: number, topK: number) => {
    const random = createRandom(1, 1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) counts[drawToken([0.6, 0.3, 0.1], temperature, topK, random)]!++;
    return counts.map((count) => count / 3000);
  };
  it.each([
    [1, 0, [0.6, 0.3, 0.1]],
    // p² of 0.6, 0.3, 0.1 is 36 : 9 : 1.
    [0.5, 0, [36 / 46, 9 / 46, 1 / 46]],
    [1, 2, [2 / 3, 1 / 3, 0]],
    [1, 1, [1, 0, 0]],
    [0, 0, [1, 0, 0]],
  ])('at temperature %d of the %d likeliest', (temperature, topK, expected) => {
    share(temperature, topK).forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThan(0.03));
  });
});

describe('a prompt', () => {
  it('is read without what the network never saw', () => {
    expect(readPrompt('a€b', ['a', 'b'])).toEqual([0, 1]);
  });
});

describe('a text written for another', () => {
  it('ends with the end token, each step from what was written before', async () => {
    const text = (name: string, values: string[], alphabet: string): Column => ({
      info: { name, type: 'text', missing: 0, alphabet, longest: 3 },
      type: 'text',
      values,
    });
    const rows = Array.from({ length: 20 }, (_, i) => i);
    const dataSet = dataSetOf(
      [
        text(
          'read',
          rows.map(() => 'pq'),
          'pq',
        ),
        text(
          'written',
          rows.map(() => 'xy'),
          'xy',
        ),
      ],
      20,
    );
    const document = draw('in:input w:input e:embedding out:output', 'w>e e>out', {
      in: { role: 'read' },
      w: { role: 'written so far' },
      e: { vocabulary: 5, features: 5 },
      out: { role: 'written' },
    });
    // start → x → y → end; tokens are padding, start, end, x, y.
    const next = [0, 3, 0, 4, 2];
    const trained = trainedRun({ ...document, nodes: document.nodes.filter(({ id }) => id !== 'in') }, dataSet, {
      target: 'written',
      task: { type: 'sequenceToSequence', source: 'read' },
      weights: { 'e/weight': follows(5, (token) => next[token]!, 40) },
    });
    const session = createUseSession(createReferenceEngine(), trained, () => 0);
    const { text: written, probability } = await session.translate('pq');
    expect(written).toBe('xy');
    expect(probability).toBeCloseTo(1, 6);
    expect(session.rows([3])[0]).toMatchObject({ values: { read: 'pq' }, truth: 'xy' });
    expect(session.abilities.translate?.examples[0]).toMatchObject({ source: 'pq', target: 'xy' });
  });
});
