import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.ts';

describe('options of the bench', () => {
  it('measures everything unless told otherwise', () => {
    expect(parseOptions([], {})).toMatchObject({ workloads: [], engines: [], peers: null, rounds: 7, json: false, checks: true });
  });

  it('has more patience with a graphics adapter, and no checks on it', () => {
    expect(parseOptions(['--webgpu'], {})).toMatchObject({ webgpu: true, patienceMs: 300_000, checks: false });
    expect(parseOptions(['--webgpu', '--patience', '20'], {})).toMatchObject({ patienceMs: 20_000 });
    expect(parseOptions([], {})).toMatchObject({ webgpu: false, patienceMs: 60_000 });
  });

  it('takes lists, counts and the Python to use', () => {
    const args = [
      '--workload',
      'mlp-b1,mlp-b32',
      '--workload',
      'playground',
      '--engine',
      'wasm',
      '--rounds',
      '4',
      '--threads',
      '1',
      '--json',
    ];
    expect(parseOptions(args, { LAYERBENCH_PYTHON: '/opt/python' })).toMatchObject({
      workloads: ['mlp-b1', 'mlp-b32', 'playground'],
      engines: ['wasm'],
      rounds: 4,
      threads: 1,
      json: true,
      python: '/opt/python',
    });
    expect(parseOptions(['--python', 'python3.13'], { LAYERBENCH_PYTHON: '/opt/python' })).toMatchObject({ python: 'python3.13' });
    expect(parseOptions(['--peer', 'none'], {})).toMatchObject({ peers: [] });
    expect(parseOptions(['--quick'], {})).toMatchObject({ rounds: 3, roundMs: 30 });
    expect(parseOptions(['--help'], {})).toBe('help');
  });

  it('refuses what it does not understand', () => {
    expect(() => parseOptions(['--rounds', 'many'], {})).toThrow(new UsageError('--rounds takes a whole number from 1, got "many".'));
    expect(() => parseOptions(['--round', '3'], {})).toThrow(UsageError);
  });
});
