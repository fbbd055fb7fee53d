/**
 * The one door into the host, for every shell: checks the call's name and arguments, and turns whatever is thrown
 * into a Problem. Inside, types are trusted.
 */
import * as v from 'valibot';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import type { CallName, Handlers, Reply } from '../contract/calls.ts';
import type { Log } from '../host/log.ts';
import { sqliteProblem } from '../store/database.ts';
import { appSchemas } from './app.ts';
import { dataSchemas } from './data.ts';
import { documentSchemas } from './documents.ts';
import { engineSchemas } from './engines.ts';
import { explainSchemas } from './explain.ts';
import { modelFileSchemas } from './modelFiles.ts';
import { raceSchemas } from './race.ts';
import { runSchemas } from './runs.ts';
import { argumentProblem } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';
import { useSchemas } from './use.ts';

/** Total: a call without a schema does not compile. */
export const schemas: ArgsSchemas<CallName> = {
  ...appSchemas,
  ...documentSchemas,
  ...dataSchemas,
  ...runSchemas,
  ...engineSchemas,
  ...modelFileSchemas,
  ...useSchemas,
  ...explainSchemas,
  ...raceSchemas,
};

export interface Router {
  /** Never rejects. */
  call(name: unknown, args: unknown): Promise<Reply<unknown>>;
}

export function createRouter(handlers: Handlers, log: Log): Router {
  return {
    async call(name, args) {
      try {
        if (typeof name !== 'string' || !Object.hasOwn(schemas, name)) {
          throw new ProblemError({ code: 'call.unknown', message: `There is no call “${String(name).slice(0, 100)}”.` });
        }
        const known = name as CallName;
        const parsed = v.safeParse(schemas[known] as v.GenericSchema, args);
        if (!parsed.success) throw argumentProblem(known, parsed.issues);
        const handler = handlers[known] as (args: unknown) => unknown;
        return { ok: true, value: await handler(parsed.output) };
      } catch (error) {
        return { ok: false, problem: toProblem(error, String(name).slice(0, 100), log) };
      }
    },
  };
}

/** What a person may see of an error; the rest goes to the log. */
export function toProblem(error: unknown, where: string, log: Log): Problem {
  if (error instanceof ProblemError) return error.problem;
  log.error(where, error);
  return (
    sqliteProblem(error) ?? {
      code: 'internal',
      message: `Something went wrong inside Layerbench (${where}).`,
      hint: `Details are in ${log.file}.`,
    }
  );
}
