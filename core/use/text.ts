/** Writing: a next-token network continues a text, a sequence-to-sequence network writes one for the text it read. */
import type { ColumnInfo } from '../data/dataSet.ts';
import { createRandom, type Random } from '../random/philox.ts';
import { decodeText, encodeText, endToken, findPair, startToken, tokenNames, writtenName } from '../tasks/sequenceToSequence.ts';
import type { Predictor } from './predict.ts';
import type { Trained } from './trained.ts';

/** Of the numbers a text is drawn with. */
const textStream = 0x7e87;

export interface WritingOptions {
  readonly tokens: number;
  /** 0: always the likeliest. */
  readonly temperature: number;
  /** Only the k likeliest; 0: all. */
  readonly topK: number;
  readonly seed: number;
}

/** What of a text the network knows, as codes. */
export function readPrompt(text: string, alphabet: readonly string[]): number[] {
  const codes = new Map(alphabet.map((token, code) => [token, code]));
  return [...text.normalize('NFC')].map((character) => codes.get(character) ?? -1).filter((code) => code >= 0);
}

/**
 * Token by token, each drawn from what the network says of the last `window` tokens. Without a prompt it begins as after a
 * line's end where there is such a token, else after the first one.
 */
export async function* writeTokens(
  predictor: Predictor,
  { inputs, data }: Trained,
  prompt: readonly number[],
  { tokens, temperature, topK, seed }: WritingOptions,
): AsyncGenerator<number> {
  const [role] = inputs;
  const window = role?.reading?.kind === 'window' ? role.reading.length : 1;
  const names = data.target.role.classNames ?? [];
  const context = prompt.length > 0 ? [...prompt] : [Math.max(0, names.indexOf('\n'))];
  const random = createRandom(seed, textStream);
  for (let i = 0; i < tokens; i++) {
    const seen = context.slice(-window);
    // What stands behind the last token is not looked at: the network reads from left to right.
    const given = new Int32Array(window);
    given.set(seen);
    const { values } = await predictor.predict([new Map([[role!.role.name, given]])]);
    const at = (seen.length - 1) * names.length;
    const next = drawToken(values.subarray(at, at + names.length), temperature, topK, random);
    context.push(next);
    yield next;
  }
}

/** p^(1/temperature) among the k likeliest; of equal ones the first. */
export function drawToken(probabilities: ArrayLike<number>, temperature: number, topK: number, random: Random): number {
  const order = Array.from(probabilities, (_, code) => code).sort((a, z) => probabilities[z]! - probabilities[a]! || a - z);
  const kept = topK > 0 ? order.slice(0, topK) : order;
  if (temperature === 0) return kept[0] ?? 0;
  const largest = Math.log(Math.max(probabilities[kept[0]!]!, Number.MIN_VALUE));
  const weights = kept.map((code) => Math.exp((Math.log(Math.max(probabilities[code]!, Number.MIN_VALUE)) - largest) / temperature));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < kept.length; i++) {
    left -= weights[i]!;
    if (left < 0) return kept[i]!;
  }
  return kept.at(-1) ?? 0;
}

/** Greedy decoding. `probability`: of the whole text, as the network sees it. */
export async function translateText(
  predictor: Predictor,
  trained: Trained,
  text: string,
): Promise<{ readonly text: string; readonly probability: number }> {
  const pair = pairOf(trained);
  const kinds = tokenNames(pair.target).length;
  const read = encodeText(text, pair.source, pair.readSteps);
  const written = new Int32Array(pair.writtenSteps);
  written[0] = startToken;
  const codes: number[] = [];
  let probability = 1;
  while (codes.length < pair.writtenSteps) {
    const { values } = await predictor.predict([
      new Map([
        [pair.source.name, read],
        [writtenName, written],
      ]),
    ]);
    const step = values.subarray(codes.length * kinds, (codes.length + 1) * kinds);
    let best = 0;
    for (let code = 1; code < kinds; code++) if (step[code]! > step[best]!) best = code;
    probability *= step[best]!;
    codes.push(best);
    if (best === endToken) break;
    if (codes.length < pair.writtenSteps) written[codes.length] = best;
  }
  return { text: decodeText(codes, pair.target), probability };
}

export interface TextPair {
  readonly source: ColumnInfo;
  readonly target: ColumnInfo;
  readonly readSteps: number;
  readonly writtenSteps: number;
}

export function pairOf({ config, dataSet }: Trained): TextPair {
  const { task } = config;
  if (task.type !== 'sequenceToSequence') throw new Error(`A run of the task ${task.type} reads no text.`);
  return findPair(dataSet.info, config.preparation, task.source);
}
