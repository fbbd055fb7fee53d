import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The browser shell as its own process, the way a person starts it. */
interface Started {
  readonly child: ChildProcess;
  /** The first line it prints; whole output when it ends first. */
  readonly line: Promise<string>;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

let folder: string;
const running: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-start-'));
  mkdirSync(join(folder, 'renderer'));
  writeFileSync(join(folder, 'renderer', 'index.html'), '<title>Layerbench</title>');
  return () => rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]): Started {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const child = spawn(process.execPath, [script, '--renderer', join(folder, 'renderer'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const line = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n')) resolve(stdout);
    });
    child.on('exit', () => resolve(stdout));
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, line, ended };
}

describe('starting the browser shell', () => {
  it('prints its address in one line; a second start gives the same server; ends cleanly; starts again after a kill', async () => {
    const library = join(folder, 'library');
    const first = start('--library', library, '--port', '0');
    expect(await first.line).toMatch(/^Layerbench is ready at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}\n$/);
    const second = await start('--library', library).ended;
    expect(second.code).toBe(0);
    const port = /:(\d+)\//.exec(await first.line)?.[1];
    expect(second.stdout).toMatch(new RegExp(`^Layerbench is already running at http://127\\.0\\.0\\.1:${port}/\\?token=`));

    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(library, 'serve.json'))).toBe(false);

    const third = start('--library', library, '--port', '0');
    await third.line;
    third.child.kill('SIGKILL');
    await third.ended;
    expect(await start('--library', library, '--port', '0').line).toMatch(/^Layerbench is ready/);
  });

  it('says in one sentence what stands in the way', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'library.sqlite'), '');

    const cases: [string[], RegExp][] = [
      [
        ['--library', join(folder, 'a'), '--port', String(port)],
        new RegExp(`^Port ${port} is in use by another program\\. Choose another one`),
      ],
      [['--library', empty], /^The library's database .*library\.sqlite is empty \(0 bytes\)/],
      [['--library', join(folder, 'a'), '--port', 'http'], /^--port: expected a number from 0 to 65535, got “http”/],
      [['--library', join(folder, 'a'), '--renderer', folder], /^The interface is not built/],
      [['--colour'], /Unknown option '--colour'/],
    ];
    const results = await Promise.all(cases.map(([args]) => start(...args).ended));
    taken.close();
    results.forEach((result, index) => {
      expect(result.code).toBe(1);
      expect(result.stdout).toBe('');
      expect(result.stderr).toMatch(cases[index]?.[1] ?? /never/);
      expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    });
  });
});
