/** What is there to see of attention in a layer: who looks at whom, head by head, and how a head is muted. */
import { elementsWhere } from '../../../../../core/explain/indices.ts';
import type { Edit } from '../../../../../core/explain/record.ts';
import type { LayerStage, Stage, TensorRef } from '../../../../../core/explain/stages.ts';
import { insideOf } from '../layerParts.ts';

export interface Attention {
  /** (B, heads, Tq, Tk), or with groups of heads (B, groups, heads, Tq, Tk). */
  readonly weights: TensorRef;
  /** (B, Tq, heads, d), or (B, Tq, groups, heads, d). */
  readonly heard: TensorRef;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** The layer's input that is looked at. */
  readonly keyPort: number;
}

/** A decoder block has two: to itself, then to its memory. */
export function attentionsOf(stage: LayerStage): Attention[] {
  const heard = insideOf(stage, 'heads');
  return insideOf(stage, 'attention').flatMap((weights, i): Attention[] => {
    const own = heard[i];
    if (own === undefined || weights.shape.length < 4) return [];
    const [queries = 1, keys = 1] = weights.shape.slice(-2);
    const heads = weights.shape.slice(1, -2).reduce((all, size) => all * size, 1);
    return [{ weights, heard: own, heads, queries, keys, keyPort: stage.type === 'crossAttention' || i > 0 ? 1 : 0 }];
  });
}

/** What a head of all samples heard is 0; nothing else changes. */
export function muteEdits({ heard }: Attention, head: number): Edit[] {
  const { id: value, shape } = heard;
  if (shape.length === 4) return [{ value, at: { axis: 2, index: head }, to: 0 }];
  const [, , , perGroup = 1] = shape;
  const place = [undefined, undefined, Math.floor(head / perGroup), head % perGroup, undefined];
  return elementsWhere(place, shape).map((element) => ({ value, at: { element }, to: 0 }));
}

const sameEdit = (a: Edit, b: Edit): boolean => a.value === b.value && a.to === b.to && JSON.stringify(a.at) === JSON.stringify(b.at);

export function isMuted(edits: readonly Edit[], attention: Attention, head: number): boolean {
  const [first] = muteEdits(attention, head);
  return first !== undefined && edits.some((edit) => sameEdit(edit, first));
}

/** The edits with a head muted, or heard again. */
export function withMute(edits: readonly Edit[], attention: Attention, head: number, muted: boolean): Edit[] {
  const own = muteEdits(attention, head);
  // Thousands of a grouped head are compared by their key.
  const keys = new Set(own.map(({ at }) => JSON.stringify(at)));
  const others = edits.filter((edit) => edit.value !== attention.heard.id || !keys.has(JSON.stringify(edit.at)));
  return muted ? [...others, ...own] : others;
}

/** The Input of tokens that a port's steps stand for: as many, with names for its numbers. */
export function tokensBehind(
  stages: readonly Stage[],
  stage: LayerStage,
  port: number,
  steps: number,
  roleNames: Readonly<Record<string, readonly string[]>>,
): { readonly ref: TensorRef; readonly names: readonly string[] } | undefined {
  const layers = new Map(stages.flatMap((own) => (own.phase === 'forward' ? [[own.node, own] as const] : [])));
  const waiting = [stage.inputNodes[port]];
  const seen = new Set<string>();
  while (waiting.length > 0) {
    const layer = layers.get(waiting.shift() ?? '');
    if (layer === undefined || seen.has(layer.node)) continue;
    seen.add(layer.node);
    const names = layer.type === 'input' ? roleNames[String(layer.params['role'])] : undefined;
    if (names !== undefined && layer.output.shape.length === 2 && layer.output.shape[1] === steps) return { ref: layer.output, names };
    waiting.push(...layer.inputNodes);
  }
  return undefined;
}

/** A token as it is written on an axis: a space and a line break can be seen. */
export function tokenText(name: string | undefined, index: number): string {
  if (name === undefined) return String(index + 1);
  return name === ' ' ? '␣' : name === '\n' ? '⏎' : name === '\t' ? '⇥' : name;
}

/** Where a row looks, the largest weight first. */
export function looksAt(weights: ArrayLike<number>, limit: number): { readonly key: number; readonly weight: number }[] {
  return Array.from(weights, (weight, key) => ({ key, weight }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, limit);
}
