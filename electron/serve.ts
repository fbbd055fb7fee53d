/**
 * Browser shell: serves the interface on this machine's loopback address and prints where. For machines without a
 * screen, remote boxes through an SSH tunnel, and wherever the desktop runtime is not installed.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ProblemError, raise } from '../core/problem.ts';
import { defaultLibraryFolder, resourcesFolder } from './host/folders.ts';
import { createHost } from './host/host.ts';
import { keepSpareThread } from './trainer/spareThread.ts';
import { announceServer, createSecret, findRunningServer, withdrawServer } from './serve/runningInstance.ts';
import { startServer } from './serve/server.ts';

const usualPort = 4711;
/** A shutdown that takes longer than this is forced. */
const shutDownMs = 8_000;

const help = `Usage: layerbench-serve [options]

  --library <folder>   library to open (default: LAYERBENCH_LIBRARY or the folder for application data)
  --port <number>      port on 127.0.0.1; 0 takes any free one (default: ${usualPort} or the next free)
  --renderer <folder>  built interface (default: dist/renderer)
  --help               this text
`;

interface ServeOptions {
  readonly libraryFolder: string;
  readonly rendererFolder: string;
  readonly port: number | undefined;
}

function readOptions(args: string[]): ServeOptions | null {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { library: { type: 'string' }, port: { type: 'string' }, renderer: { type: 'string' }, help: { type: 'boolean' } },
    }));
  } catch (error) {
    return raise({ code: 'serve.arguments', message: (error as Error).message, hint: 'See --help.' });
  }
  if (values.help === true) return null;
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    raise({ code: 'serve.port', message: `--port: expected a number from 0 to 65535, got “${values.port ?? ''}”.` });
  }
  const rendererFolder = resolve(values.renderer ?? join(dirname(resourcesFolder()), 'dist', 'renderer'));
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    raise({
      code: 'serve.notBuilt',
      message: `The interface is not built: there is no ${join(rendererFolder, 'index.html')}.`,
      hint: 'Run npm run build, or npm start, which does it.',
    });
  }
  return { libraryFolder: values.library === undefined ? defaultLibraryFolder() : resolve(values.library), rendererFolder, port };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function serve(options: ServeOptions): Promise<void> {
  const { libraryFolder, rendererFolder, port } = options;
  const running = await findRunningServer(libraryFolder);
  if (running !== null) {
    print(`Layerbench is already running at ${running}`);
    return;
  }
  const host = await createHost({ libraryFolder, resourcesFolder: resourcesFolder(), shell: 'browser' });
  const secret = createSecret();
  let server;
  try {
    server = await startServer({ host, rendererFolder, port: port ?? usualPort, tryNext: port === undefined, secret });
  } catch (error) {
    await host.close();
    throw error;
  }
  announceServer(libraryFolder, server.port, secret);
  print(`Layerbench is ready at ${server.issueAddress()}`);
  keepSpareThread();

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), shutDownMs).unref();
    withdrawServer(libraryFolder);
    // A training may need a page's graphics card for its last checkpoint.
    void host
      .close()
      .then(() => server.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          host.log.error('shutdown', error);
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  process.on('uncaughtException', (error) => host.log.error('uncaught', error));
  process.on('unhandledRejection', (error) => host.log.error('unhandled', error));
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) print(help);
  else await serve(options);
} catch (error) {
  const sentence = error instanceof ProblemError ? error.message : `Layerbench could not start: ${(error as Error).message}`;
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
