/** Who takes part in the comparison on the graphics adapter, each in a browser of its own, all on the same adapter. */
import path from 'node:path';
import { UsageError } from '../options.ts';
import { nodeCommand } from '../engines.ts';
import { installPackages } from '../peers.ts';
import type { Field } from '../field.ts';
import { launchGpuBrowser } from './launch.ts';
import type { AdapterChoice } from './launch.ts';

/** Rows of the bench that are measured unless others are asked for. */
export const gpuWorkloads: readonly string[] = ['mlp-b128', 'lenet-b64', 'cnn-b64', 'lstm-t64', 'gpt-d128'];

export const gpuPeers = { 'jax-js': 'jaxWebgpu.mjs', 'tensorflow.js': 'tensorflowWebgpu.mjs' } as const;

/** @throws UsageError where no browser reaches any adapter */
export async function gpuField(wanted: readonly string[] | null, tell: (text: string) => void): Promise<Field> {
  const adapter = await findAdapter();
  const command = (script: string) => (_workload: string, taskFile: string) =>
    nodeCommand(path.join(import.meta.dirname, 'child.ts'), [path.join(import.meta.dirname, script), taskFile, adapter]);
  const chosen = Object.entries(gpuPeers).filter(([name]) => wanted === null || wanted.includes(name));
  const installed = chosen.length > 0 && (await installPackages(tell));
  return {
    engines: [{ name: 'webgpu', command: command('engineWorker.ts'), profiled: command('engineWorker.ts') }],
    peers: installed ? chosen.map(([name, script]) => ({ name, variants: [command(path.join('..', 'peers', script))] })) : [],
  };
}

/** The machine's own adapter where Chromium reaches one, else its software adapter. */
async function findAdapter(): Promise<AdapterChoice> {
  for (const adapter of ['hardware', 'software'] as const) {
    if (await hasAdapter(adapter)) return adapter;
  }
  throw new UsageError('The browser of this machine offers no WebGPU adapter, not even a software one.');
}

async function hasAdapter(adapter: AdapterChoice): Promise<boolean> {
  const browser = await launchGpuBrowser(adapter).catch((error: unknown) => {
    throw new UsageError(`No browser for WebGPU: ${(error as Error).message.split('\n')[0]}.`);
  });
  try {
    const page = await browser.newPage();
    // WebGPU is there for pages of this machine only, but nothing needs to be served to ask.
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto('http://127.0.0.1/');
    return await page.evaluate(async () => {
      const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<{ info: { isFallbackAdapter?: boolean } } | null> } };
      return (await gpu?.requestAdapter()) != null;
    });
  } finally {
    await browser.close();
  }
}
