/// <reference lib="dom" />
/// <reference types="@webgpu/types" />
/**
 * What the browser runs for tests that need the device itself: a small MLP in training, a count of the live buffers, times
 * of kernels, and the loss of the device.
 */
import type { RunRequest } from '../../../core/engines/engine.ts';
import { openDevice } from '../../../core/engines/webgpu/device.ts';
import { createWebgpuEngine } from '../../../core/engines/webgpu/webgpuEngine.ts';
import { chain } from '../../../core/graph/starterNetwork.ts';
import { fuseProgram } from '../../../core/plan/fuse.ts';
import { layoutSlots } from '../../../core/plan/plan.ts';
import { featuresRole, labelRole } from '../../../core/testing/documents.ts';
import { classRole, featureRole, openTestSession, preparedOf, testConfig } from '../../../core/testing/sessions.ts';

/** What the test calls in the page. */
export interface DevicePage {
  /** Trains on, in runs of so many steps each; the last loss. */
  train(runs: number, stepsPerRun: number): Promise<number>;
  /** Buffers made and not yet destroyed, by a count of its own. */
  liveBuffers(): { readonly count: number; readonly bytes: number };
  dispose(): Promise<void>;
  /** Sums and extremes of the kernels' times, by the adapter's clock or without it, and how the weights moved meanwhile. */
  profile(byClock: boolean): Promise<{ readonly times: readonly number[]; readonly kernels: number; readonly moved: boolean }>;
  /** Writes and reads so many numbers at once; where they differ first, or -1. */
  echo(count: number): Promise<number>;
  /** Gives the device away in the middle of a run; what that run and the next call said. */
  lose(): Promise<readonly string[]>;
}

const { device, adapter, lost } = await openDevice(navigator.gpu);
const live = new Set<GPUBuffer>();
const createBuffer = device.createBuffer.bind(device);
device.createBuffer = (descriptor) => {
  const buffer = createBuffer(descriptor);
  const destroy = buffer.destroy.bind(buffer);
  live.add(buffer);
  buffer.destroy = () => {
    live.delete(buffer);
    return destroy();
  };
  return buffer;
};

const rowCount = 256;
const batchSize = 32;
const document = chain('mlp', [
  ['input', { role: featuresRole.name }],
  ['dense', { units: 32, activation: 'tanh' }],
  ['dense', { units: 16, activation: 'relu' }],
  ['dense', { units: 10 }],
  ['output', { role: labelRole.name }],
]);
const features = Float32Array.from({ length: rowCount * 5 }, (_, i) => Math.sin(i * 1.7));
const labels = Int32Array.from({ length: rowCount }, (_, i) => Math.floor(5 + 4.9 * features[5 * i]! * features[5 * i + 1]!));
const data = preparedOf([featureRole(featuresRole, features)], classRole(labelRole, labels), rowCount);
const config = { ...testConfig, batchSize };
const { label, limits } = adapter;
const now = () => performance.now();
const engine = createWebgpuEngine({ device, lost, limits, label, now });
const lowered = await openTestSession(engine, document, data, config);
let step = 0;

/** Of the next steps. */
function requestOf(steps: number): RunRequest {
  const rows = Int32Array.from({ length: steps * batchSize }, (_, k) => (step * batchSize + k * 7) % rowCount);
  return { steps, firstStep: step, rows, scalars: lowered.fillScalars(step, steps, 1e-3) };
}

const devicePage: DevicePage = {
  async train(runs, stepsPerRun) {
    const { slot, names } = lowered.trainRing;
    let sums: ArrayLike<number> = [];
    for (let i = 0; i < runs; i++, step += stepsPerRun) {
      // As a trainer reads its records: the ring starts anew, then its last row.
      await engine.write(slot, new Float32Array(0));
      await engine.run('train', requestOf(stepsPerRun));
      sums = await engine.read(slot, (stepsPerRun - 1) * names.length, names.length);
    }
    return sums[names.indexOf('loss')]! / batchSize;
  },
  liveBuffers: () => ({ count: live.size, bytes: [...live].reduce((sum, { size }) => sum + size, 0) }),
  dispose: () => engine.dispose(),

  async profile(byClock) {
    const own = byClock ? device : await (await navigator.gpu.requestAdapter())!.requestDevice();
    const profiled = createWebgpuEngine({
      device: own,
      lost: new Promise(() => undefined),
      limits: { ...limits, subgroups: false },
      label,
      now,
    });
    const session = await openTestSession(profiled, document, data, config);
    const weight = session.parameters[0]!.slot;
    const before = await profiled.read(weight);
    const times = await profiled.profile!('train', requestOf(4), now);
    const after = await profiled.read(weight);
    await profiled.dispose();
    const kernels = fuseProgram(session.programs.train, layoutSlots(session.slots)).kernels.length;
    return { times: [...times], kernels, moved: after.some((value, i) => value !== before[i]) };
  },

  async echo(count) {
    const own = createWebgpuEngine({ device, lost, limits, label, now });
    await own.load({ programs: {}, slots: [{ name: 'long', kind: 'data', type: { shape: [count], dtype: 'f32' } }], seed: 1 });
    const written = Float32Array.from({ length: count }, (_, i) => i % 1013);
    await own.write('long', written);
    const read = await own.read('long');
    await own.dispose();
    return read.length === count ? read.findIndex((value, i) => value !== written[i]) : read.length;
  },

  async lose() {
    const failure = (call: Promise<unknown>) =>
      call.then(
        () => 'no failure',
        (error: Error) => error.message,
      );
    const run = failure(engine.run('train', requestOf(2000)));
    setTimeout(() => device.destroy(), 30);
    return [await run, await failure(engine.read(lowered.trainRing.slot)), await failure(engine.dispose())];
  },
};
Object.assign(window, { devicePage });
