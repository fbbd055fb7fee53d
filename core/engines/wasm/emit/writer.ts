/** Collects the text of one function: its locals, its constants, its lines. */

export type LocalType = 'i32' | 'v128' | 'f32';

export interface Writer {
  readonly relaxed: boolean;
  line(text: string): void;
  /** A fresh local. */
  local(type: LocalType, hint?: string): string;
  /** `(local.set $name value)` into a fresh local of that type; gives `(local.get $name)`. */
  keep(type: LocalType, value: string, hint?: string): string;
  /** A number in all four lanes, kept in a local for the whole function. */
  f32(value: number): string;
  i32(value: number): string;
  /** One 32-bit pattern in all four lanes. */
  bits(pattern: number): string;
  /** All bits of the first lane. */
  firstLane(): string;
  label(): string;
  finish(header: string): string;
}

export function createWriter(relaxed: boolean): Writer {
  const lines: string[] = [];
  const locals: string[] = [];
  const constants = new Map<string, string>();
  const setup: string[] = [];
  let labels = 0;

  function local(type: LocalType, hint = 't'): string {
    const name = `$${hint}_${locals.length}`;
    locals.push(`(local ${name} ${type})`);
    return name;
  }
  function constant(text: string): string {
    let name = constants.get(text);
    if (name === undefined) {
      name = local('v128', 'c');
      constants.set(text, name);
      setup.push(`(local.set ${name} (v128.const ${text}))`);
    }
    return `(local.get ${name})`;
  }
  return {
    relaxed,
    line: (text) => void lines.push(text),
    local,
    keep(type, value, hint) {
      const name = local(type, hint);
      lines.push(`(local.set ${name} ${value})`);
      return `(local.get ${name})`;
    },
    f32: (value) => constant(`f32x4 ${Array.from({ length: 4 }, () => floatText(value)).join(' ')}`),
    i32: (value) => constant(`i32x4 ${Array.from({ length: 4 }, () => value | 0).join(' ')}`),
    bits: (pattern) => constant(`i32x4 ${Array.from({ length: 4 }, () => pattern | 0).join(' ')}`),
    firstLane: () => constant('i32x4 -1 0 0 0'),
    label: () => `$l${labels++}`,
    finish: (header) => `(func ${header}\n${[...locals, ...setup, ...lines].join('\n')}\n)`,
  };
}

/** As the text format writes it, exactly: every f32 is a double, and doubles print shortest round-trip. */
export function floatText(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return 'nan';
  if (!Number.isFinite(single)) return single > 0 ? 'inf' : '-inf';
  return Object.is(single, -0) ? '-0' : String(single);
}
