/** Which process owns a run, and whether it still lives. A process number alone is not enough: they are used again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Owner } from '../store/runs.ts';

/** Where start times cannot be read, an owner without a heartbeat for this long counts as dead. */
const silenceMs = 60_000;

export function currentOwner(): Owner {
  return { pid: process.pid, started: processStartTime(process.pid) ?? '' };
}

/** Some text that differs for every process that ever had this number; `null` if there is none now. */
export function processStartTime(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      return linuxStartTime(readFileSync(`/proc/${pid}/stat`, 'latin1'), readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
    } catch {
      return null;
    }
  }
  if (process.platform === 'darwin') {
    try {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null
      );
    } catch {
      return null;
    }
  }
  return isRunning(pid) ? '' : null;
}

/** Field 22 of /proc/<pid>/stat, clock ticks since boot; the name in field 2 may itself hold spaces and brackets. A zombie is dead. */
export function linuxStartTime(stat: string, bootId: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId} ${fields[19] ?? ''}`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function isAlive(owner: Owner, heartbeatAt: number | null, now: number): boolean {
  const started = processStartTime(owner.pid);
  if (started === null) return false;
  if (started === '' || owner.started === '') return heartbeatAt !== null && now - heartbeatAt < silenceMs;
  return started === owner.started;
}
