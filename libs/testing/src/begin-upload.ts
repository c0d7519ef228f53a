import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Upload {
  /** Sends the last byte of the body; without it the request never ends. */
  finish(): void;
  /** Rejects when the connection ends without an answer. */
  readonly answer: Promise<UploadAnswer>;
}

export interface UploadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request but for the last byte of its JSON body. Resolves when the server has taken it up and waits for that. */
export async function beginUpload(
  url: string,
  { method = 'POST', headers, body }: { method?: string; headers: Record<string, string>; body: unknown },
): Promise<Upload> {
  const payload = Buffer.from(JSON.stringify(body));
  const sending = request(url, {
    method,
    // A server that has read the head says that it wants the body.
    headers: {
      'content-type': 'application/json',
      ...headers,
      'content-length': payload.length,
      expect: '100-continue',
    },
  });
  const answer = once(sending, 'response').then(async ([response]) => ({
    status: response.statusCode as number,
    headers: response.headers as UploadAnswer['headers'],
    body: await text(response),
  }));
  // Whoever looks at it learns of a failure; some tests expect none.
  answer.catch(() => undefined);
  sending.flushHeaders();
  await once(sending, 'continue');
  await new Promise<void>((resolve) => void sending.write(payload.subarray(0, -1), () => resolve()));
  return { answer, finish: () => void sending.end(payload.subarray(-1)) };
}
