/** Workgroups numbered in one row, spread over the dimensions of a dispatch. */
import type { GpuLimits, Shader } from '../shader.ts';

export interface Spread {
  readonly workgroups: Shader['workgroups'];
  /** WGSL u32 expression of the workgroup's number, of `group: vec3u`; it may reach beyond the count asked for. */
  readonly number: string;
  /** Whether it does. */
  readonly overhangs: boolean;
}

export function spread(count: number, { maxWorkgroups }: GpuLimits): Spread {
  const x = Math.min(count, maxWorkgroups);
  const rows = Math.ceil(count / x);
  const y = Math.min(rows, maxWorkgroups);
  const z = Math.ceil(rows / y);
  const number = z > 1 ? `(group.x + (group.y + group.z * ${y}u) * ${x}u)` : y > 1 ? `(group.x + group.y * ${x}u)` : 'group.x';
  return { workgroups: [x, y, z], number, overhangs: x * y * z > count };
}
