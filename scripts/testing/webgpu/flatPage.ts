/// <reference lib="dom" />
/// <reference types="@webgpu/types" />
/** What the browser runs for the test of memory: a small MLP in training, and a count of the device's live buffers. */
import { openDevice } from '../../../core/engines/webgpu/device.ts';
import { createWebgpuEngine } from '../../../core/engines/webgpu/webgpuEngine.ts';
import { chain } from '../../../core/graph/starterNetwork.ts';
import { featuresRole, labelRole } from '../../../core/testing/documents.ts';
import { classRole, featureRole, openTestSession, preparedOf, testConfig } from '../../../core/testing/sessions.ts';

/** What the test calls in the page. */
export interface FlatPage {
  /** Trains on, in runs of so many steps each; the last loss. */
  train(runs: number, stepsPerRun: number): Promise<number>;
  /** Buffers made and not yet destroyed, by a count of its own. */
  liveBuffers(): { readonly count: number; readonly bytes: number };
  dispose(): Promise<void>;
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
const engine = createWebgpuEngine({ device, lost, limits: adapter.limits, label: adapter.label, now: () => performance.now() });
const lowered = await openTestSession(engine, document, data, config);
let step = 0;

const flatPage: FlatPage = {
  async train(runs, stepsPerRun) {
    const { slot, names } = lowered.trainRing;
    let sums: ArrayLike<number> = [];
    for (let i = 0; i < runs; i++, step += stepsPerRun) {
      const rows = Int32Array.from({ length: stepsPerRun * batchSize }, (_, k) => (step * batchSize + k * 7) % rowCount);
      // As a trainer reads its records: the ring starts anew, then its last row.
      await engine.write(slot, new Float32Array(0));
      await engine.run('train', { steps: stepsPerRun, firstStep: step, rows, scalars: lowered.fillScalars(step, stepsPerRun, 1e-3) });
      sums = await engine.read(slot, (stepsPerRun - 1) * names.length, names.length);
    }
    return sums[names.indexOf('loss')]! / batchSize;
  },
  liveBuffers: () => ({ count: live.size, bytes: [...live].reduce((sum, { size }) => sum + size, 0) }),
  dispose: () => engine.dispose(),
};
Object.assign(window, { flatPage });
