/** The WGSL of one kernel of a planned program, as the engine compiles it, for the kernel inspector. */
import type { KernelProgram } from '../../plan/kernelProgram.ts';
import { placeIn } from './place.ts';
import { kernelShaders } from './kernelShaders.ts';
import type { GpuLimits } from './shader.ts';
import { layoutStep } from './stepBlock.ts';

/** One shader after the other where the kernel takes several dispatches. */
export function kernelText(program: KernelProgram, kernel: number, limits: GpuLimits): string {
  const place = placeIn(layoutStep(program), limits.maxPageBytes);
  const { shaders } = kernelShaders(program.kernels[kernel]!, place, limits);
  return shaders.map(({ code, workgroups }) => `// ${workgroups.join(' × ')} workgroups\n${indent(code.trim())}`).join('\n\n');
}

/** Two spaces for every open brace or parenthesis. */
function indent(code: string): string {
  let depth = 0;
  const lines = code.split('\n').map((line) => {
    const text = line.trim();
    const opened = text.replace(/[^({]/g, '').length - text.replace(/[^)}]/g, '').length;
    const at = /^[)}]/.test(text) ? depth - 1 : depth;
    depth += opened;
    return `${'  '.repeat(Math.max(0, at))}${text}`;
  });
  return lines.join('\n');
}
