import { request } from 'node:http';
import { createGunzip } from 'node:zlib';
import type { Answer, ScimClient } from './scim-client';
import type { SeededDirectory } from './seed-directory';

/**
 * Sends SCIM requests to one directory as a certain client writes them: the path to the character, a trailing `?` included, and
 * no header but Host, Content-Length and those given. An answer in gzip is read as one that says so may be.
 * @param headers of every request; a request's own come over them, and one given as undefined is left out
 */
export function exactClient(
  { scimUrl, token }: Pick<SeededDirectory, 'scimUrl' | 'token'>,
  headers: (hasBody: boolean) => Record<string, string> = () => ({}),
): ScimClient {
  const { hostname, port } = new URL(scimUrl);
  const base = scimUrl.slice(scimUrl.indexOf('/', 'http://'.length));
  return (method, path, body, options = {}) => {
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const all = { Authorization: `Bearer ${token}`, ...headers(payload !== undefined), ...options.headers };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    if (payload !== undefined) sent.push(['Content-Length', String(Buffer.byteLength(payload))]);
    return new Promise<Answer>((resolve, reject) => {
      const target = { hostname, port, method, path: base + path, headers: Object.fromEntries(sent), agent: false };
      const call = request(target, (response) => {
        let text = '';
        const isCoded = response.headers['content-encoding'] === 'gzip' && method !== 'HEAD';
        const content = isCoded ? response.pipe(createGunzip()) : response;
        content.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        content.on('end', () => {
          const received = Object.entries(response.headers).map(([name, value]): [string, string] => [
            name,
            String(value),
          ]);
          const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['json'];
          resolve({ status: response.statusCode ?? 0, headers: new Headers(received), text, json });
        });
      });
      call.on('error', reject).end(payload);
    });
  };
}
