/**
 * The command line: trains, and looks at shapes, runs and data, without a screen. It calls the same host as the app,
 * so its runs appear in the same library. Results go to stdout, everything else to stderr.
 */
import { createTerminal } from './cli/terminal.ts';
import { runCli } from './cli/runCli.ts';

const terminal = createTerminal(process);
process.exitCode = await runCli(process.argv.slice(2), terminal);
