import { describe, expect, it } from 'vitest';
import { fuseProgram } from '../../plan/fuse.ts';
import { layoutSlots } from '../../plan/plan.ts';
import { everyOpSession } from '../../testing/describeEngine.ts';
import { kernelText } from './kernelText.ts';
import { testAdapter } from '../../testing/gpuAdapter.ts';

const { limits } = testAdapter;

describe('the text of a kernel', () => {
  const { programs, slots } = everyOpSession();
  const program = fuseProgram(programs.train, layoutSlots(slots));

  it('is WGSL with its dispatch, for every kernel', () => {
    program.kernels.forEach((_, index) => {
      const text = kernelText(program, index, limits);
      expect(text).toMatch(/^\/\/ \d+ × \d+ × \d+ workgroups\n/);
      expect(text).toMatch(/@compute @workgroup_size\(/);
    });
  });

  it('is indented by its braces and closes them all', () => {
    const lines = kernelText(program, 0, limits).split('\n');
    const start = lines.findIndex((line) => line.startsWith('fn main') || line.includes('fn main('));
    expect(lines.at(-1)).toBe('}');
    expect(lines[start + 1]).toMatch(/^ {2}\S/);
  });
});
