/** Finds the command, runs it, and turns whatever goes wrong into one sentence and an exit code. */
import { raise, ProblemError } from '../../core/problem.ts';
import { parseArguments } from './arguments.ts';
import { exitCodes } from './command.ts';
import type { Command, ExitCode, Terminal } from './command.ts';
import { dataCommand } from './data.ts';
import { commandHelp, generalHelp } from './help.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './exportModel.ts';
import { suggestion } from './nearest.ts';
import { findRateCommand } from './findRate.ts';
import { generateCommand } from './generate.ts';
import { planCommand } from './plan.ts';
import { predictCommand } from './predict.ts';
import { runsCommand } from './runs.ts';
import { scoreCommand } from './score.ts';
import { sampleCommand } from './sample.ts';
import { shapesCommand } from './shapes.ts';
import { trainCommand } from './train.ts';
import { zooCommand } from './zoo.ts';

export const commands: readonly Command[] = [
  trainCommand,
  shapesCommand,
  planCommand,
  findRateCommand,
  explainCommand,
  predictCommand,
  generateCommand,
  sampleCommand,
  runsCommand,
  scoreCommand,
  exportCommand,
  dataCommand,
  zooCommand,
];

export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    terminal.status('');
    terminal.err(sentence(error));
    return exitCodes.mistake;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first, ...rest] = args;
  if (first === undefined) {
    terminal.err(generalHelp(commands));
    return exitCodes.mistake;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    terminal.out(generalHelp(commands));
    return exitCodes.ok;
  }
  const wantsHelp = first === 'help' || rest.includes('--help') || rest.includes('-h');
  const command = findCommand(first === 'help' ? rest[0]! : first);
  if (wantsHelp) {
    terminal.out(commandHelp(command));
    return exitCodes.ok;
  }
  return command.run(parseArguments(command.name, rest, command.options, command.positionals), terminal);
}

function findCommand(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  raise({ code: 'cli.unknownCommand', message: `There is no command "${name}".`, hint: suggestion(name, names) });
}

/** A user's mistake as it reads; a defect of ours in one line, with the stack only on request. */
function sentence(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  if (process.env.LAYERBENCH_DEBUG !== undefined && error instanceof Error) return error.stack ?? error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Layerbench failed: ${message.split('\n', 1)[0]} (LAYERBENCH_DEBUG=1 shows where.)`;
}
