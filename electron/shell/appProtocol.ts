/** Answers `app://layerbench/…` from the built interface, with the same headers as the browser shell. */
import { securityHeaders } from './contentSecurity.ts';
import { appOrigin } from './security.ts';
import { readStaticFile } from './staticFiles.ts';

export async function answerAppRequest(rendererFolder: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  const refuse = (status: number, sentence: string): Response =>
    new Response(sentence, { status, headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' } });
  const url = new URL(request.url);
  if (`${url.protocol}//${url.host}` !== appOrigin) return refuse(403, 'Layerbench shows its own pages only.');
  if (request.method !== 'GET') return refuse(405, 'Only GET is answered here.');
  const file = await readStaticFile(rendererFolder, url.pathname === '' ? '/' : url.pathname);
  if (file === null) return refuse(404, 'There is no such page.');
  return new Response(new Uint8Array(file.body), { headers: { ...securityHeaders, ...file.headers } });
}
