/** Collects the text of one shader: statements, and the functions and workgroup memory they need. */
import { helperText, type HelperName } from './math.ts';

export interface Writer {
  line(text: string): void;
  /** A name not used before; the hint must not be f, i or u, which with a number may be a type. */
  fresh(hint: string): string;
  /** `let name = text;` gives the name. */
  keep(hint: string, text: string): string;
  /** Names a function of math.ts and sees to it that its text is there. */
  call(name: HelperName): HelperName;
  /** Workgroup memory of this name. */
  share(name: string, type: 'f32' | 'i32', count: number): void;
  statements(): string;
  declarations(): string;
}

export function createWriter(): Writer {
  const lines: string[] = [];
  const helpers = new Set<HelperName>();
  const shared = new Map<string, string>();
  let names = 0;
  const fresh = (hint: string) => `${hint}${names++}`;
  return {
    line: (text) => void lines.push(text),
    fresh,
    keep(hint, text) {
      const name = fresh(hint);
      lines.push(`let ${name} = ${text};`);
      return name;
    },
    call(name) {
      helpers.add(name);
      return name;
    },
    share: (name, type, count) => void shared.set(name, `var<workgroup> ${name}: array<${type}, ${count}>;`),
    statements: () => lines.join('\n'),
    declarations: () => [...shared.values(), helperText(helpers)].join('\n'),
  };
}
