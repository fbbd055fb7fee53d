/** Every step of the database's layout, in order. Numbers go up in tens, so that a repair can be put between two. */
import { initial } from './010_initial.ts';

export interface Migration {
  /** Also the database's `user_version` after it. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [initial];
