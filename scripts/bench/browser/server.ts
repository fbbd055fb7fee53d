/** What the browser of one contender gets: an empty page, the contender's script as a worker, and its task. */
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'vite';

export interface PageServer {
  readonly address: string;
  close(): void;
}

const types: Readonly<Record<string, string>> = { '/': 'text/html', '/worker.js': 'text/javascript', '/task.json': 'application/json' };

/** The page passes messages between the driver, which calls `ask`, and the worker. */
const page = `<!doctype html><title>Bench</title><script type="module">
  const worker = new Worker('/worker.js', { type: 'module' });
  const waiting = [], arrived = [];
  const deliver = (answer) => (waiting.length > 0 ? waiting.shift()(answer) : arrived.push(answer));
  worker.onmessage = ({ data }) => deliver(data);
  worker.onerror = ({ message }) => deliver({ refused: message || 'its script does not load' });
  globalThis.next = () => (arrived.length > 0 ? arrived.shift() : new Promise((resolve) => waiting.push(resolve)));
  globalThis.ask = (request) => (worker.postMessage(request), next());
</script>`;

/** Cross-origin isolated, which makes the page's clock exact to 5 µs. */
const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** @param taskFile its binary, if it has one, stands beside it */
export async function startPageServer(script: string, taskFile: string): Promise<PageServer> {
  const contents = new Map<string, string | Buffer>([
    ['/', page],
    ['/worker.js', await bundle(script)],
    ['/task.json', fs.readFileSync(taskFile)],
    ['/task.bin', fs.readFileSync(taskFile.replace(/\.json$/, '.bin'))],
  ]);
  const server = http.createServer(({ url = '' }, response) => {
    const content = contents.get(url);
    const type = types[url] ?? 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, { ...headers, 'content-type': type });
    response.end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => void server.close() };
}

/** One file, as a product ships it: minified, names of functions kept because libraries look at them. */
async function bundle(script: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: path.dirname(script),
    logLevel: 'error',
    build: {
      write: false,
      target: 'chrome140',
      modulePreload: false,
      rolldownOptions: { input: script, output: { format: 'es', codeSplitting: false } },
    },
  });
  const [{ output }] = (Array.isArray(result) ? result : [result]) as [{ output: readonly { code?: string }[] }];
  const code = output[0]?.code;
  if (code === undefined) throw new Error(`${path.basename(script)} could not be bundled`);
  return code;
}
