/** Help texts, generated from the commands' declarations. */
import type { Command } from './command.ts';

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'Layerbench on the command line: train networks, look at shapes, runs and data.',
    '',
    'Usage: layerbench <command> [options]',
    '',
    'Commands:',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    '"layerbench <command> --help" explains one command. Results go to stdout, progress to stderr.',
    'Exit code 0: done; 1: a mistake, explained in one sentence; 130: stopped with Ctrl-C.',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const options = [
    ...Object.entries(command.options).map(
      ([name, spec]) =>
        [
          `--${name}${spec.value === undefined ? '' : ` ${spec.value}`}`,
          spec.repeatable === true ? `${spec.help} (repeatable)` : spec.help,
        ] as const,
    ),
    ['--help', 'show this text'] as const,
  ];
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    command.summary,
    '',
    `Usage: layerbench ${command.name} ${command.usage}`,
    '',
    'Options:',
    ...options.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(command.notes === undefined ? [] : ['', ...command.notes]),
    '',
    'Examples:',
    ...command.examples.map((example) => `  layerbench ${example}`),
  ].join('\n');
}
