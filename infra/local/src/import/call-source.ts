import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@rollcall/embedded-postgres';
import { object } from '../consume/read-shape';

/** Reads from the API of another service. */
export interface SourceApi {
  /** The answer to a GET. Throws a StartError when it is not answered, or with an error that does not pass. */
  get(path: string): Promise<Record<string, unknown>>;
}

export interface SourceAccess {
  readonly baseUrl: string;
  /** The Authorization header; asked for again once it is not taken any more. */
  readonly authorize: () => Promise<string>;
  readonly note: (text: string) => void;
}

/** How often a request is sent again that was refused for the time being, or not answered. */
const TRIES = 8;
const FIRST_WAIT_SECONDS = 1;
/** What `Retry-After` may ask for at most. */
const WAIT_MAX_SECONDS = 300;
/** A wait that is told. */
const LONG_WAIT_SECONDS = 5;
const ANSWER_MS = 60_000;
/** Many times what a page takes. */
const BODY_MAX = 16 * 1_024 * 1_024;
const REFUSED: ReadonlySet<number> = new Set([401, 403]);
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** The API at an address. Answers 429 and 5xx are waited out, as long as `Retry-After` says. */
export function callSource({ baseUrl, authorize, note }: SourceAccess): SourceApi {
  let authorization: Promise<string> | undefined;

  async function send(path: string): Promise<Response> {
    authorization ??= authorize();
    return askSource(`${baseUrl}${path}`, {
      headers: { authorization: await authorization, accept: 'application/json' },
    });
  }

  return {
    get: async (path) => {
      const what = `GET ${path.split('?', 1)[0]}`;
      let renewed = false;
      for (let tries = 1; ; tries++) {
        const response = await send(path).catch((error: Error & { cause?: { code?: string } }) => {
          if (error instanceof StartError) throw error;
          authorization = undefined;
          if (tries === TRIES) throw new StartError(`${what} was not answered (${error.cause?.code ?? error.name}).`);
          return undefined;
        });
        if (response?.ok) return object(await readJson(response, what), what);
        if (response?.status === 401 && !renewed) {
          renewed = true;
          authorization = undefined;
        } else if (response && isRedirect(response)) {
          throw new StartError(`${what} ${LED_ELSEWHERE}`);
        } else if (response && (!PASSING.has(response.status) || tries === TRIES)) {
          const why = REFUSED.has(response.status) ? ': the credentials are not taken. Correct them' : '';
          throw new StartError(`${what} was answered ${response.status}${why}.`);
        } else {
          const seconds = waitOf(response?.headers.get('retry-after'), tries);
          if (seconds >= LONG_WAIT_SECONDS) note(`Waiting ${Math.ceil(seconds)} s for ${new URL(baseUrl).host}.`);
          await sleep(seconds * 1_000);
        }
        await response?.body?.cancel();
      }
    },
  };
}

/** Seconds or a date (RFC 9110 section 10.2.3); without either, longer from time to time. */
function waitOf(retryAfter: string | null | undefined, tries: number): number {
  const asked = retryAfter ? Number(retryAfter) : NaN;
  const until = retryAfter && Number.isNaN(asked) ? (Date.parse(retryAfter) - Date.now()) / 1_000 : asked;
  const seconds = Number.isFinite(until) ? until : FIRST_WAIT_SECONDS * 2 ** (tries - 1);
  return Math.min(Math.max(seconds, 0), WAIT_MAX_SECONDS);
}

/** Sends a request to a source and to nobody else: a redirect is not followed, which would repeat a body with credentials elsewhere. */
export function askSource(url: string, request: RequestInit): Promise<Response> {
  return fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
}

export function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400;
}

/** The end of a sentence about a request. */
export const LED_ELSEWHERE =
  'was answered with a redirect, which is not followed. If it leads to the source, give that address with --from.';

/** The body of an answer as JSON. Throws a StartError when it is none, or larger than any page of a source. */
export async function readJson({ body }: Response, what: string): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // Leaving the loop closes the connection.
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > BODY_MAX) throw new StartError(`${what} was answered with more than ${BODY_MAX} bytes.`);
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${what} was answered with something else than JSON.`);
  }
}
