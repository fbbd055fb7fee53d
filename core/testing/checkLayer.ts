/**
 * The battery every layer passes: JSON round trip, inferred shape = computed shape, gradients = central differences,
 * every engine = the reference, forward and gradients = PyTorch's, one step lowers a loss, bad parameters are named.
 */
import type { LayerNode, ParamValue, ParamValues } from '../graph/document.ts';
import { concreteShape, dim, batchDim, formatShape, type DimName, type Shape } from '../graph/shape.ts';
import type { AnyContext } from '../graph/inferShapes.ts';
import { emptyDocument, parseDocumentText, serializeDocument } from '../graph/parseDocument.ts';
import { isIntegers } from '../layers/helpers.ts';
import { checkParams, findLayer, resolveParams } from '../layers/index.ts';
import { isShapeProblem, type LayerDefinition, type ParamSpec, type WeightSpec } from '../layers/defineLayer.ts';
import { elementCount } from '../ops/shapes.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { SlotSpec, TensorType } from '../program/program.ts';
import type { SlotData } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { checkOp, enginesUnderTest, runProgram, type InputSpec } from './checkOp.ts';
import { expectClose } from './compare.ts';
import { engineTolerances, torchTolerance } from './tolerances.ts';
import { layerFixtures, wave, type LayerFixture } from './torchFixture.ts';

export interface LayerCheck {
  readonly type: string;
  readonly params?: ParamValues;
  /** One sample's dimensions per input, e.g. `['F5']`, `['C1 H4 W4']` `['T4']` for tokens 0 to 3, `['N5 F2', 'E6 N2']` for graphs. */
  readonly inputs: readonly string[];
  /** Where inputs are drawn from, off the layer's kinks. */
  readonly range?: readonly [number, number];
  readonly mode?: 'train' | 'evaluate';
  /** Names in core/layers/fixtures/torch.json. */
  readonly fixtures?: readonly string[];
  /** What shape must come out, e.g. `B × 4`. */
  readonly shape: string;
}

const batchSize = 3;

/** @throws Error naming the first thing that is wrong */
export async function checkLayer(check: LayerCheck): Promise<void> {
  const definition = findLayer(check.type);
  if (definition === undefined) throw new Error(`Layer ${check.type} is missing in core/layers/index.ts.`);
  checkTexts(definition);
  checkRoundTrip(check, definition);
  checkBadParams(definition);
  const { context, output } = inferOutput(definition, check.params ?? {}, check.inputs.map(readShape));
  if (formatShape(output) !== check.shape) throw new Error(`${check.type}: inferred ${formatShape(output)}, expected ${check.shape}`);
  await checkGradients(check, definition, context, output);
  await checkLearns(check, definition, context);
  for (const name of check.fixtures ?? []) await checkFixture(name, definition);
}

/** `C1 H4 W4` → B × 1 × 4 × 4 */
export function readShape(text: string): Shape {
  return [batchDim, ...text.split(' ').map((word) => dim(word[0] as DimName, Number(word.slice(1))))];
}

function inferOutput(definition: LayerDefinition, params: ParamValues, inputs: readonly Shape[]): { context: AnyContext; output: Shape } {
  const context: AnyContext = {
    params: resolveParams(definition, params),
    inputs,
    inputNames: inputs.map((_, i) => `input_${i + 1}`),
    name: 'layer_1',
  };
  const output = definition.inferShape(context);
  if (isShapeProblem(output)) throw new Error(`${definition.type}: ${output.message}`);
  const flops = definition.flops?.(context) ?? 0;
  if (!Number.isFinite(flops) || flops < 0) throw new Error(`${definition.type}: flops ${flops}`);
  return { context, output };
}

function checkTexts({ type, title, doc, params, version }: LayerDefinition): void {
  const texts = [title, doc.summary, doc.source, ...Object.values(params).flatMap((spec) => [spec.label, spec.doc])];
  if (texts.some((text) => text.trim() === '')) throw new Error(`${type}: a title, summary, source, label or hint is empty`);
  if (!Number.isInteger(version) || version < 1) throw new Error(`${type}: version ${version}`);
}

function nodeOf({ type, params = {} }: Pick<LayerCheck, 'type' | 'params'>): LayerNode {
  return { id: 'n1', type, typeVersion: findLayer(type)?.version ?? 1, name: 'layer_1', params, position: { x: 1, y: 2 } };
}

function checkRoundTrip(check: LayerCheck, definition: LayerDefinition): void {
  const node = nodeOf(check);
  const problems = checkParams(definition, node);
  if (problems[0] !== undefined) throw new Error(problems[0].message);
  const document = { ...emptyDocument('check'), nodes: [node] };
  const text = serializeDocument(document);
  const again = parseDocumentText(text);
  if (serializeDocument(again) !== text)
    throw new Error(`${check.type}: JSON round trip gave ${serializeDocument(again)}, expected ${text}`);
}

/** Every parameter, given values it can't have, yields one Problem that names node and parameter. */
function checkBadParams(definition: LayerDefinition): void {
  for (const [name, spec] of Object.entries(definition.params)) {
    for (const value of badValues(spec)) {
      const problems = checkParams(definition, nodeOf({ type: definition.type, params: { [name]: value } }));
      const where = problems[0]?.where;
      const named =
        problems.length === 1 &&
        where?.kind === 'node' &&
        where.param === name &&
        problems[0]?.message.startsWith(`layer_1: ${spec.label} `);
      if (!named) throw new Error(`${definition.type}: ${name} = ${JSON.stringify(value)} gave ${JSON.stringify(problems)}`);
    }
  }
}

function badValues(spec: ParamSpec): ParamValue[] {
  switch (spec.kind) {
    case 'integer':
      return [spec.min - 1, spec.max + 1, spec.min + 0.5, 'many', true, NaN, [1]];
    case 'number':
      return [spec.min - 1, spec.max + 1, 'many', true, NaN];
    case 'boolean':
      return [1, 'yes'];
    case 'choice':
      return ['no such choice', 1];
    case 'sizes':
      return [spec.min - 1, spec.max + 1, spec.min + 0.5, 'many', true, [], [...spec.axes, ''].map(() => spec.min)];
    case 'text':
    case 'role':
      return [1, false];
    default:
      return spec satisfies never;
  }
}

/** The layer's weights as inputs of a check, of a size at which sums stay about 1; statistics may be variances. */
function weightInputs(definition: LayerDefinition, context: AnyContext): Record<string, InputSpec> {
  const inputs = (specs: readonly WeightSpec[], range: readonly [number, number]) =>
    specs.map(({ name, shape }): [string, InputSpec] => [name, { shape, range }]);
  return Object.fromEntries([...inputs(definition.weights(context), [-1, 1]), ...inputs(statisticsOf(definition, context), [0.5, 1.5])]);
}

function statisticsOf(definition: LayerDefinition, context: AnyContext): readonly WeightSpec[] {
  return definition.statistics?.(context) ?? [];
}

function lowerLayer(
  definition: LayerDefinition,
  context: AnyContext,
  mode: 'train' | 'evaluate',
  b: Builder,
  inputs: Readonly<Record<string, Value>>,
  assign: (name: string, value: Value) => void = () => undefined,
): Value {
  const values = context.inputs.map((_, i) => inputs[`x${i}`]).filter((value) => value !== undefined);
  const { statistics } = definition;
  return definition.lower({
    ...context,
    b,
    values,
    weights: pick(inputs, definition.weights(context)),
    ...(statistics === undefined ? {} : { statistics: { values: pick(inputs, statistics(context)), assign } }),
    mode,
  });
}

function pick(inputs: Readonly<Record<string, Value>>, specs: readonly WeightSpec[]): Record<string, Value> {
  return Object.fromEntries(specs.flatMap(({ name }) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])));
}

async function checkGradients(check: LayerCheck, definition: LayerDefinition, context: AnyContext, output: Shape): Promise<void> {
  const inputs = Object.fromEntries(
    context.inputs.map((shape, i): [string, InputSpec] => [
      `x${i}`,
      {
        shape: concreteShape(shape, batchSize),
        ...(isIntegers(shape) ? { dtype: 'i32' } : check.range === undefined ? {} : { range: check.range }),
      },
    ]),
  );
  const results = await checkOp({
    inputs: { ...inputs, ...weightInputs(definition, context) },
    build: (b, values) => lowerLayer(definition, context, check.mode ?? 'evaluate', b, values),
  });
  const expected = concreteShape(output, batchSize);
  if (String(results.shape) !== String(expected)) throw new Error(`${check.type}: computed ${results.shape}, inferred ${expected}`);
}

function typesOf(specs: readonly WeightSpec[]): Record<string, TensorType> {
  return Object.fromEntries(specs.map(({ name, shape }): [string, TensorType] => [name, { shape, dtype: 'f32' }]));
}

/** Twenty steps down the gradient of Σ (output − goal)² by inputs and weights must lower it. */
async function checkLearns(check: LayerCheck, definition: LayerDefinition, context: AnyContext): Promise<void> {
  const b = createBuilder({ name: 'learn', batchSize: 0 });
  const specs: Record<string, TensorType> = {
    ...Object.fromEntries(
      context.inputs.map((shape, i): [string, TensorType] => [
        `x${i}`,
        { shape: concreteShape(shape, batchSize), dtype: isIntegers(shape) ? 'i32' : 'f32' },
      ]),
    ),
    ...typesOf(definition.weights(context)),
    ...typesOf(statisticsOf(definition, context)),
  };
  const inputs = Object.fromEntries(Object.entries(specs).map(([name, type]) => [name, b.slot(name, type)]));
  const state = new Set(statisticsOf(definition, context).map(({ name }) => name));
  const learned = Object.entries(inputs).filter(([name, { dtype }]) => dtype === 'f32' && !state.has(name));
  if (learned.length === 0) return;
  const assigned = new Set<string>();
  const out = lowerLayer(definition, context, check.mode ?? 'evaluate', b, inputs, (name, value) => {
    assigned.add(name);
    b.assign(name, value);
  });
  const missing = check.mode === 'train' && [...state].find((name) => !assigned.has(name));
  if (missing) throw new Error(`${check.type}: training does not assign its statistic ${missing}`);
  const goal = b.constant(0.4, out.shape);
  const loss = b.sum(
    b.unary('square', b.subtract(out, goal)),
    out.shape.map((_, axis) => axis),
  );
  gradients(
    b,
    loss,
    learned.map(([, value]) => value),
  ).forEach((gradient, i) => {
    const [name, value] = learned[i] ?? [];
    if (name !== undefined && value !== undefined) b.assign(name, b.subtract(value, b.multiply(gradient, 1e-3)));
  });
  b.assign('loss', loss);
  const slots: SlotSpec[] = Object.entries({ ...specs, loss: { shape: [], dtype: 'f32' } as const }).map(([name, type]) => ({
    name,
    kind: 'carry',
    type,
  }));
  const engine = createReferenceEngine({ precision: 'f64' });
  const data = new Map<string, SlotData>(
    Object.entries(specs).map(([name, { shape, dtype }], i) => [
      name,
      state.has(name)
        ? startStatistic(elementCount(shape), i)
        : dtype === 'f32'
          ? wave(elementCount(shape), i)
          : Int32Array.from({ length: elementCount(shape) }, (_, k) => k % 4),
    ]),
  );
  const first = (await runProgram({ engine, program: b.build(), slots, data })).get('loss')?.[0] ?? NaN;
  // Always step 0, so that random numbers stay the same and the goal stands still.
  for (let i = 0; i < 20; i++) await engine.run('learn', { steps: 1, firstStep: 0 });
  const last = (await engine.read('loss'))[0] ?? NaN;
  if (!(last < first)) throw new Error(`${check.type}: 20 steps took the loss from ${first} to ${last}`);
}

/** Positive, as a variance must be; scripts/fixtures/layers.py has the same. */
function startStatistic(count: number, phase: number): Float64Array {
  return wave(count, phase).map((x) => 1 + x / 4);
}

/** Output and gradients of a stored case, in float64 to 1e-12 and on every engine to its tolerance. */
export async function checkFixture(name: string, definition: LayerDefinition): Promise<void> {
  const fixture = layerFixtures[name];
  if (fixture === undefined) throw new Error(`There is no fixture "${name}".`);
  const { tokens = {} } = fixture;
  const dims: Readonly<Record<number, string>> = { 1: 'F', 2: 'TF', 3: 'CHW', 4: 'CDHW' };
  const inputs = fixture.inputs.map((shape, i) =>
    readShape(
      shape
        .slice(1)
        .map((size, axis) => `${(fixture.dims?.[i] ?? (tokens[i] === undefined ? dims[shape.length - 1] : 'T'))?.[axis]}${size}`)
        .join(' '),
    ),
  );
  const { context } = inferOutput(definition, fixture.params, inputs);
  const b = createBuilder({ name: 'fixture', batchSize: 0 });
  const slots: SlotSpec[] = [];
  const data = new Map<string, SlotData>();
  const store = (slot: string, value: Value): void => {
    slots.push({ name: slot, kind: 'carry', type: { shape: value.shape, dtype: 'f32' } });
    b.assign(slot, value);
  };
  const declare = (slot: string, shape: readonly number[], values: Float64Array | Int32Array): Value => {
    const type: TensorType = { shape, dtype: values instanceof Int32Array ? 'i32' : 'f32' };
    slots.push({ name: slot, kind: 'carry', type });
    data.set(slot, values);
    return b.slot(slot, type);
  };
  const values: Record<string, Value> = {};
  fixture.inputs.forEach((shape, i) => {
    const given = Array.isArray(fixture.values)
      ? fixture.values
      : (fixture.values as Readonly<Record<string, readonly number[]>> | undefined)?.[i];
    const numbers = given === undefined ? wave(elementCount(shape), i) : Float64Array.from(given);
    values[`x${i}`] = declare(`x${i}`, shape, tokens[i] === undefined ? numbers : Int32Array.from(tokens[i]));
  });
  definition.weights(context).forEach(({ name: weight, shape }, i) => {
    values[weight] = declare(
      weight,
      shape,
      wave(elementCount(shape), 10 + i).map((x) => x * (fixture.scale ?? 1)),
    );
  });
  const learned = Object.entries(values).filter(([, { dtype }]) => dtype === 'f32');
  statisticsOf(definition, context).forEach(({ name: statistic, shape }, i) => {
    values[statistic] = declare(statistic, shape, startStatistic(elementCount(shape), 30 + i));
  });
  const output = lowerLayer(definition, context, fixture.mode ?? 'evaluate', b, values, (statistic, value) =>
    store(`statistic ${statistic}`, value),
  );
  if (String(output.shape) !== String(fixture.shape)) throw new Error(`${name}: shape ${output.shape}, PyTorch ${fixture.shape}`);
  store('output', output);
  const weights = declare('outputWeights', output.shape, wave(elementCount(output.shape), 99));
  const loss = b.sum(
    b.multiply(output, weights),
    output.shape.map((_, axis) => axis),
  );
  gradients(
    b,
    loss,
    learned.map(([, value]) => value),
  ).forEach((gradient, i) => store(`gradient ${learned[i]?.[0]}`, gradient));

  const program = b.build();
  const exactResults = await runProgram({ engine: createReferenceEngine({ precision: 'f64' }), program, slots, data });
  compareWithFixture(name, fixture, exactResults, torchTolerance);
  for (const create of enginesUnderTest) {
    const engine = create();
    const rounded = new Map(
      [...data].map(([slot, numbers]) => [slot, numbers instanceof Float64Array ? Float32Array.from(numbers) : numbers]),
    );
    compareWithFixture(`${name} on ${engine.info.label}`, fixture, await runProgram({ engine, program, slots, data: rounded }), {
      // Inputs and weights were rounded to f32 first, and sums run over up to 20 products of size 3.
      relative: 10 * engineTolerances[engine.info.kind].relative,
      absolute: 10 * engineTolerances[engine.info.kind].absolute,
    });
    await engine.dispose();
  }
}

function compareWithFixture(
  name: string,
  fixture: LayerFixture,
  results: ReadonlyMap<string, SlotData>,
  tolerance: { relative: number; absolute: number },
): void {
  expectClose(results.get('output') ?? [], fixture.output, tolerance, { what: `${name}: output`, shape: fixture.shape });
  for (const [input, expected] of Object.entries(fixture.gradients)) {
    expectClose(results.get(`gradient ${input}`) ?? [], expected, tolerance, { what: `${name}: gradient by ${input}` });
  }
  for (const [statistic, expected] of Object.entries(fixture.statistics ?? {})) {
    expectClose(results.get(`statistic ${statistic}`) ?? [], expected, tolerance, { what: `${name}: ${statistic} after the step` });
  }
}
