import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { waitUntil } from '@rollcall/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { openContext } from './support/open-context';
import { createPortalOrganization, openPortal, type PortalOrganization } from './support/open-portal';
import { createPortalDirectory } from './support/portal-directory';
import { button, configureButton } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

/** What the first open of the portal may cost on the wire. */
const FIRST_OPEN_BYTES = 200_000;

/** What its scripts alone may be, compressed in either way. */
const FIRST_SCRIPT_BYTES = 150_000;

const system = usePortalSystem();

/** The bytes of a path as they come, and their coding. */
function fetchCoded(path: string, acceptEncoding: string): Promise<{ coding: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    request(system.rollcall.baseUrl + path, { headers: { 'accept-encoding': acceptEncoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () =>
        resolve({ coding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
      );
    })
      .once('error', reject)
      .end();
  });
}

/** A page whose bytes on the wire, headers included, are counted from its beginning. */
async function openCounting(address: string) {
  const context = await openContext(system.browser);
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  const paths = new Map<string, string>();
  const finished: { path: string | undefined; bytes: number }[] = [];
  network.on('Network.responseReceived', ({ requestId, response }) => {
    paths.set(requestId, new URL(response.url).pathname);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    finished.push({ path: paths.get(requestId), bytes: encodedDataLength });
  });
  await network.send('Network.enable');
  await page.goto(address);
  return {
    page,
    context,
    /** Those until a path was answered; 0 when it was not. */
    bytesUntil: (path: string) => {
      const last = finished.findIndex((answer) => answer.path === path);
      return finished.slice(0, last + 1).reduce((sum, { bytes }) => sum + bytes, 0);
    },
  };
}

describe('the built files', () => {
  it('come compressed, and are the same in every coding', async () => {
    const { bytes: html } = await fetchCoded('/portal', 'identity');
    const assets = [...html.toString().matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, path]) => path!,
    );
    expect(assets.length).toBeGreaterThan(1);
    for (const path of ['/portal', ...assets]) {
      const [plain, gzip, br] = [
        await fetchCoded(path, 'identity'),
        await fetchCoded(path, 'gzip'),
        await fetchCoded(path, 'gzip, deflate, br, zstd'),
      ];
      expect([plain.coding, gzip.coding, br.coding]).toEqual([undefined, 'gzip', 'br']);
      expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
      expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
    }
  });

  it('leave room for the first open within its limit', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'First' });
    const visit = await openCounting(await organization.newLink());
    const { page, context } = visit;
    await configureButton(page, 'Okta').waitFor();
    // What it shows is there then; the later pages come after that.
    const bytes = visit.bytesUntil('/portal/api/directories');
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(FIRST_OPEN_BYTES);
    await context.close();
  });
});

describe.each(['en', 'de', 'fr', 'es', 'ja'])('the scripts of the first page in %s', (locale) => {
  it('stay within their limit, with gzip too', async () => {
    const context = await openContext(system.browser, locale);
    const page = await context.newPage();
    // Without a session nothing is loaded beforehand.
    await page.goto(new URL('/portal/open', system.rollcall.baseUrl).href);
    await page.getByRole('heading').waitFor();
    const scripts = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith('.js'))`,
    );
    expect(scripts.length).toBeGreaterThan(1);
    for (const coding of ['gzip', 'br']) {
      const files = await Promise.all([...new Set(scripts)].map((path) => fetchCoded(path, coding)));
      expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(FIRST_SCRIPT_BYTES);
    }
    await context.close();
  });
});

describe('the page of a directory, loaded by its address', () => {
  it('asks for all it shows at once, and has the other pages loaded after that', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    const { page, context } = await directory.open(system.browser);
    const asked: string[] = [];
    const hasAsked = (what: RegExp) => asked.some((path) => what.test(path));
    page.on('request', (asking) => asked.push(new URL(asking.url()).pathname));
    let answerSession = () => {};
    const held = new Promise<void>((resolve) => (answerSession = resolve));
    await page.route('**/portal/api/session', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await waitUntil(() => hasAsked(/^\/portal\/api\/directories\/dir_/) && hasAsked(/\/directory-layout-[^/]+\.js$/), {
      what: 'the directory and its page, without the session',
    });
    expect(hasAsked(/\/users-page-/)).toBe(false);
    answerSession();
    await button(page, 'Actions').waitFor();
    await waitUntil(() => hasAsked(/\/users-page-/), { what: 'another page' });
    await context.close();
  });
});

describe('a page that asks again and again', () => {
  let organization: PortalOrganization;

  beforeAll(async () => {
    organization = await createPortalOrganization(system.rollcall, { name: 'Polled' });
  });

  it('is told that nothing has changed without the answer, and sees what has', async () => {
    const visit = await openPortal(system.browser, await organization.newLink(), false);
    const { page, context } = visit;
    const statuses: Record<string, number[]> = {};
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      (statuses[pathname] ??= []).push(response.status());
    });
    await configureButton(page, 'Okta').click();
    await page.getByRole('heading', { level: 1, name: 'Okta' }).waitFor();
    const path = `/portal/api/directories/${page.url().split('/').at(-1)}`;
    await waitUntil(() => statuses[path]?.filter((status) => status === 304).length === 2, { what: 'two times 304' });
    expect(statuses[path]?.[0]).toBe(200);

    await organization.renameDirectory(page.url().split('/').at(-1)!, 'Headquarters');
    await page.getByRole('heading', { level: 1, name: 'Headquarters' }).waitFor();
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });
});

describe('a browser where nothing is', () => {
  it('is shown a page of the same look, without a script', async () => {
    const visit = await openPortal(system.browser, system.rollcall.baseUrl + '/dashboards');
    const { page, context } = visit;
    await page.getByRole('heading', { level: 1, name: 'This page does not exist' }).waitFor();
    expect(await page.title()).toBe('This page does not exist');
    await page.getByRole('link', { name: 'Go to the start page' }).waitFor();
    expect(await page.locator('script').count()).toBe(0);
    // The style sheet has come: it is what makes a card of the page.
    expect(await page.evaluate<string>(`getComputedStyle(document.querySelector('main')).borderTopStyle`)).toBe(
      'solid',
    );
    expect(await findViolations(page)).toEqual([]);
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });
});
