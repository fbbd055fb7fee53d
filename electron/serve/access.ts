/**
 * Who may talk to the browser shell. Tokens stand in printed addresses and work once; a used token becomes a
 * session in an HttpOnly cookie. Only loopback names are accepted as Host, which keeps out pages that resolve
 * their own name to 127.0.0.1, and requests of other origins are refused.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Access {
  /** A new one-time token. */
  issueToken(): string;
  /** The session a token is worth, once. */
  redeem(token: string): string | null;
  hasSession(request: IncomingMessage): boolean;
  cookie(session: string): string;
}

/** Long enough for any number of windows, short enough that a forgotten server does not collect them. */
const maxTokens = 100;

export function createAccess(cookieName: string): Access {
  const tokens = new Set<string>();
  const sessions = new Set<string>();

  const take = (set: Set<string>, wanted: string): string | null => {
    for (const known of set) if (equal(known, wanted)) return known;
    return null;
  };

  return {
    issueToken() {
      const token = randomBytes(24).toString('base64url');
      tokens.add(token);
      for (const old of tokens) {
        if (tokens.size <= maxTokens) break;
        tokens.delete(old);
      }
      return token;
    },
    redeem(token) {
      const known = take(tokens, token);
      if (known === null) return null;
      tokens.delete(known);
      const session = randomBytes(32).toString('base64url');
      sessions.add(session);
      return session;
    },
    hasSession(request) {
      const session = readCookie(request.headers.cookie, cookieName);
      return session !== null && take(sessions, session) !== null;
    },
    cookie: (session) => `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
  };
}

export function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}

/** Any port: an SSH tunnel may end at another one than ours. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host);
}

/** Requests that carry an Origin must come from our own page. */
export function isOwnOrigin(request: IncomingMessage, required: boolean): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return !required;
  return host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`;
}
