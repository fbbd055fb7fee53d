/** How the sum over k is written: loops over outer axes, and a block of steps written out one after the other. */
import { countOf, offsetAt, type Axes } from './groups.ts';

export interface DepthPlan {
  /** Axes with a loop of their own, outermost first. */
  readonly outer: Axes;
  /** The block: axes whose product are its steps ... */
  readonly inner: Axes;
  /** ... done so many at a time; the last of them may be fewer. */
  readonly block: number;
}

/** Steps at least worth writing out, and at most: texts are compiled. */
const longest = 12;

export function planDepth(k: Axes, { inFours }: { readonly inFours: boolean }): DepthPlan {
  const axes = k.filter(({ size }) => size !== 1);
  const last = axes.at(-1);
  if (last === undefined) return { outer: [], inner: [], block: 1 };
  if (inFours) return { outer: axes.slice(0, -1), inner: [last], block: 4 };
  let split = axes.length;
  while (split > 0 && countOf(axes.slice(split - 1)) <= longest) split--;
  if (split < axes.length) return { outer: axes.slice(0, split), inner: axes.slice(split), block: countOf(axes.slice(split)) };
  const even = [8, 7, 6, 5, 4].find((block) => last.size % block === 0);
  return { outer: axes.slice(0, -1), inner: [last], block: last.size % 4 === 0 ? 4 : (even ?? 4) };
}

/** Steps of one block with the offsets of its steps from its start in each operand. */
export interface DepthBlock {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** The loops, with `body` for each block; `depthLeft` and `depthRight` are then its start in each operand, in elements. */
export function emitDepth({ outer, inner, block }: DepthPlan, body: (block: DepthBlock) => string): string {
  const steps = countOf(inner);
  if (steps === 0) return '';
  const offsets = (tensor: 'left' | 'right') => Array.from({ length: block }, (_, i) => offsetAt(inner, tensor, i));
  const [left, right] = [offsets('left'), offsets('right')];
  const sum = (tensor: 'left' | 'right') =>
    outer.flatMap((axis, i) => (axis[tensor] === 0 ? [] : [`k${i} * ${axis[tensor]}u`])).join(' + ') || '0u';
  const part = (length: number): DepthBlock => ({ left: left.slice(0, length), right: right.slice(0, length) });
  const whole = Math.floor(steps / block);
  const rest = steps % block;
  const stride = (tensor: 'left' | 'right') => (inner.at(-1)?.[tensor] ?? 0) * block;
  const at = (start: string) =>
    `let depthLeft = outerLeft + ${start} * ${stride('left')}u; let depthRight = outerRight + ${start} * ${stride('right')}u;`;
  const lines = [
    ...outer.map(({ size }, i) => `for (var k${i} = 0u; k${i} < ${size}u; k${i}++) {`),
    `let outerLeft = ${sum('left')}; let outerRight = ${sum('right')};`,
    whole === 1 ? `{ let depthLeft = outerLeft; let depthRight = outerRight; ${body(part(block))} }` : '',
    whole > 1 ? `for (var block = 0u; block < ${whole}u; block++) { ${at('block')} ${body(part(block))} }` : '',
    rest > 0 ? `{ ${at(`${whole}u`)} ${body(part(rest))} }` : '',
    ...outer.map(() => '}'),
  ];
  return lines.filter((line) => line !== '').join('\n');
}
