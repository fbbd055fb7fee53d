import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../core/problem.ts';
import { parseArguments } from './arguments.ts';

const specs = {
  epochs: { value: '<n>', help: 'passes' },
  set: { value: '<path=value>', repeatable: true, help: 'any field' },
  json: { help: 'one line' },
} as const;

function parse(args: string[], positionals: string[] = []) {
  return parseArguments('train', args, specs, positionals);
}

function messageOf(args: string[], positionals: string[] = []): string {
  try {
    parse(args, positionals);
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
  return '';
}

describe('command line arguments', () => {
  it('reads values, switches and repeated options', () => {
    expect(parse(['--epochs', '5', '--set', 'a=1', '--json', '--set=b=2', 'mlp.json'], ['network'])).toEqual({
      options: { epochs: '5', set: ['a=1', 'b=2'], json: true },
      positionals: ['mlp.json'],
    });
  });

  it('takes values that begin with a minus', () => {
    expect(parse(['--epochs', '-5']).options.epochs).toBe('-5');
    expect(parse(['--epochs=--5']).options.epochs).toBe('--5');
  });

  it.each([
    [['--epoch', '5'], '"train" has no option "--epoch". Did you mean "--epochs"?'],
    [['--jsno'], '"train" has no option "--jsno". Did you mean "--json"?'],
    [['-e', '5'], '"train" has no option "-e". Known: "--epochs", "--set", "--json".'],
    [['--toString', '1'], '"train" has no option "--toString". Known: "--epochs", "--set", "--json".'],
    [['--epochs'], '"--epochs" needs a value: --epochs <n>. See "train --help".'],
    [['--epochs', '--json'], '"--epochs" needs a value: --epochs <n>. See "train --help".'],
    [['--epochs', '1', '--epochs', '2'], '"--epochs" is given twice. See "train --help".'],
    [['--json=yes'], '"--json" takes no value, got "yes". See "train --help".'],
    [['extra'], '"train" does not know what to do with "extra". See "train --help".'],
  ])('refuses %j', (args, message) => {
    expect(messageOf(args)).toBe(message);
  });

  it('names a missing argument', () => {
    expect(messageOf([], ['network'])).toBe('"train" needs <network>. See "train --help".');
  });
});
