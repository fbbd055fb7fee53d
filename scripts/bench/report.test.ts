import { describe, expect, it } from 'vitest';
import { alignColumns, formatNumber, makeRow, toJson, toLine, toTable } from './report.ts';
import type { Report } from './report.ts';

const machine = { cpu: 'Some processor', cores: 2, platform: 'linux-x64', node: '24.0.0', peers: { pytorch: 'PyTorch 9.9, 2 threads' } };
const report: Report = {
  machine,
  rows: [
    makeRow('mlp-b32', 'wasm', 200, 20_000_000, { pytorch: 400, 'jax-js': 1600 }),
    makeRow('mlp-b128', 'wasm', 1000, 80_000_000, { pytorch: 500 }),
    makeRow('matmul-256', 'wasm', 1000, 33_554_432, { pytorch: 10 }),
  ],
  absent: [{ workload: 'mlp-b128', name: 'jax-js', reason: 'no answer' }],
  checks: [
    { name: 'first step of mlp-b128', engine: 'wasm', value: 120.4, unit: 'ms', limit: 300 },
    { name: 'collections', engine: 'wasm', value: 2, unit: '', limit: 0 },
  ],
};

describe('the report of the bench', () => {
  it('divides peer by ours, and FLOPs by time', () => {
    expect(makeRow('x', 'wasm', 200, 20_000_000, { pytorch: 400 })).toEqual({
      workload: 'x',
      engine: 'wasm',
      medianUs: 200,
      gflops: 100,
      peers: { pytorch: { medianUs: 400, ratio: 2 } },
    });
  });

  it('writes machine, rows, absences and checks as JSON', () => {
    const parsed = JSON.parse(toJson(report)) as Report;
    expect(Object.keys(parsed)).toEqual(['machine', 'rows', 'absent', 'checks']);
    expect(parsed.machine).toEqual(machine);
    expect(Object.keys(parsed.rows[0]!)).toEqual(['workload', 'engine', 'medianUs', 'gflops', 'peers']);
    expect(parsed.rows[0]!.peers['jax-js']).toEqual({ medianUs: 1600, ratio: 8 });
  });

  it('says a row in one line', () => {
    expect(toLine(report.rows[0]!)).toBe('wasm 200 µs; pytorch 400 µs, 2.00×; jax-js 1,600 µs, 8.00×');
  });

  it('prints a table with a mean over the trainings alone', () => {
    const text = toTable(report);
    expect(text).toContain('\nmlp-b128: jax-js took no part: no answer.\n');
    expect(text).toContain('Some processor, 2 cores, linux-x64, Node 24.0.0\nPyTorch 9.9, 2 threads\n');
    expect(text).toMatch(/mlp-b32 +wasm +200 +100 +400 +2\.00× +1,600 +8\.00×/);
    expect(text).toMatch(/mlp-b128 +wasm +1,000 +80 +500 +0\.50× +– +–/);
    expect(text).toMatch(/geometric mean +wasm +1\.00× +8\.00×/);
    expect(text).toMatch(/first step of mlp-b128 +wasm +120 ms +within 300/);
    expect(text).toMatch(/collections +wasm +2 +ABOVE 0/);
  });

  it('leaves the means out where there is no peer', () => {
    const alone = { ...report, rows: [makeRow('mlp-b1', 'wasm', 50, 1, {})], checks: [] };
    expect(toTable(alone)).not.toContain('geometric mean');
  });

  it('aligns columns and rounds to what is meant', () => {
    expect(
      alignColumns([
        ['a', 'b', 'c'],
        ['long', 'x', '100'],
      ]),
    ).toBe('a     b    c\nlong  x  100');
    expect([0.1234, 1.236, 12.34, 1234.5].map(formatNumber)).toEqual(['0.123', '1.24', '12.3', '1,235']);
  });
});
