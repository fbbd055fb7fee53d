import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { attemptOnceADay } from './electron.mjs';
import { findNode } from './node.mjs';
import { root, runQuietly } from './places.mjs';

const run = promisify(execFile);
const helper = path.join(root, 'scripts', 'lib', 'run.mjs');

/** A process that passes everything through to another one running this code. */
function passing(code: string): string[] {
  const args = JSON.stringify(['-e', code]);
  return [
    '--input-type=module',
    '-e',
    `import { passThrough } from ${JSON.stringify(helper)}; await passThrough(process.execPath, ${args});`,
  ];
}

test('a download that failed is not tried again for a day', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-setup-'));
  const failureFile = path.join(folder, 'failed.json');
  let downloads = 0;
  let installed: string | undefined = undefined;
  const attempt = (now: number, version = '1'): Promise<string | undefined> =>
    attemptOnceADay({ version, find: () => installed, download: async () => void (downloads += 1), failureFile, now });
  const hourMs = 3_600_000;

  expect(await attempt(0)).toBeUndefined();
  expect(await attempt(23 * hourMs)).toBeUndefined();
  expect(downloads).toBe(1);
  expect(await attempt(25 * hourMs)).toBeUndefined();
  expect(downloads).toBe(2);
  expect(await attempt(25 * hourMs, '2'), 'another version is another attempt').toBeUndefined();
  expect(downloads).toBe(3);
  installed = '/somewhere/electron';
  expect(await attempt(25 * hourMs, '2')).toBe(installed);
  expect(downloads).toBe(3);
  fs.rmSync(folder, { recursive: true });
});

test('a command that takes too long is ended together with what it started', async () => {
  const code = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
  const startedAt = Date.now();
  const { timedOut, code: exitCode } = await runQuietly(process.execPath, ['-e', code], { limitMs: 500 });
  expect(timedOut).toBe(true);
  expect(exitCode).not.toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(5_000);
});

test('a command that does not exist is an answer, not an exception', async () => {
  expect((await runQuietly('layerbench-no-such-command', [])).code).toBe(127);
});

test('Node 24 or newer is found', async () => {
  const { stdout } = await run(findNode()!, ['--version']);
  expect(Number(/^v(\d+)/.exec(stdout)![1])).toBeGreaterThanOrEqual(24);
});

test('exit code, input and output pass through', async () => {
  const child = spawn(
    process.execPath,
    passing('process.stdin.pipe(process.stdout); process.stdin.on("end", () => (process.exitCode = 7))'),
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end('hello');
  const [code] = await once(child, 'close');
  expect(output).toBe('hello');
  expect(code).toBe(7);
});

test.skipIf(process.platform === 'win32')('signals pass through', async () => {
  const child = spawn(
    process.execPath,
    passing('process.on("SIGTERM", () => process.exit(5)); setInterval(() => {}, 1000); console.log("ready")'),
  );
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(code).toBe(5);
});

test('an unknown command is one sentence', async () => {
  const failed = await run(process.execPath, [path.join(root, 'scripts', 'run.mjs'), 'trian']).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Unknown command trian: use one of cli, start, .*\.\n$/) });
});
