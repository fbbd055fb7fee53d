/** Parameters of a node against their specifications: defaults filled in, values checked. */
import type { LayerNode, ParamValue, ParamValues } from '../graph/document.ts';
import type { Problem, ProblemFix } from '../problem.ts';
import type { LayerDefinition, ParamSpec, ParamSpecs, ParamsOf } from './defineLayer.ts';
import { expectedSizes, isSizes } from './sizes.ts';

/** Every parameter with its value: the node's own where it is valid, else the default. */
export function resolveParams<S extends ParamSpecs>(definition: LayerDefinition<S>, params: ParamValues): ParamsOf<S> {
  const resolved: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(definition.params)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    resolved[name] = value !== undefined && expectation(spec, value) === null ? value : spec.default;
  }
  return resolved as ParamsOf<S>;
}

/** One problem per parameter that is unknown, of the wrong type or out of range. */
export function checkParams(definition: LayerDefinition, node: LayerNode): Problem[] {
  const problems: Problem[] = [];
  for (const [param, value] of Object.entries(node.params)) {
    const spec = Object.hasOwn(definition.params, param) ? definition.params[param] : undefined;
    const where = { kind: 'node', node: node.id, param } as const;
    if (spec === undefined) {
      problems.push({
        code: 'param.unknown',
        where,
        message: `${node.name} has a parameter "${param}" that ${definition.title} does not know.`,
        hint: 'Remove it.',
        fixes: [{ kind: 'setParam', label: `Remove "${param}"`, node: node.id, param, value: null }],
      });
      continue;
    }
    const expected = expectation(spec, value);
    if (expected !== null) {
      problems.push({
        code: 'param.value',
        where,
        message: `${node.name}: ${spec.label} should be ${expected}, got ${JSON.stringify(value)}.`,
        hint: `Its default is ${showValue(spec)}.`,
        fixes: repairs(spec, value, node, param),
      });
    }
  }
  return problems;
}

/** What is expected, in words, where the value is not it; null for a good value. */
export function expectation(spec: ParamSpec, value: ParamValue): string | null {
  switch (spec.kind) {
    case 'integer':
    case 'number': {
      const whole = spec.kind === 'integer';
      const above = typeof value === 'number' && (spec.openMin === true ? value > spec.min : value >= spec.min);
      const ok = above && value <= spec.max && (!whole || Number.isInteger(value));
      if (ok) return null;
      // Only now: writing numbers by locale takes longer than all the rest.
      const [min, max] = [formatNumber(spec.min), formatNumber(spec.max)];
      return `a ${whole ? 'whole ' : ''}number ${spec.openMin === true ? `above ${min} and at most ${max}` : `from ${min} to ${max}`}`;
    }
    case 'boolean':
      return typeof value === 'boolean' ? null : 'yes or no';
    case 'choice':
      return spec.options.some((option) => option.value === value)
        ? null
        : `one of ${spec.options.map((option) => `"${option.value}"`).join(', ')}`;
    case 'sizes':
      return isSizes(spec, value) ? null : expectedSizes(spec);
    case 'text':
    case 'role':
      return typeof value === 'string' ? null : spec.kind === 'role' ? 'the name of a role of the data set' : 'text';
    default:
      return spec satisfies never;
  }
}

function repairs(spec: ParamSpec, value: ParamValue, node: LayerNode, param: string): ProblemFix[] {
  const fixes: ProblemFix[] = [];
  if ((spec.kind === 'integer' || spec.kind === 'number') && typeof value === 'number' && Number.isFinite(value)) {
    const inRange = Math.min(spec.max, Math.max(spec.min, spec.kind === 'integer' ? Math.round(value) : value));
    if (inRange !== spec.default)
      fixes.push({ kind: 'setParam', label: `Set ${spec.label} to ${formatNumber(inRange)}`, node: node.id, param, value: inRange });
  }
  fixes.push({
    kind: 'setParam',
    label: `Set ${spec.label} to its default, ${showValue(spec)}`,
    node: node.id,
    param,
    value: spec.default,
  });
  return fixes;
}

function showValue(spec: ParamSpec): string {
  switch (spec.kind) {
    case 'integer':
    case 'number':
      return formatNumber(spec.default);
    case 'boolean':
      return spec.default ? 'yes' : 'no';
    case 'choice':
      return spec.options.find((option) => option.value === spec.default)?.label ?? spec.default;
    case 'sizes':
      return spec.words?.find((word) => word.value === spec.default)?.label ?? String(spec.default);
    case 'text':
    case 'role':
      return spec.default === '' ? 'empty' : `"${spec.default}"`;
    default:
      return spec satisfies never;
  }
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 12 });
}
