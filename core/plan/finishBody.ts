/**
 * From pulled expressions to the plain data of a LoopBody: dead nodes go, equal nodes become one, axes that every access
 * walks as one are merged, and constant offsets move to the buffers, so that kernels that differ in them share code.
 */
import { bounds, leaves, resolve, type Axis, type Expression } from './affine.ts';
import { Refused, type BuildNode, type Built, type BuildStore } from './buildBody.ts';
import type { ContractParts } from './groups.ts';
import type { Affine, AxisId, LoopBody, LoopNode, LoopStore, NodeId } from './loopBody.ts';
import type { Root } from './roots.ts';
import type { Buffer } from './storage.ts';
import { nodeCost, type WeighedNode } from './weigh.ts';

/** A buffer as a kernel sees it. */
export interface Access {
  readonly buffer: Buffer;
  /** Of element 0 of the body's accesses. */
  readonly byteOffset: number;
  /** Bytes from the buffer's start that may be touched. */
  low: number;
  high: number;
  readonly isWritten: boolean;
  /** Bytes that are touched, where they are few of those that may be. */
  touched?: number;
}

export interface Finished {
  readonly body: LoopBody;
  readonly accesses: readonly Access[];
  /** Leading outer axes that belong to a contraction's batch and m. */
  readonly batchAxes: number;
  readonly mAxes: number;
  readonly flops: number;
  /** About how many vector instructions an element of each phase, and a row, takes. */
  readonly rowCost: number;
  readonly phaseCosts: readonly number[];
}

interface Scope {
  readonly outer: readonly (readonly Axis[])[];
  readonly isNeeded: (root: Root) => boolean;
}

export function finishLoop(built: Built, isNeeded: (root: Root) => boolean): Finished {
  return finish(built, { outer: [built.outer], isNeeded });
}

export function finishEpilogue(built: Built, { batch, m, n }: ContractParts, isNeeded: (root: Root) => boolean): Finished {
  return finish(built, { outer: [batch, m, n], isNeeded });
}

/** @throws Refused where the columns of an epilogue are not one loop */
export function checkEpilogue(built: Built, { batch, m, n }: ContractParts): void {
  if (n.flatMap(leaves).filter(({ size }) => size > 1).length <= 1) return;
  const { merged } = mergeOuter(built, { outer: [batch, m, n], isNeeded: () => true });
  if (merged[2]!.length > 1) throw new Refused('n is not one axis');
}

const elementSizes = { f32: 4, i32: 4, u8: 1 } as const;

/** What is left of a kernel, and its outer axes as few as its accesses allow. */
function mergeOuter(built: Built, { outer, isNeeded }: Scope) {
  const stores = built.stores.filter(({ root }) => isNeeded(root));
  const live = collect(stores);
  const expressions = new Map<Expression, MutableExpression>();
  const note = (expression: Expression) => {
    const { offset, terms } = resolve(expression);
    expressions.set(expression, { offset, terms: new Map(terms), bounds: bounds({ offset, terms }) });
  };
  for (const node of live) if ('at' in node) note(node.at);
  for (const { at } of stores) note(at);
  const all = [...expressions.values()];
  return { stores, live, expressions, all, merged: outer.map((axes) => mergeAxes(axes.flatMap(leaves), all)) };
}

function finish(built: Built, scope: Scope): Finished {
  const { stores, live, expressions, all, merged } = mergeOuter(built, scope);
  const usedPhases = new Set(stores.map(({ phase }) => phase));
  for (const node of live) if (node.op === 'reduce') usedPhases.add(node.phase);
  const phaseNumbers = [...usedPhases].filter((phase) => phase !== undefined).sort((a, b) => a - b);

  const accessed = [...live.filter((node) => node.op === 'load'), ...stores].map(({ at }) => expressions.get(at)!);
  const outerLists = phaseNumbers.length === 0 && merged.length === 1 ? merged.map((axes) => longestLast(axes, accessed)) : merged;
  const phaseLists = phaseNumbers.map((phase) => mergeAxes(leaves(built.phases[phase]!), all));

  const sizes: number[] = [];
  const axisIds = new Map<Axis, AxisId>();
  for (const axis of [...outerLists, ...phaseLists].flat()) axisIds.set(axis, sizes.push(axis.size) - 1);
  const idsOf = (axes: readonly Axis[]) => axes.map((axis) => axisIds.get(axis)!);
  const affine = (expression: Expression, keepOffset: boolean): Affine => {
    const { offset, terms } = expressions.get(expression)!;
    const ordered = [...terms].map(([axis, coefficient]) => [axisIds.get(axis)!, coefficient] as const);
    return { offset: keepOffset ? offset : 0, terms: ordered.sort(([a], [b]) => a - b) };
  };

  const accesses: Access[] = [];
  function access(buffer: Buffer, expression: Expression | undefined, size: number, isWritten: boolean, whole = 0): number {
    const known = expression === undefined ? undefined : expressions.get(expression)!;
    const byteOffset = (known?.offset ?? 0) * size;
    const low = (known?.bounds[0] ?? 0) * size;
    const high = whole > 0 ? byteOffset + whole * size : ((known?.bounds[1] ?? 0) + 1) * size;
    const index = accesses.findIndex(
      (other) => other.buffer.key === buffer.key && other.byteOffset === byteOffset && other.isWritten === isWritten,
    );
    if (index < 0) return accesses.push({ buffer, byteOffset, low, high, isWritten }) - 1;
    const other = accesses[index]!;
    other.low = Math.min(other.low, low);
    other.high = Math.max(other.high, high);
    return index;
  }

  const nodes: LoopNode[] = [];
  const weighed: WeighedNode[] = [];
  const byKey = new Map<string, NodeId>();
  const ids = new Map<BuildNode, NodeId>();
  /** Phase axes a node depends on, as a phase; undefined for rows. */
  const levels: (number | undefined)[] = [];
  const axisPhase = new Map<AxisId, number>();
  phaseLists.forEach((axes, phase) => idsOf(axes).forEach((id) => axisPhase.set(id, phase)));
  for (const node of live) {
    const next = translate(node);
    const key = JSON.stringify(next);
    let id = byKey.get(key);
    if (id === undefined) {
      id = nodes.push(next) - 1;
      byKey.set(key, id);
      levels.push(levelOf(next));
      weighed.push({ node: next, level: levels[id] });
    }
    ids.set(node, id);
  }

  /** How often a gathered load is done: once for each index of its own axes and those its row depends on. */
  function gatheredElements(node: BuildNode): number {
    const own = new Set<Axis>();
    const visit = (other: BuildNode) => {
      if ('at' in other) for (const axis of expressions.get(other.at)!.terms.keys()) own.add(axis);
      other.inputs.forEach(visit);
    };
    visit(node);
    return [...own].reduce((total, axis) => total * axis.size, 1);
  }

  function levelOf(node: LoopNode): number | undefined {
    if (node.op === 'reduce') return undefined;
    let level: number | undefined;
    const meet = (other: number | undefined) => {
      if (other !== undefined) level = Math.max(level ?? 0, other);
    };
    if ('at' in node) for (const [axis] of node.at.terms) meet(axisPhase.get(axis));
    if ('inputs' in node) for (const input of node.inputs) meet(levels[input]);
    if (node.op === 'load' && node.row !== undefined) meet(levels[node.row.node]);
    return level;
  }

  function translate(node: BuildNode): LoopNode {
    const inputs = node.inputs.map((input) => ids.get(input)!);
    switch (node.op) {
      case 'load': {
        const size = elementSizes[node.storage.dtype];
        const { gathered } = node;
        const whole = gathered === undefined ? 0 : gathered.stride * gathered.count;
        const buffer = access(node.storage.buffer, node.at, size, false, whole);
        if (gathered !== undefined) accesses[buffer]!.touched = size * gatheredElements(node);
        const after = phaseNumbers.filter((phase) => phase < node.ready).length;
        const load = { op: 'load', buffer, dtype: node.dtype, at: affine(node.at, false), ...(after === 0 ? {} : { after }) } as const;
        if (gathered === undefined) return load;
        const status = access({ key: 'status', region: 'status' }, undefined, 8, true);
        return { ...load, row: { node: inputs[0]!, stride: gathered.stride, count: gathered.count, status } };
      }
      case 'tile':
        return { op: 'tile', dtype: 'f32' };
      case 'constant':
        return { op: 'constant', dtype: node.dtype, value: exact(node.value) };
      case 'index':
        return { op: 'index', dtype: 'i32', at: affine(node.at, true) };
      case 'random': {
        const step = access({ key: 'step', region: 'step' }, undefined, 16, false);
        return { op: 'random', dtype: 'f32', distribution: node.distribution, stream: node.stream, at: affine(node.at, true), step };
      }
      case 'unary':
        return { op: 'unary', dtype: node.dtype, fn: node.fn, inputs: [inputs[0]!] };
      case 'binary':
        return { op: 'binary', dtype: node.dtype, fn: node.fn, inputs: [inputs[0]!, inputs[1]!] };
      case 'select':
        return { op: 'select', dtype: node.dtype, inputs: [inputs[0]!, inputs[1]!, inputs[2]!] };
      case 'cast':
        return { op: 'cast', dtype: node.dtype, inputs: [inputs[0]!] };
      case 'reduce':
        return { op: 'reduce', dtype: node.dtype, fn: node.fn, phase: phaseNumbers.indexOf(node.phase), inputs };
    }
  }

  const finishedStores = stores.map(({ storage, at, node, phase }): LoopStore => {
    const size = elementSizes[storage.dtype];
    const buffer = access(storage.buffer, at, size, true);
    const store = { buffer, dtype: storage.dtype, at: affine(at, false), node: ids.get(node)! };
    return phase === undefined ? store : { ...store, phase: phaseNumbers.indexOf(phase) };
  });
  const outerIds = idsOf(outerLists.flat());
  const phaseIds = phaseLists.map(idsOf);
  const body = { sizes, outer: outerIds, phases: phaseIds, nodes, stores: finishedStores };
  const vector = chooseVector(body);
  const cost = (level: number | undefined) => weighed.reduce((sum, entry) => (entry.level === level ? sum + nodeCost(entry.node) : sum), 1);
  const product = (axes: readonly AxisId[]) => axes.reduce((total, axis) => total * sizes[axis]!, 1);
  const rowCount = product(outerIds);
  const arithmetic = (level: number | undefined) => weighed.filter((entry) => entry.level === level && isArithmetic(entry.node)).length;
  return {
    body: { ...body, vector, chunk: 1 },
    accesses,
    batchAxes: outerLists.length === 3 ? outerLists[0]!.length : 0,
    mAxes: outerLists.length === 3 ? outerLists[1]!.length : 0,
    flops: rowCount * phaseIds.reduce((sum, axes, phase) => sum + arithmetic(phase) * product(axes), arithmetic(undefined)),
    rowCost: cost(undefined),
    phaseCosts: phaseIds.map((_, phase) => cost(phase)),
  };
}

function isArithmetic({ op }: LoopNode): boolean {
  return op === 'unary' || op === 'binary' || op === 'select' || op === 'cast' || op === 'reduce' || op === 'random';
}

interface MutableExpression {
  readonly offset: number;
  readonly terms: Map<Axis, number>;
  readonly bounds: readonly [number, number];
}

/** Inputs before uses. */
function collect(stores: readonly BuildStore[]): BuildNode[] {
  const order: BuildNode[] = [];
  const seen = new Set<BuildNode>();
  const visit = (node: BuildNode) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const input of node.inputs) visit(input);
    order.push(node);
  };
  for (const { node } of stores) visit(node);
  return order;
}

/** Drops axes of size 1 and joins neighbours that every expression walks as one. */
function mergeAxes(axes: readonly Axis[], expressions: readonly MutableExpression[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = merged.at(-1);
    const fits = last !== undefined && expressions.every(({ terms }) => (terms.get(last) ?? 0) === (terms.get(axis) ?? 0) * axis.size);
    if (!fits) {
      merged.push(axis);
      continue;
    }
    const joint: Axis = { size: last.size * axis.size };
    for (const { terms } of expressions) {
      const coefficient = terms.get(axis);
      if (coefficient === undefined) continue;
      terms.delete(axis);
      terms.delete(last);
      terms.set(joint, coefficient);
    }
    merged[merged.length - 1] = joint;
  }
  return merged;
}

/** Elements that go in vectors at least. */
const shortAxis = 4;

/**
 * Where the last axis is too short for a vector, as in a copy that interleaves two images, the axis with most neighbours in
 * memory takes its place: elements of a loop without phases can be computed in any order.
 */
function longestLast(axes: readonly Axis[], accessed: readonly MutableExpression[]): readonly Axis[] {
  const last = axes.at(-1);
  if (last === undefined || last.size >= shortAxis) return axes;
  const neighbours = (axis: Axis) => accessed.filter(({ terms }) => terms.get(axis) === 1).length;
  const long = axes.filter((axis) => axis.size >= 2 * shortAxis && neighbours(axis) > 0);
  const best = long.toSorted((a, b) => neighbours(b) - neighbours(a) || b.size - a.size)[0];
  return best === undefined ? axes : [...axes.filter((axis) => axis !== best), best];
}

/** The axis along which more of the work inside phases is next to each other in memory. */
function chooseVector({ sizes, outer, phases, nodes, stores }: Omit<LoopBody, 'vector' | 'chunk'>): LoopBody['vector'] {
  const row = outer.at(-1);
  if (phases.length === 0) return 'outer';
  if (row === undefined) return 'inner';
  let inner = 0;
  let across = 0;
  const last = new Map(phases.map((axes) => [axes.at(-1), axes.reduce((total, axis) => total * sizes[axis]!, 1)] as const));
  for (const { at } of [...nodes.filter((node) => node.op === 'load'), ...stores]) {
    const steps = new Map(at.terms);
    const weight = Math.max(...at.terms.map(([axis]) => last.get(axis) ?? 1), 1);
    const along = [...last.keys()].find((axis) => axis !== undefined && steps.has(axis));
    if (along !== undefined) inner += (steps.get(along)! === 1 ? 1 : -2) * weight;
    const step = steps.get(row) ?? 0;
    across += (step === 1 ? 1 : step === 0 ? 0 : -2) * weight;
  }
  if (across <= inner) return 'inner';
  return sizes[row]! >= 4 ? 'outer' : 'inner';
}

function exact(value: number): number | 'NaN' | 'Infinity' | '-Infinity' | '-0' {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity');
}
