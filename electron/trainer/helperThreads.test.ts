import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = new URL('./', import.meta.url).href;

/** A process that runs a contraction on two threads, then ends as `ending` says. */
async function runProcess(ending: string): Promise<{ code: number | null; output: string }> {
  const script = `
    const { createWasmEngine } = await import('${folder}../../core/engines/wasm/wasmEngine.ts');
    const { spawnHelper } = await import('${folder}helperThreads.ts');
    const { createBuilder } = await import('${folder}../../core/program/builder.ts');
    const type = { shape: [300, 300], dtype: 'f32' };
    const b = createBuilder({ name: 'square', batchSize: 0 });
    const x = b.slot('x', type);
    b.assign('y', b.contract('ij,jk->ik', x, x));
    const engine = createWasmEngine({ threads: 2, spawn: spawnHelper });
    const slots = ['x', 'y'].map((name) => ({ name, kind: 'carry', type }));
    await engine.load({ programs: { square: b.build() }, slots, seed: 1 });
    await engine.write('x', new Float32Array(90000).fill(1));
    await engine.run('square', { steps: 3, firstStep: 0 });
    console.log((await engine.read('y'))[89999]);
    ${ending}`;
  const temporary = mkdtempSync(join(tmpdir(), 'layerbench-helpers-'));
  const file = join(temporary, 'script.mjs');
  writeFileSync(file, script);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  rmSync(temporary, { recursive: true });
  return { code, output: output.trim() };
}

it.each([
  ['disposes of its engine', 'await engine.dispose();'],
  ['forgets to', ''],
  ['loads anew', 'await engine.load({ programs: {}, slots: [], seed: 1 }); await engine.dispose();'],
  ['exits', 'process.exit(0);'],
])('lets a process end that %s', async (_name, ending) => {
  expect(await runProcess(ending)).toEqual({ code: 0, output: '300' });
});
