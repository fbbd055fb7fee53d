/**
 * What needs the device itself. Training leaves GPU memory and the page's heap as they are: LAYERBENCH_BATTERY=full trains ten
 * thousand steps. Kernels can be timed. A device that goes away in the middle of a run is a sentence.
 */
import fs from 'node:fs';
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { largestReadBytes } from '../../../core/engines/webgpu/readback.ts';
import type { DevicePage } from './devicePage.ts';

const webgpu = inject('webgpu');
const isFull = process.env.LAYERBENCH_BATTERY === 'full';
const stepsPerRun = 25;
const steps = isFull ? 10_000 : 500;
/** What compiled code and the browser's own tables may add, once warm, and what one kept object per step would exceed. */
const allowedGrowthBytes = isFull ? 200_000 : 100_000;

let browser: Browser;
let page: Page;
let session: CDPSession;

beforeAll(async () => {
  if (webgpu === undefined) return;
  browser = await chromium.connect(webgpu.browser);
  page = await browser.newPage();
  const failed = new Promise<never>((_, reject) => page.once('pageerror', reject));
  await page.goto(webgpu.devicePage);
  await Promise.race([page.waitForFunction(() => 'devicePage' in globalThis), failed]);
  session = await page.context().newCDPSession(page);
});
afterAll(async () => browser?.close());

type Window = { devicePage: DevicePage };
const train = (count: number) =>
  page.evaluate(
    ([runs, each]) => (globalThis as unknown as Window).devicePage.train(runs!, each!),
    [Math.ceil(count / stepsPerRun), stepsPerRun],
  );
const liveBuffers = () => page.evaluate(() => (globalThis as unknown as Window).devicePage.liveBuffers());

/** Of live objects alone. */
async function heapBytes(): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Resident memory of the browser's process that runs the driver, where the system tells (Linux); else 0. */
async function driverBytes(): Promise<number> {
  const own = await browser.newBrowserCDPSession();
  const { processInfo } = await own.send('SystemInfo.getProcessInfo');
  await own.detach();
  const id = processInfo.find(({ type }) => type === 'GPU')?.id;
  const file = `/proc/${id}/statm`;
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').split(' ')[1]) * 4096 : 0;
}

it(
  `${steps} steps leave GPU memory and heap flat`,
  async () => {
    const firstLoss = await train(100);
    const before = { heap: await heapBytes(), driver: await driverBytes(), buffers: await liveBuffers() };
    const startedAt = performance.now();
    const lastLoss = await train(steps);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = { heap: await heapBytes(), driver: await driverBytes(), buffers: await liveBuffers() };
    const growth = after.heap - before.heap;
    process.stdout.write(
      `${steps} steps in ${seconds.toFixed(1)} s: page heap ${(before.heap / 1e6).toFixed(2)} -> ${(after.heap / 1e6).toFixed(2)} MB, ` +
        `driver process ${(before.driver / 1e6).toFixed(0)} -> ${(after.driver / 1e6).toFixed(0)} MB, ` +
        `GPU buffers ${before.buffers.bytes} -> ${after.buffers.bytes} bytes in ${after.buffers.count}\n`,
    );
    expect(lastLoss).toBeLessThan(firstLoss);
    expect(after.buffers).toEqual(before.buffers);
    expect(growth).toBeLessThan(allowedGrowthBytes);
  },
  isFull ? 300_000 : 60_000,
);

it.each([true, false])('times every kernel (adapter has a clock: %s)', async (byClock) => {
  const { times, kernels, moved } = await page.evaluate((clock) => (globalThis as unknown as Window).devicePage.profile(clock), byClock);
  expect(times.length).toBe(kernels);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...times)).toBeGreaterThan(0);
  expect(Math.max(...times)).toBeLessThan(1000);
  expect(moved).toBe(true);
});

it('reads what is larger than its read-back buffers', async () => {
  const count = Math.ceil((2.5 * largestReadBytes) / 4) + 1;
  expect(await page.evaluate((all) => (globalThis as unknown as Window).devicePage.echo(all), count)).toBe(-1);
});

it('a device that goes away ends the run with a sentence, and every buffer', async () => {
  const sentence =
    'The WebGPU engine stopped: the graphics adapter was given back. Training goes on from its last checkpoint with another engine.';
  const said = await page.evaluate(() => (globalThis as unknown as Window).devicePage.lose());
  expect(said).toEqual([sentence, sentence, 'no failure']);
  expect(await liveBuffers()).toEqual({ count: 0, bytes: 0 });
});
