import type { Directory } from '@rollcall/sdk';
import { expect, it } from 'vitest';
import { writeMessage } from './write-message';

const secret = (status: 'ACTIVE' | 'REVOKED', secret_suffix: string) =>
  ({ status, secret_suffix }) as Directory['secrets'][number];
const directory_endpoint = 'https://sync.example/scim/abc/v2';

it('has the endpoint, and says by its end which token belongs to it', () => {
  const secrets = [secret('REVOKED', 'dead'), secret('ACTIVE', 'wxyz'), secret('ACTIVE', 'abcd')];
  const message = writeMessage({ directory_endpoint, secrets }, 'Okta', 'Northwind');
  expect(message).toContain(`Endpoint URL: ${directory_endpoint}`);
  expect(message).toContain('it ends in wxyz');
  expect(message).toContain('connect Okta to Directory Sync for Northwind');
});

it('names no token where there is none', () => {
  expect(writeMessage({ directory_endpoint, secrets: [] }, 'Okta', 'Northwind')).not.toContain('ends in');
});
