/** Runs a script's main function; an explained failure is printed as its sentence, a defect with its stack. */
import { say, SetupError } from '../setup/places.mjs';

export async function runMain(main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}
