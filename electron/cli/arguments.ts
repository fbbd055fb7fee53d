/** Command-line options, declared once per command: checked here, printed by help. */
import { parseArgs } from 'node:util';
import { raise } from '../../core/problem.ts';
import { suggestion } from './nearest.ts';

export interface OptionSpec {
  /** What stands for the value in help: `<file>`; absent for a switch. */
  readonly value?: string;
  readonly repeatable?: boolean;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]?: S[K] extends { repeatable: true } ? readonly string[] : S[K] extends { value: string } ? string : true;
};

export interface Arguments<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  readonly positionals: readonly string[];
}

/**
 * @param positionalNames names of the positional arguments the command takes, all required
 * @throws ProblemError for an unknown option, a missing or superfluous value
 */
export function parseArguments<const S extends OptionSpecs>(
  command: string,
  args: readonly string[],
  specs: S,
  positionalNames: readonly string[] = [],
): Arguments<S> {
  const see = `See "${command} --help".`;
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [name, { type: spec.value === undefined ? ('boolean' as const) : ('string' as const) }]),
    ),
  });
  const options: Record<string, string | true | string[]> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) {
      raise({
        code: 'cli.unknownOption',
        message: `"${command}" has no option "${token.rawName}".`,
        hint: suggestion(token.name, Object.keys(specs), (name) => `"--${name}"`),
      });
    }
    if (spec.value === undefined) {
      if (token.value !== undefined)
        raise({ code: 'cli.superfluousValue', message: `"--${token.name}" takes no value, got "${token.value}".`, hint: see });
      options[token.name] = true;
    } else if (token.value === undefined || (token.value.startsWith('--') && !token.inlineValue)) {
      raise({ code: 'cli.missingValue', message: `"--${token.name}" needs a value: --${token.name} ${spec.value}.`, hint: see });
    } else if (spec.repeatable === true) {
      options[token.name] = [...((options[token.name] as string[] | undefined) ?? []), token.value];
    } else if (options[token.name] !== undefined) {
      raise({ code: 'cli.repeatedOption', message: `"--${token.name}" is given twice.`, hint: see });
    } else {
      options[token.name] = token.value;
    }
  }
  const missing = positionalNames[positionals.length];
  if (missing !== undefined) raise({ code: 'cli.missingArgument', message: `"${command}" needs <${missing}>.`, hint: see });
  const extra = positionals[positionalNames.length];
  if (extra !== undefined)
    raise({ code: 'cli.superfluousArgument', message: `"${command}" does not know what to do with "${extra}".`, hint: see });
  return { options: options as OptionValues<S>, positionals };
}
