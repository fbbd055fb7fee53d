/** Desktop shell: one window over one host. Everything that can be decided without Electron lies in `shell/`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, protocol, screen, session } from 'electron';
import { ProblemError } from '../core/problem.ts';
import { defaultLibraryFolder, resourcesFolder } from './host/folders.ts';
import { createHost } from './host/host.ts';
import { keepSpareThread } from './trainer/spareThread.ts';
import type { Host } from './host/host.ts';
import { answerAppRequest } from './shell/appProtocol.ts';
import { serveGpuPorts } from './shell/gpuPort.ts';
import { answerCalls, forwardEvents } from './shell/ipc.ts';
import { menuTemplate } from './shell/menu.ts';
import { appOrigin, denyPermissions, lockContents, scheme } from './shell/security.ts';
import { windowOptions } from './shell/windowOptions.ts';
import { restoreWindowState } from './shell/windowState.ts';
import type { WindowState } from './shell/windowState.ts';

const here = dirname(fileURLToPath(import.meta.url));
const preload = join(here, 'preload.cjs');
const rendererFolder = join(here, '..', 'renderer');
/** A crashed page is loaded again, but not for ever. */
const maxReloads = 3;

const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { library: { type: 'string' } },
  strict: false,
  allowPositionals: true,
});
const libraryFolder = typeof values.library === 'string' ? resolve(values.library) : defaultLibraryFolder();

let host: Host | undefined;
let mainWindow: BrowserWindow | undefined;
let reloads = 0;

protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
app.enableSandbox();
// Chromium still hides WebGPU on many Linux drivers; the only page that could use it is ours.
if (process.platform === 'linux') app.commandLine.appendSwitch('enable-unsafe-webgpu');

const stateFile = (): string => join(app.getPath('userData'), 'window.json');

function readState(): WindowState {
  let json: string | null = null;
  try {
    json = readFileSync(stateFile(), 'utf8');
  } catch {
    // First start.
  }
  return restoreWindowState(
    json,
    screen.getAllDisplays().map((display) => display.workArea),
  );
}

function saveState(window: BrowserWindow): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximised: window.isMaximized() };
  try {
    writeFileSync(stateFile(), JSON.stringify(state));
  } catch (error) {
    host?.log.error('window state', error);
  }
}

function openWindow(running: Host): BrowserWindow {
  const state = readState();
  const window = new BrowserWindow(windowOptions(state, preload, nativeTheme.shouldUseDarkColors));
  if (state.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  const stopEvents = forwardEvents(running, window.webContents);
  window.on('close', () => saveState(window));
  window.on('closed', () => {
    stopEvents();
    mainWindow = undefined;
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    running.log.error('window', new Error(`the page ended: ${details.reason}`));
    reloads += 1;
    if (reloads <= maxReloads) window.webContents.reload();
    else dialog.showErrorBox('Layerbench', 'The window stopped working several times. Your runs are saved; please start Layerbench again.');
  });
  void window.loadURL(`${appOrigin}/`);
  return window;
}

function focusWindow(): void {
  if (mainWindow === undefined) return;
  if (mainWindow.isMinimized()) mainWindow.restore();
  mainWindow.focus();
}

async function start(): Promise<void> {
  await app.whenReady();
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ platform: process.platform, packaged: app.isPackaged })));
  denyPermissions(session.defaultSession);
  protocol.handle(scheme, (request) => answerAppRequest(rendererFolder, request));
  const running = await createHost({ libraryFolder, resourcesFolder: resourcesFolder(), shell: 'desktop', version: app.getVersion() });
  host = running;
  answerCalls(ipcMain, running.router);
  serveGpuPorts(ipcMain, running, () => new MessageChannelMain());
  mainWindow = openWindow(running);
  keepSpareThread();
  app.on('activate', () => {
    mainWindow ??= openWindow(running);
  });
}

function fail(error: unknown): void {
  host?.log.error('desktop shell', error);
  const sentence =
    error instanceof ProblemError ? error.message : `Layerbench could not start: ${error instanceof Error ? error.message : String(error)}`;
  dialog.showErrorBox('Layerbench', sentence);
  app.exit(1);
}

// The browser's profile, the window's place and the single-instance lock belong to one library.
const profileFolder = join(libraryFolder, 'window');
try {
  mkdirSync(profileFolder, { recursive: true });
  app.setPath('userData', profileFolder);
} catch {
  // Opening the library will say why it cannot be used.
}

if (app.requestSingleInstanceLock({ libraryFolder })) {
  app.on('second-instance', focusWindow);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('window-all-closed', () => app.quit());
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed || host === undefined) return;
    event.preventDefault();
    void host.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
  process.on('uncaughtException', (error) => host?.log.error('uncaught', error));
  process.on('unhandledRejection', (error) => host?.log.error('unhandled', error));
  start().catch(fail);
} else {
  app.quit();
}
