import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, launchChromium, WAIT_LIMIT_MS } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { startTestIngress } from '../testing/start-test-ingress';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

interface Operation {
  operationId?: string;
  summary?: string;
  security?: object[];
}

interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
}

async function readDocument(): Promise<Document> {
  const answer = await fetch(`${test.ingress.baseUrl}/api/openapi.json`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('application/json');
  return (await answer.json()) as Document;
}

describe('/api/openapi.json', () => {
  it('is OpenAPI 3.1 and names paths as they are called', async () => {
    const document = await readDocument();
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: test.ingress.baseUrl.replace('127.0.0.1', 'localhost') }]);
    const directory = '/api/v1/organizations/{organization_id}/directories/{directory_id}';
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/oauth/token',
        '/api/v1/organizations',
        '/api/v1/organizations:external/{external_id}',
        '/api/v1/organizations/{organization_id}/portal_links',
        `${directory}:enable`,
        `${directory}:disable`,
        `${directory}/secrets:regenerate`,
        `${directory}/snapshot`,
        '/api/v1/webhook_endpoints/{endpoint_id}/secret:rotate',
        '/api/v1/webhook_endpoints/{endpoint_id}/deliveries/{delivery_id}:retry',
        '/api/v1/events',
      ]),
    );
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/portal'))).toEqual([]);
  });

  it('gives every operation a name of its own, a summary and its credential', async () => {
    const { paths } = await readDocument();
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, summary, security } of operations) {
      expect([operationId, summary?.length]).not.toContain(undefined);
      const names = security?.map((credential) => Object.keys(credential).join());
      const expected = operationId === 'createAccessToken' ? ['client'] : ['access_token', 'api_key'];
      expect([operationId, names?.toSorted()]).toEqual([operationId, expected]);
    }
  });
});

describe.each([
  '/api/openapi.json',
  '/api/docs',
  '/api/docs/swagger-ui.css',
  '/api/docs/swagger-ui-bundle.js',
  '/api/docs/swagger-ui-bundle.js.LICENSE.txt',
])('%s, for which nobody needs a credential', (path) => {
  const ask = (headers: Record<string, string>) => fetchRaw(test.ingress.baseUrl + path, { headers });

  it('is compressed once for all, and 304 to one who has it', async () => {
    const [plain, br, gzip] = [
      await ask({}),
      await ask({ 'accept-encoding': 'gzip, br' }),
      await ask({ 'accept-encoding': 'gzip' }),
    ];
    expect([plain, br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br', 'gzip']);
    for (const answer of [br, gzip]) expect(decodeAnswer(answer).equals(plain.bytes)).toBe(true);
    const { etag = '', vary } = gzip.headers;
    expect([plain.headers.etag, br.headers.etag]).toEqual([etag, etag]);
    const known = await ask({ 'if-none-match': etag });
    expect([known.status, known.bytes.length, known.headers.vary]).toEqual([304, 0, vary]);
  });
});

describe('/api/docs', () => {
  it.each(['swagger-ui-init.js', 'docs/swagger-ui-init.js', 'index.html', 'swagger-ui-bundle.js.map', 'package.json'])(
    'has nothing that is made anew for everybody, or that its page does not need: %s',
    async (file) => {
      expect((await fetch(`${test.ingress.baseUrl}/api/docs/${file}`)).status).toBe(404);
    },
  );

  it('loads its files below the path of PUBLIC_URL', async () => {
    const database = await createTestDatabase({ migrate: migrateDatabase });
    const ingress = await startTestIngress(database, { env: { PUBLIC_URL: 'https://rollcall.example/sync' } });
    const read = async (path: string) => (await fetchRaw(ingress.baseUrl + path)).bytes.toString();
    const files = (await read('/api/docs')).match(/(?<=(src|href)=")\/[^"]+/g) ?? [];
    expect(files).toContain('/sync/api/docs/start.js');
    for (const file of files) expect([file, (await fetchRaw(ingress.baseUrl + file)).status]).toEqual([file, 200]);
    expect(await read('/sync/api/docs/start.js')).toContain('"/sync/api/openapi.json"');
    await ingress.stop();
    await database.drop();
  });

  it('is readable in a browser under its content security policy', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(WAIT_LIMIT_MS);
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      const answer = await page.goto(`${test.ingress.baseUrl}/api/docs`);
      expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
      await page.getByText('Create an organization').waitFor();
      await page.getByText('Read the event feed, oldest first').waitFor();
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
