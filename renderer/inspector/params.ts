/** What the inspector offers for a parameter, from its spec and the bound data set. */
import type { DataRole } from '../../core/data/dataSet.ts';
import { formatShape } from '../../core/graph/shape.ts';
import type { ParamSpec } from '../../core/layers/defineLayer.ts';
import type { Sizes, SizesSpec } from '../../core/layers/sizes.ts';
import { text } from '../text.ts';
import { writeNumber } from '../ui/numberEntry.ts';

type RoleSpec = Extract<ParamSpec, { kind: 'role' }>;

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/** The roles that fit, and whatever is bound now even if the data set does not have it: nothing changes silently. */
export function roleOptions(spec: RoleSpec, bound: string, roles: readonly DataRole[] | null): Option[] {
  const fitting = (roles ?? []).filter((role) => role.kind === spec.roleKind).map((role) => ({ value: role.name, label: role.name }));
  if (fitting.some((option) => option.value === bound)) return fitting;
  if (bound !== '') return [{ value: bound, label: roles === null ? bound : text.build.roleMissing(bound) }, ...fitting];
  return [{ value: '', label: roles === null ? text.build.noRole : text.build.roleNone, disabled: true }, ...fitting];
}

/** The default as the reset button names it. */
export function writeDefault(spec: ParamSpec): string {
  switch (spec.kind) {
    case 'integer':
    case 'number':
      return `${writeNumber(spec.default)}${spec.unit === undefined ? '' : ` ${spec.unit}`}`;
    case 'boolean':
      return spec.default ? text.build.yes : text.build.no;
    case 'choice':
      return spec.options.find((option) => option.value === spec.default)?.label ?? spec.default;
    case 'sizes':
      return writeSizes(spec, spec.default);
    case 'role':
    case 'text':
      return spec.default === '' ? text.build.nothing : spec.default;
    default:
      return spec satisfies never;
  }
}

/** As it stands in the field: `3 × 5 px`, a word by its label. */
export function writeSizes(spec: SizesSpec, value: Sizes): string {
  if (typeof value === 'string') return spec.words?.find((word) => word.value === value)?.label ?? value;
  return typeof value === 'number' ? writeNumber(value) : value.map(writeNumber).join(' × ');
}

/** One sample's shape, without the batch: `6 × 28 × 28`. */
export function sampleShape(shape: Parameters<typeof formatShape>[0]): string {
  return formatShape(shape.slice(1));
}
