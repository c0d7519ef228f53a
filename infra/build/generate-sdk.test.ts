import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { renderApiTypes } from './generate-sdk';

it("keeps the SDK's types at what the controllers of the management API say (else: node infra/build/generate-sdk.js)", async () => {
  const stored = await readFile(new URL('../../libs/sdk/src/generated/api.ts', import.meta.url), 'utf8');
  expect(await renderApiTypes()).toBe(stored);
});
