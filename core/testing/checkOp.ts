/**
 * One battery for every op: build something from random inputs, compare its gradients with central differences in
 * double precision, and its results and gradients on every engine with the reference in double precision.
 */
import type { Engine, RunRequest, SlotData } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { Accelerator } from '../engines/wasm/contract/accelerator.ts';
import { createWasmEngine } from '../engines/wasm/wasmEngine.ts';
import { elementCount } from '../ops/shapes.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { DType, Program, SlotSpec } from '../program/program.ts';
import { createRandom } from '../random/philox.ts';
import { expectClose } from './compare.ts';
import { testHelpers } from './helperThreads.ts';
import { engineTolerances, f64Tolerance, gradientTolerance, type Tolerance } from './tolerances.ts';

export type EngineFactory = () => Engine;

/** Of the engine on a graphics adapter. */
export interface DeviceOptions {
  /** Memory in pieces of this size, and the shaders that a graphics card gets, also where the processor plays the adapter. */
  readonly pageBytes?: number;
}

/**
 * Set before each test file: the accelerator by scripts/testing/accelerator.ts, where there is a C compiler; the engine
 * of a browser by scripts/testing/webgpu/engineUnderTest.ts, in the project that tests nothing else.
 */
const {
  acceleratorUnderTest: accelerator,
  webgpuUnderTest,
  deviceOptionsUnderTest = [{}],
} = globalThis as {
  acceleratorUnderTest?: Accelerator;
  webgpuUnderTest?: (options?: DeviceOptions) => Engine;
  deviceOptionsUnderTest?: readonly DeviceOptions[];
};

const inThisProcess: readonly EngineFactory[] = [
  () => createReferenceEngine(),
  () => createWasmEngine(),
  () => createWasmEngine({ threads: 2, spawn: testHelpers }),
  ...(accelerator === undefined ? [] : [() => createWasmEngine({ accelerator })]),
];

/** Every engine of this run; a new engine adds one line. */
export const enginesUnderTest: readonly EngineFactory[] =
  webgpuUnderTest === undefined ? inThisProcess : deviceOptionsUnderTest.map((options) => () => webgpuUnderTest(options));

/** For tests that run only where there is a graphics adapter (`*.device.test.ts`). */
export function createDeviceEngine(options: DeviceOptions = {}): Engine {
  if (webgpuUnderTest === undefined) throw new Error('This test needs the engine of a browser.');
  return webgpuUnderTest(options);
}

export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  /** Uniform in this range, default [-2, 2); whole numbers for i32 and u8, default [0, 4). Keep off kinks. */
  readonly range?: readonly [number, number];
  /** Instead of random numbers. */
  readonly values?: readonly number[];
}

export interface OpCheck<I extends Record<string, InputSpec>> {
  readonly inputs: I;
  readonly build: (b: Builder, inputs: { readonly [K in keyof I]: Value }) => Value;
  /** What the result must be, where it is known. */
  readonly expected?: readonly number[];
  /** At kinks, where differences say nothing: the gradients wanted there, of the plain sum of the output. */
  readonly expectedGradients?: { readonly [K in keyof I]?: readonly number[] };
  readonly engines?: readonly EngineFactory[];
  readonly tolerance?: Tolerance;
}

export interface OpResults {
  /** In double precision. */
  readonly output: readonly number[];
  readonly shape: readonly number[];
  /** Of Σ output · weights, for f32 inputs, in double precision; the weights are 1 where gradients are expected. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const differenceStep = 1e-5;

export async function checkOp<I extends Record<string, InputSpec>>(check: OpCheck<I>): Promise<OpResults> {
  const { engines = enginesUnderTest } = check;
  const { program, slots, output, differentiated } = buildCheck(check);
  const data = drawInputs(check.inputs);
  data.set('weights', drawInput({ shape: output.shape, range: check.expectedGradients === undefined ? [0.5, 1.5] : [1, 1] }, 999));
  const run = (engine: Engine) => runProgram({ engine, program, slots, data });

  const oracle = createReferenceEngine({ precision: 'f64' });
  const exactResults = await run(oracle);
  const { shape } = output;
  if (check.expected !== undefined) {
    expectClose(exactResults.get('output')!, check.expected, check.tolerance ?? f64Tolerance, { what: 'output', shape });
  }
  for (const name of differentiated) {
    const analytic = exactResults.get(`gradient ${name}`)!;
    const inputShape = check.inputs[name]!.shape;
    const wanted = check.expectedGradients?.[name];
    const expected = wanted ?? (await differences(oracle, name, data.get(name)!));
    const tolerance = check.tolerance ?? (wanted === undefined ? gradientTolerance : f64Tolerance);
    expectClose(analytic, expected, tolerance, { what: `gradient by ${name}`, shape: inputShape });
  }
  for (const create of engines) {
    const engine = create();
    const results = await run(engine);
    for (const [name, got] of results) {
      const what = `${engine.info.label}: ${name}`;
      expectClose(got, exactResults.get(name)!, check.tolerance ?? engineTolerances[engine.info.kind], { what });
    }
    await engine.dispose();
  }
  await oracle.dispose();
  const numbers = (name: string) => [...exactResults.get(name)!];
  return {
    output: numbers('output'),
    shape,
    gradients: Object.fromEntries(differentiated.map((name) => [name, numbers(`gradient ${name}`)])),
  };
}

/** Slots: the inputs, `weights`, `output`, `loss` = Σ output · weights, `gradient <input>`. */
function buildCheck<I extends Record<string, InputSpec>>({ inputs, build }: OpCheck<I>) {
  const b = createBuilder({ name: 'check', batchSize: 0 });
  const slots: SlotSpec[] = [];
  const declare = (name: string, shape: readonly number[], dtype: DType = 'f32') => {
    const type = { shape, dtype };
    slots.push({ name, kind: 'carry', type });
    return type;
  };
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => [name, b.slot(name, declare(name, shape, dtype))]),
  );
  const output = build(b, values as { [K in keyof I]: Value });
  const store = (name: string, value: Value) => {
    declare(name, value.shape, value.dtype);
    b.assign(name, value);
  };
  store('output', output);
  const weights = b.slot('weights', declare('weights', output.shape));
  const weighted = b.multiply(b.cast(output, 'f32'), weights);
  const loss = b.sum(
    weighted,
    output.shape.map((_, axis) => axis),
  );
  store('loss', loss);
  const differentiated = Object.keys(inputs).filter((name) => values[name]!.dtype === 'f32');
  gradients(
    b,
    loss,
    differentiated.map((name) => values[name]!),
  ).forEach((gradient, i) => store(`gradient ${differentiated[i]!}`, gradient));
  return { program: b.build(), slots, output, differentiated };
}

/** Central differences of the loss; the engine has the check's session loaded and its inputs written. */
async function differences(engine: Engine, name: string, data: SlotData): Promise<Float64Array> {
  const lossAt = async (i: number, x: number) => {
    await engine.write(name, Float64Array.of(x), i);
    await engine.run('check', { steps: 1, firstStep: 0 });
    return (await engine.read('loss'))[0]!;
  };
  const result = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    const h = differenceStep * Math.max(1, Math.abs(x));
    result[i] = ((await lossAt(i, x + h)) - (await lossAt(i, x - h))) / (2 * h);
    await engine.write(name, Float64Array.of(x), i);
  }
  return result;
}

export function drawInputs(inputs: Readonly<Record<string, InputSpec>>): Map<string, SlotData> {
  return new Map(Object.entries(inputs).map(([name, spec], i) => [name, drawInput(spec, i)]));
}

/** f32 inputs hold numbers that f32 represents, so that both precisions start from the same. */
function drawInput({ shape, dtype = 'f32', range, values }: InputSpec, stream: number): SlotData {
  const random = createRandom(20_260_101, stream);
  const [low, high] = range ?? (dtype === 'f32' ? [-2, 2] : [0, 4]);
  const count = elementCount(shape);
  if (values !== undefined && values.length !== count) throw new Error(`input of ${count} elements got ${values.length} values`);
  const draw = (_: unknown, i: number) => {
    if (values !== undefined) return values[i]!;
    return dtype === 'f32' ? low + (high - low) * random.uniform() : low + random.integer(high - low);
  };
  const numbers = Array.from({ length: count }, draw);
  return dtype === 'f32' ? Float32Array.from(numbers) : dtype === 'i32' ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

export interface ProgramRun {
  readonly engine?: Engine;
  readonly program: Program;
  readonly slots: readonly SlotSpec[];
  /** Written before the run. */
  readonly data?: ReadonlyMap<string, SlotData>;
  readonly seed?: number;
  readonly request?: Partial<RunRequest>;
}

/** Loads and runs one program, one step by default; returns every slot it assigns. The engine stays loaded. */
export async function runProgram({
  engine = createReferenceEngine(),
  program,
  slots,
  data,
  seed = 1,
  request,
}: ProgramRun): Promise<Map<string, SlotData>> {
  await engine.load({ programs: { [program.name]: program }, slots, seed });
  for (const [name, values] of data ?? []) await engine.write(name, values);
  await engine.run(program.name, { steps: 1, firstStep: 0, ...request });
  const results = new Map<string, SlotData>();
  for (const { slot } of program.assignments) results.set(slot, await engine.read(slot));
  return results;
}

/** Builds values from leaves alone and runs one step: slot i holds value i. */
export async function runLeaves(
  build: (b: Builder) => readonly Value[],
  options: { batchSize?: number; seed?: number; request?: Partial<RunRequest>; engine?: Engine } = {},
): Promise<SlotData[]> {
  const b = createBuilder({ name: 'leaves', batchSize: options.batchSize ?? 0 });
  const values = build(b);
  const slots = values.map(({ shape, dtype }, i): SlotSpec => ({ name: String(i), kind: 'carry', type: { shape, dtype } }));
  values.forEach((value, i) => b.assign(String(i), value));
  const results = await runProgram({ ...options, program: b.build(), slots });
  return [...results.values()];
}
