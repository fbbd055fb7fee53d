/**
 * The app under test, in either shell: a fresh library, a page, and the means to kill and restart the host.
 * Every test fails on an error in the page's console and on any request that leaves the machine.
 */
import { _electron, expect, test as base, type Browser, type BrowserContext, type ElectronApplication, type Page } from '@playwright/test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, startHost, type HostProcess } from './host.ts';

export { expect };

/** What a page writes while its host is gone. */
const lostConnection = /WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|Failed to fetch|Failed to load resource/;

export class App {
  readonly library: string;
  #page: Page | undefined;
  #host: HostProcess | undefined;
  #desktop: ElectronApplication | undefined;
  #context: BrowserContext | undefined;
  #browser: Browser;
  /** The page notices a kill late, so its complaints about the connection are forgiven a moment longer. */
  #forgiveUntil = 0;
  #errors: string[] = [];

  constructor(browser: Browser, library: string) {
    this.#browser = browser;
    this.library = library;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error('The app is not started.');
    return this.#page;
  }

  get isDesktop(): boolean {
    return process.env['LAYERBENCH_SHELL'] === 'desktop';
  }

  get hostErrors(): string {
    return this.#host?.errors() ?? '';
  }

  async start(): Promise<Page> {
    if (this.isDesktop) {
      const { findElectron } = await import('../../scripts/setup/electron.mjs');
      const executablePath = findElectron();
      if (executablePath === undefined) throw new Error('LAYERBENCH_SHELL=desktop, but the Electron runtime is not installed.');
      const args = [root, '--library', this.library];
      this.#desktop = await _electron.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args });
      this.#watch((this.#page = await this.#desktop.firstWindow()));
    } else {
      this.#host = await startHost({ library: this.library });
      if (this.#context === undefined) {
        this.#context = await this.#browser.newContext({
          viewport: { width: 1280, height: 800 },
          colorScheme: 'light',
          reducedMotion: 'reduce',
        });
        this.#watch((this.#page = await this.#context.newPage()));
      }
      await this.page.goto(this.#host.address);
    }
    if (this.#forgiveUntil === Infinity) this.#forgiveUntil = Date.now() + 3_000;
    return this.page;
  }

  /** Closes the only window; the host goes on. */
  async closeWindow(): Promise<void> {
    await this.page.close();
    this.#page = undefined;
  }

  /** A new window with the session of the closed one. */
  async openWindow(): Promise<Page> {
    if (this.#context === undefined || this.#host === undefined)
      throw new Error('Only a closed window of the browser shell is opened again.');
    this.#watch((this.#page = await this.#context.newPage()));
    await this.page.goto(new URL('/', this.#host.address).href);
    return this.page;
  }

  /** Ends the host with SIGKILL: nothing gets a chance to be saved. */
  async kill(): Promise<void> {
    this.#forgiveUntil = Infinity;
    if (this.#desktop !== undefined) {
      const child = this.#desktop.process();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      this.#desktop = undefined;
    } else await this.#host?.kill();
  }

  async stop(): Promise<void> {
    this.#forgiveUntil = Infinity;
    await this.#desktop?.close();
    await this.#context?.close();
    await this.#host?.stop();
  }

  /** What the page's console complained about, apart from the lost connection after a kill. */
  takeErrors(): string[] {
    return this.#errors.splice(0);
  }

  #watch(page: Page): void {
    const note = (text: string): void => {
      if (Date.now() < this.#forgiveUntil && lostConnection.test(text)) return;
      this.#errors.push(text);
    };
    page.on('console', (message) => {
      if (message.type() === 'error') note(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => note(error.stack ?? error.message));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1') this.#errors.push(`a request left the machine: ${request.url()}`);
    });
  }
}

export const test = base.extend<{ app: App }>({
  app: async ({ browser }, use, testInfo) => {
    const library = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-e2e-'));
    const app = new App(browser, library);
    await app.start();
    await use(app);
    const errors = app.takeErrors();
    if (testInfo.status !== testInfo.expectedStatus) {
      await app.page.screenshot({ path: testInfo.outputPath('failed.png') }).catch(() => undefined);
    }
    await app.stop();
    fs.rmSync(library, { recursive: true, force: true, maxRetries: 5 });
    expect(errors, 'errors in the page').toEqual([]);
    expect(app.hostErrors, 'errors of the host').not.toMatch(/^\s+at .*:\d+:\d+/m);
  },
});
