import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { precompressAssets } from './precompress-assets';

it('leaves the compressed forms of an asset beside it, and none that would be larger', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-assets-'));
  await mkdir(join(dir, 'assets'));
  const script = Buffer.from('export const answer = 42; // ü\n'.repeat(200));
  const files = { 'index.html': script, 'assets/a.js': script, 'assets/a.png': randomBytes(500) };
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(dir, file), bytes);

  const { writeBundle } = precompressAssets();
  if (typeof writeBundle !== 'function') throw new Error('the plugin has no such hook');
  await Reflect.apply(writeBundle, undefined, [{ dir }, files]);

  expect((await readdir(join(dir, 'assets'))).toSorted()).toEqual(['a.js', 'a.js.br', 'a.js.gz', 'a.png']);
  expect(await readdir(dir)).toHaveLength(2);
  expect(brotliDecompressSync(await readFile(join(dir, 'assets/a.js.br')))).toEqual(script);
  expect(gunzipSync(await readFile(join(dir, 'assets/a.js.gz')))).toEqual(script);
  await rm(dir, { recursive: true });
});
