/**
 * Starts a Chromium whose WebGPU computes on the processor (SwiftShader), with a page that serves engines to the tests.
 * Where there is none, a notice says so and the tests are skipped.
 */
import { chromium } from '@playwright/test';
import path from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import type { EngineInfo } from '../../../core/engines/engine.ts';
import { gpuEngineInfo } from '../../../core/engines/remote/handshake.ts';
import { gpuBrowserArguments } from '../../bench/browser/launch.ts';
import { findBrowser } from '../../setup/browser.mjs';
import { root } from '../../setup/places.mjs';
import { startRelay } from './relay.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where no browser with WebGPU was found. */
    webgpu: { readonly address: string; readonly info: EngineInfo; readonly browser: string; readonly devicePage: string } | undefined;
  }
}

const startLimitMs = 60_000;

export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = findBrowser();
  if (executablePath === undefined) return skip(project, 'no Chromium was found');
  const relay = await startRelay(await bundlePages());
  // A server, so that tests can open pages of their own.
  const server = await chromium.launchServer({ executablePath, args: gpuBrowserArguments('software') });
  const browser = await chromium.connect(server.wsEndpoint());
  const close = async () => {
    await browser.close();
    await server.close();
    await relay.close();
  };
  const page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`page: ${message.text()}\n`);
  });
  page.on('pageerror', (error) => process.stderr.write(`page: ${error.stack ?? error.message}\n`));
  await page.goto(`http://${relay.host}/page`);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, startLimitMs, undefined).unref());
  const offer = (await Promise.race([relay.offer, late])) ?? { problem: { message: 'the page did not get ready' } };
  if ('problem' in offer) {
    await close();
    return skip(project, offer.problem.message);
  }
  const info = gpuEngineInfo(offer.adapter);
  process.stdout.write(`The engine under test: ${info.label}\n`);
  project.provide('webgpu', {
    info,
    address: `ws://${relay.host}/test`,
    browser: server.wsEndpoint(),
    devicePage: `http://${relay.host}/devicePage`,
  });
  return close;
}

/** @throws Error in continuous integration, where a browser is installed for the purpose */
function skip(project: TestProject, reason: string): undefined {
  if (process.env.CI === 'true') throw new Error(`The tests of the WebGPU engine cannot run: ${reason}`);
  process.stderr.write(`The tests of the WebGPU engine are skipped: ${reason}\n`);
  project.provide('webgpu', undefined);
}

/** By file name. */
async function bundlePages(): Promise<Map<string, string>> {
  const input = {
    page: path.join(import.meta.dirname, 'page.ts'),
    devicePage: path.join(import.meta.dirname, 'devicePage.ts'),
    gpuWorker: path.join(root, 'renderer', 'gpu', 'gpuWorker.ts'),
  };
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'chrome140',
      modulePreload: false,
      rolldownOptions: { input, output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  });
  const [{ output }] = (Array.isArray(result) ? result : [result]) as [{ output: readonly { fileName: string; code?: string }[] }];
  return new Map(output.map(({ fileName, code = '' }) => [fileName, code]));
}
